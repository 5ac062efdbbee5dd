/**
 * Prompts that no value can make right: SSML that is not well formed, values that do not fit their form. Contract C4, D2d, T7.
 * @module
 */
import type { Problem } from '../../errors.js';
import { OperationFault } from '../../operation/fault.js';
import { fillSsml } from '../../template/ssml.js';
import { spokenPrompt, type SpokenForm } from '../../time/spoken-forms.js';
import { fill, orEmpty, TemplateError } from '../../values/fill.js';
import { isLanguageTag } from '../../values/language-tag.js';
import { variablesIn } from '../../values/reference.js';
import type { Widget } from '../../widgets/index.js';
import type { OnePrompt, PromptField } from '../../widgets/prompt.js';
import { parseXml } from '../../xml/document.js';
import { XmlSyntaxError } from '../../xml/markup.js';
import { pointer } from '../pointer.js';

type Path = readonly PropertyKey[];

/** What is wrong with the prompts of a widget. */
export function promptErrors(widget: Widget, path: Path): Problem[] {
  return [
    ...('prompt' in widget ? fieldErrors(widget.prompt, [...path, 'prompt']) : []),
    ...('announce' in widget ? fieldErrors(widget.announce, [...path, 'announce']) : []),
    ...('timeline' in widget ? timelinePromptErrors(widget.timeline, [...path, 'timeline']) : []),
    ...('wait' in widget ? timelinePromptErrors(widget.wait.timeline, [...path, 'wait', 'timeline']) : []),
  ];
}

/** What is wrong with the prompts of a timeline. Contract H6. */
export function timelinePromptErrors(entries: readonly { prompt: PromptField }[] | undefined, path: Path): Problem[] {
  return (entries ?? []).flatMap(({ prompt }, index) => fieldErrors(prompt, [...path, index, 'prompt']));
}

/** A language that stands in the document and is none. */
export function languageErrors(language: unknown, path: Path): Problem[] {
  if (typeof language !== 'string' || variablesIn(language).length > 0 || isLanguageTag(language.trim())) return [];
  const message = `"${language}" is no language tag of BCP 47, such as hi or en-IN.`;
  return [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'language'), message }];
}

function fieldErrors(field: PromptField | undefined, path: Path): Problem[] {
  if (field === undefined) return [];
  const list = Array.isArray(field) ? field : [field];
  return list.flatMap((one, index) => {
    const place = Array.isArray(field) ? [...path, index] : path;
    return [...languageErrors(one.language, place), ...valueErrors(one, place)];
  });
}

function valueErrors(one: OnePrompt, path: Path): Problem[] {
  try {
    if ('ssml' in one) parseXml(fillSsml(one.ssml, () => '1'));
    const form = literalForm(one);
    if (form) spokenPrompt(form, undefined, 'UTC');
    return [];
  } catch (error) {
    if (error instanceof OperationFault)
      return [{ code: 'INVALID_VALUE', pointer: pointer(...path, error.field), message: error.message }];
    if (!(error instanceof XmlSyntaxError || error instanceof TemplateError)) throw error;
    const message = `The SSML cannot be spoken: ${error.message}`;
    return [{ code: 'INVALID_VALUE', pointer: pointer(...path, 'ssml'), message }];
  }
}

/** A spoken form whose value is known before the call. */
function literalForm(one: OnePrompt): SpokenForm | undefined {
  if ('text' in one || 'file' in one || 'ssml' in one || 'texts' in one) return undefined;
  const form = Object.entries<string>(one).filter(([field]) => field !== 'language' && field !== 'voice');
  if (form.some(([, text]) => variablesIn(text).length > 0)) return undefined;
  const filled = form.map(([field, text]) => [field, fill(text, () => undefined, orEmpty)] as const);
  return Object.fromEntries(filled) as SpokenForm;
}
