/**
 * Puts the values of variables into URLs. Contract T1, W4-W6.
 * @module
 */
import { tokenize } from '../values/reference.js';
import { fillRows, type Row } from './rows.js';
import { orFail, TemplateError, valueOf, type Lookup } from '../values/fill.js';

/** The part of a URL that the template's literal text has led to. */
type Part = 'scheme' | 'authority' | 'path' | 'rest';

/**
 * Fills a URL. Contract T1, W5.
 *
 * In path, query and fragment a value is one encoded component, and none makes a segment `.` or `..`.
 * A value that begins the URL, or stands in scheme or authority, is inserted raw: W2 and W11 judge the result.
 * Which part it is, only the template's own text decides, so no value can move another one to a different part.
 *
 * @example fillUrl('https://api.example.com/orders/$flow.key.order', lookup)
 */
export function fillUrl(template: string, lookup: Lookup): string {
  let part: Part = 'scheme';
  let url = '';
  let segment = new Segment();
  for (const token of tokenize(template)) {
    if (token.kind === 'variable') {
      const value = valueOf(token, lookup) ?? orFail(token.name);
      const inserted = part === 'scheme' || part === 'authority' ? value : encodeComponent(value);
      if (part === 'path') segment.insert(inserted, token.name);
      url += inserted;
      continue;
    }
    for (const char of piecesOf(token.text)) {
      const next = partAfter(part, char);
      if (next === 'path' && isSlash(char)) {
        segment.check();
        segment = new Segment();
      } else if (next === 'path') segment.text += char;
      part = next;
    }
    url += withoutLonePercent(token.text);
  }
  segment.check();
  return url;
}

/**
 * A URL with every character of its path, query and fragment encoded that RFC 3986 does not allow there, a lone `%` too;
 * what is encoded already stays. Blanks around the URL are left out.
 *
 * @example encodedUrl('https://api.example.com/a|b?f={}') // 'https://api.example.com/a%7Cb?f=%7B%7D'
 */
export function encodedUrl(url: string): string {
  const [, origin = '', rest = ''] = /^([a-z]+:\/\/[^/?#]*)([^]*)$/i.exec(url.trim()) ?? [];
  if (origin === '') return url;
  return origin + withoutLonePercent(rest).replace(/[\0-\x20"<>[\\\]^`{|}\x7f]/g, percentEncoded);
}

/** A variable's value after a lone `%` would become part of its code; what the author wrote is a percent sign. */
function withoutLonePercent(text: string): string {
  return text.replace(/%(?![\dA-Fa-f]{2})/g, '%25');
}

/**
 * Appends rows to a URL's own query, before its fragment: in order, doubles kept, keys and values encoded. Contract W4, W6.
 *
 * @example appendQuery('https://api.example.com/orders?a=1', [{ key: 'verbose', value: '1', mandatory: false }], lookup)
 */
export function appendQuery(url: string, rows: Row[], lookup: Lookup): string {
  const added = fillRows(rows, lookup, 'query parameter')
    .map(([key, value]) => `${encodeComponent(key)}=${encodeComponent(value)}`)
    .join('&');
  if (added === '') return url;
  const fragmentAt = url.indexOf('#');
  const [base, fragment] = fragmentAt < 0 ? [url, ''] : [url.slice(0, fragmentAt), url.slice(fragmentAt)];
  const joint = !base.includes('?') ? '?' : /[?&]$/.test(base) ? '' : '&';
  return base + joint + added + fragment;
}

/** One path segment, and the last variable in it. */
class Segment {
  text = '';
  private variable: string | undefined;

  insert(value: string, variable: string): void {
    this.text += value;
    this.variable = variable;
  }

  /** URL parsers drop tabs and line ends, and read `%2e` as a dot; so does this check. */
  check(): void {
    const seen = this.text.replace(/[\t\n\r]/g, '').replace(/%2e/gi, '.');
    if (this.variable === undefined || (seen !== '.' && seen !== '..')) return;
    throw new TemplateError('INVALID_REQUEST', `With ${this.variable} a segment of the URL's path is "." or "..".`);
  }
}

/** Characters, with `://` in one piece. */
function piecesOf(text: string): string[] {
  return text.match(/:\/\/|[^]/gu) ?? [];
}

function isSlash(char: string): boolean {
  return char === '/' || char === '\\';
}

function partAfter(part: Part, char: string): Part {
  if (part === 'rest' || char === '?' || char === '#') return 'rest';
  if (part === 'scheme' && char === '://') return 'authority';
  return part === 'path' || isSlash(char) || char === '://' ? 'path' : part;
}

/** Percent-encodes all but RFC 3986's unreserved characters; half a surrogate pair becomes U+FFFD, as in UTF-8. */
function encodeComponent(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(/[!'()*]/g, percentEncoded);
}

function percentEncoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
