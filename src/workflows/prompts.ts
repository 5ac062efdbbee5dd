/**
 * The prompts of one execution of a widget, with their variables replaced. Contract D2d, T7, V4, V7.
 * @module
 */
import { patched, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { DeclaredFailure } from '../flow/declared-failure.js';
import { fillSsml, textOfSsml } from '../flow/template/ssml.js';
import type { SpokenForm } from '../flow/time/spoken-forms.js';
import { fill, type Lookup, orAbsent, orEmpty } from '../flow/values/fill.js';
import { isLanguageTag, textFor } from '../flow/values/language-tag.js';
import { MASK } from '../flow/values/mask.js';
import { tokenize } from '../flow/values/reference.js';
import { type IsSensitive, holdsSensitive, maskedLookup } from '../flow/values/sensitive.js';
import type { Widget } from '../flow/widgets/index.js';
import type { OnePrompt, PromptField, SpokenFormField } from '../flow/widgets/prompt.js';
import type { Prompt } from '../telephony/commands.js';
import { BridgeFailure } from './bridge/command-failures.js';

const { speakForms } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3 },
});

/** What a variable must not bring into the name of a file; one that is all of the name may be a path, but leads nowhere up. */
const SEPARATOR = /[/\\\0]|^\.\.?$/;
const UPWARDS = /\0|(^|[/\\])\.\.([/\\]|$)/;
/** A path from the root of the bridge's machine. */
const FROM_ROOT = /^(?:[/\\]|[a-z]:|file:)/i;

/** Where the texts find their variables, and which of these are sensitive. */
interface Values {
  lookup: Lookup;
  isSensitive: IsSensitive;
}

/** What speaks where a prompt does not say it: templates, the first that gives something counts. */
interface Defaults {
  flow: { language?: string | undefined; voice?: string | undefined };
  account: { language?: string | undefined; voice?: string | undefined; timeZone: string };
}

/** The prompts of a widget. */
export class Prompts {
  /** Prompts that hold a sensitive value, each as it is shown. */
  readonly #shown = new Map<Prompt, Prompt>();
  readonly #spoken = new Map<OnePrompt, Prompt>();

  constructor(
    private readonly values: Values,
    private readonly defaults: Defaults,
  ) {}

  /** Finds the words of a widget's spoken forms, where it has any. @throws {DeclaredFailure} for a value that does not fit */
  async prepare(forms: readonly SpokenFormField[]): Promise<void> {
    const asked = forms.map((one) => ({ form: this.#form(one), language: this.#language(one) }));
    const outcome = await speakForms({ forms: asked, timeZone: this.defaults.account.timeZone });
    if ('fault' in outcome) throw new DeclaredFailure(`prompt: ${outcome.fault}`);
    for (const [index, prompt] of outcome.prompts.entries()) {
      const form = forms[index];
      if (form) this.#spoken.set(form, prompt);
    }
  }

  /**
   * A prompt field as a command says it.
   * @throws {BridgeFailure} when a variable would lead to another folder than the one that the author wrote
   */
  filled(field: PromptField | undefined): Prompt[] {
    return listOf(field).map((one) => {
      const prompt = this.#made(one, this.values.lookup);
      if (holdsSensitive(one, this.values.isSensitive)) this.#shown.set(prompt, this.#asShown(one));
      return prompt;
    });
  }

  /** The same prompts as the timeline shows them. Contract V7. */
  shown(prompts: readonly Prompt[]): Prompt[] {
    return prompts.map((prompt) => this.#shown.get(prompt) ?? prompt);
  }

  #asShown(one: OnePrompt): Prompt {
    const lookup = maskedLookup(this.values.lookup, this.values.isSensitive);
    if ('file' in one) return { file: fill(one.file, lookup, orEmpty) };
    return isForm(one) ? { text: MASK } : this.#made(one, lookup);
  }

  #made(one: OnePrompt, lookup: Lookup): Prompt {
    const style = this.#style(one);
    if ('text' in one) return { text: fill(one.text, lookup, orEmpty), ...style };
    if ('file' in one) return { file: this.#file(one.file), ...style };
    if ('ssml' in one) {
      const ssml = fillSsml(one.ssml, lookup);
      return { text: textOfSsml(ssml), ssml, ...style };
    }
    if ('texts' in one) {
      const { text, language } = textFor(one.texts, style.language);
      return { text: fill(text, lookup, orEmpty), ...style, ...(language !== undefined && { language }) };
    }
    const spoken = this.#spoken.get(one);
    if (!spoken) throw new DeclaredFailure('the words of a spoken form are not known yet');
    return { ...spoken, ...style };
  }

  #style(one: OnePrompt): { language?: string; voice?: string } {
    const language = this.#language(one);
    const { flow, account } = this.defaults;
    const voice = [one.voice, flow.voice, account.voice].map((text) => this.#said(text)).find((text) => text !== '');
    return { ...(language !== undefined && { language }), ...(voice !== undefined && { voice }) };
  }

  /** What is no language tag counts as absent. Contract D2d. */
  #language(one: OnePrompt): string | undefined {
    const { flow, account } = this.defaults;
    return [one.language, flow.language, account.language].map((text) => this.#said(text)).find(isLanguageTag);
  }

  #said(template: string | undefined): string {
    return template === undefined ? '' : (fill(template, this.values.lookup, orAbsent)?.trim() ?? '');
  }

  #form(one: SpokenFormField): SpokenForm {
    const filled = (template: string) => fill(template, this.values.lookup, orEmpty);
    if ('digits' in one) return { digits: filled(one.digits) };
    if ('number' in one) return { number: filled(one.number) };
    if ('amount' in one) return { amount: filled(one.amount), currency: filled(one.currency) };
    return 'date' in one ? { date: filled(one.date) } : { time: filled(one.time) };
  }

  #file(template: string): string {
    const tokens = tokenize(template);
    const values = tokens.flatMap((token) => (token.kind === 'text' ? [] : [this.values.lookup(token.name) ?? '']));
    const whole = tokens.length === 1;
    const leads = whole ? UPWARDS : SEPARATOR;
    const refused =
      (values.some((value) => leads.test(value)) && patched('no-path-in-a-prompt-by-variable')) ||
      (whole && values.some((value) => FROM_ROOT.test(value)) && patched('no-root-in-a-prompt-by-variable'));
    if (refused) throw new BridgeFailure('MEDIA_FAILED', 'A variable in the name of a prompt holds a path.');
    return fill(template, this.values.lookup, orEmpty);
  }
}

/** The spoken forms in a widget's prompts. */
export function formsOf(widget: Widget): SpokenFormField[] {
  const fields = ['prompt' in widget ? widget.prompt : undefined, 'announce' in widget ? widget.announce : undefined];
  return fields.flatMap(formsIn);
}

/** The spoken forms in a prompt field. */
export function formsIn(field: PromptField | undefined): SpokenFormField[] {
  return listOf(field).filter(isForm);
}

function listOf(field: PromptField | undefined): OnePrompt[] {
  return field === undefined ? [] : Array.isArray(field) ? field : [field];
}

function isForm(one: OnePrompt): one is SpokenFormField {
  return !('text' in one || 'file' in one || 'ssml' in one || 'texts' in one);
}
