/**
 * Liquid texts as templates of ours: outputs become variables, filters operations before the widget, tags are reported.
 * @module
 */

/** Where outputs and filters of a text lead. */
export interface LiquidTarget {
  /** The variable of a path such as `widgets.ask.Digits`, by its full name; undefined when there is nothing here that holds it. */
  variable(path: string): string | undefined;
  /** Puts an operation before the widget, and gives the variable of its result. */
  operation(operation: object): string;
  missing(message: string): void;
}

const OUTPUT = /\{\{-?\s*([^}]*?)\s*-?\}\}/g;
const TAG = /\{%-?\s*([^%]*?)\s*-?%\}/g;

/** A text as a template. Liquid writes nothing for what is not there, so each variable has an empty default. */
export function templateOf(text: string, target: LiquidTarget): string {
  for (const [, tag = ''] of text.matchAll(TAG))
    target.missing(`the Liquid tag {% ${tag} %}: use a decision before it`);
  const parts: string[] = [];
  let end = 0;
  const plain = text.replace(TAG, '');
  for (const match of plain.matchAll(OUTPUT)) {
    parts.push(literal(plain.slice(end, match.index)), outputOf(match[1] ?? '', target));
    end = match.index + match[0].length;
  }
  return parts.join('') + literal(plain.slice(end));
}

function outputOf(expression: string, target: LiquidTarget): string {
  const [path = '', ...filters] = splitOutsideQuotes(expression, '|');
  const constant = /^(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?))$/.exec(path);
  const name = constant ? undefined : target.variable(path.replace(/\[(?:'([^']*)'|"([^"]*)")\]/g, '.$1$2'));
  if (!constant && name === undefined) {
    target.missing(`the value {{ ${path} }}`);
    return '';
  }
  const start =
    name === undefined ? literal(constant?.[1] ?? constant?.[2] ?? constant?.[3] ?? '') : reference(name, '');
  return filters.reduce((value, filter) => filtered(value, filter, target), start);
}

function filtered(value: string, filter: string, target: LiquidTarget): string {
  const [name = '', given = ''] = splitOutsideQuotes(filter, ':');
  const args = given === '' ? [] : splitOutsideQuotes(given, ',').map((one) => one.replace(/^(['"])(.*)\1$/, '$2'));
  const [first = '', second = ''] = args.map(literal);
  if (name === 'default' && /^\$\{[^:}]*:-\}$/.test(value) && !/["\\}$]/.test(args[0] ?? ''))
    return value.replace(/:-\}$/, `:-${args[0] ?? ''}}`);
  if (name === 'append') return value + first;
  if (name === 'prepend') return first + value;
  const operation = operationOf(name, value, first, second);
  if (operation) return reference(target.operation(operation), '');
  target.missing(`the Liquid filter "${name}"`);
  return value;
}

function operationOf(filter: string, value: string, first: string, second: string): object | undefined {
  switch (filter) {
    case 'upcase':
      return { do: 'uppercase', text: value };
    case 'downcase':
      return { do: 'lowercase', text: value };
    case 'strip':
      return { do: 'trim', text: value };
    case 'size':
      return { do: 'length', text: value };
    case 'remove':
      return { do: 'replace', text: value, find: first, with: '' };
    case 'replace':
      return { do: 'replace', text: value, find: first, with: second };
    case 'plus':
      return { do: 'add', left: value, right: first };
    case 'minus':
      return { do: 'subtract', left: value, right: first };
    case 'times':
      return { do: 'multiply', left: value, right: first };
    case 'divided_by':
      return { do: 'divide', left: value, right: first };
    case 'modulo':
      return { do: 'remainder', left: value, right: first };
    case 'round':
      return { do: 'round', number: value, digits: Number(first) || 0 };
    default:
      return undefined;
  }
}

/** `$flow.key.a` as `${flow.key.a:-}`. */
function reference(name: string, fallback: string): string {
  return `\${${name.slice(1)}:-${fallback}}`;
}

function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts = text.match(new RegExp(`(?:'[^']*'|"[^"]*"|[^'"${separator}])+`, 'g')) ?? [];
  return parts.map((part) => part.trim());
}
