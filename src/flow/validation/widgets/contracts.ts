/**
 * Contracts of answers: JSON Schemas that can be evaluated, with what they need in the document. Contract R10.
 * @module
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { Problem } from '../../errors.js';
import { checkXPath } from '../../mapping/paths.js';
import type { WidgetOf } from '../../widgets/index.js';
import { isObject, pointer } from '../pointer.js';

type Response = WidgetOf<'webhook'>['response'];
type Path = readonly PropertyKey[];

/** Bytes of a contract. */
const MAX_BYTES = 64 * 1024;

// It checks schemas by the meta-schema, and compiles none of them: no code comes of a document here.
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });

/** Faults of a contract. */
export function contractErrors(response: Response, path: Path): Problem[] {
  if (response.type === 'none' || response.contract === undefined) return [];
  const place = [...path, 'contract'];
  const fault = (at: Path, message: string): Problem => ({ code: 'INVALID_VALUE', pointer: pointer(...at), message });
  if (Buffer.byteLength(JSON.stringify(response.contract)) > MAX_BYTES)
    return [fault(place, 'A contract has at most 64 KiB.')];
  if (response.type === 'xml') {
    return response.contract.flatMap((one, index): Problem[] => {
      const message = checkXPath(one.path, response.namespaces);
      return message === undefined
        ? []
        : [{ code: 'INVALID_PATH', pointer: pointer(...place, index, 'path'), message }];
    });
  }
  const { contract } = response;
  if (ajv.validateSchema(contract) === true) return wordErrors(contract, contract, place, fault);
  const [first] = ajv.errors ?? [];
  const below = (first?.instancePath ?? '').split('/').slice(1).map(unescaped);
  return [fault([...place, ...below], `The contract is no JSON Schema of draft 2020-12: it ${first?.message ?? 'is not valid'} here.`)]; // prettier-ignore
}

/** References that lead out of the contract or nowhere, and patterns that RE2 does not know. */
function wordErrors(
  value: unknown,
  root: unknown,
  place: Path,
  fault: (at: Path, message: string) => Problem,
): Problem[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([word, item]): Problem[] => {
    const at = [...place, Array.isArray(value) ? Number(word) : word];
    // What stands there is data, and no schema.
    if (word === 'const' || word === 'enum' || word === 'default' || word === 'examples') return [];
    if (/^\$(?:dynamic)?[rR]ef$/.test(word) && typeof item === 'string') {
      return leads(item, root) ? [] : [fault(at, `"${item}" leads to nothing in this contract, and none is fetched.`)];
    }
    if (word === 'pattern' && typeof item === 'string') return isRe2(item) ? [] : [fault(at, NO_RE2)];
    const patterns = word === 'patternProperties' && isObject(item) ? Object.keys(item).filter((one) => !isRe2(one)) : []; // prettier-ignore
    return [...patterns.map((one) => fault([...at, one], NO_RE2)), ...wordErrors(item, root, at, fault)];
  });
}

const NO_RE2 = 'The pattern is no regular expression of RE2, which has no look-around and no back-references.';

function isRe2(pattern: string): boolean {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Whether a reference leads to a place of the contract: by a JSON pointer, or by an anchor. */
function leads(reference: string, root: unknown): boolean {
  if (!reference.startsWith('#')) return false;
  const to = reference.slice(1);
  if (to === '') return true;
  if (!to.startsWith('/')) return hasAnchor(root, to);
  let value: unknown = root;
  for (const step of to.slice(1).split('/').map(unescaped)) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return false;
    value = value[step];
  }
  return true;
}

function hasAnchor(value: unknown, name: string): boolean {
  if (!isObject(value)) return false;
  return value.$anchor === name || value.$dynamicAnchor === name || Object.values(value).some((one) => hasAnchor(one, name)); // prettier-ignore
}

function unescaped(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // A percent sign that stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
