/**
 * Where an answer ends, as HTTP decides it from the answer's head. Contract W13.
 * @module
 */

/** The head of an answer breaks or contradicts HTTP, or changes the protocol; its status was read. */
export class UnreadableHead extends Error {
  override readonly name = 'UnreadableHead';
  /** @param detail why, in words for the author of the flow */
  constructor(
    readonly statusCode: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** A head that any parser of HTTP/1.1 reads in the same way. */
export interface FramedHead {
  text: string;
  /** Whether the answer has no body although its headers announce one: bytes that follow belong to no answer. */
  endsHere: boolean;
}

/** Statuses whose answers have no body, whatever their headers say. Contract W13. */
export const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** A header line: a token, a colon and a value without control characters, blanks before the colon left out. */
const FIELD = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*(:([^\0-\x08\x0a-\x1f\x7f]*))$/;

interface Field {
  /** In lower case. */
  name: string;
  value: string;
  line: string;
}

interface Framing {
  /** The one `Content-Length`; undefined for none. */
  size?: string | undefined;
  /** Whether `Transfer-Encoding` decides. */
  coded?: boolean;
  /** Whether no further answer may come on this connection. */
  close?: boolean;
  endsHere?: boolean;
}

/**
 * Decides the framing of a head (RFC 9112, 6.3) and writes it as at most one `Content-Length` or `Transfer-Encoding`.
 * Folded lines, line ends without CR and blanks before a colon, which HTTP lets a recipient accept, become the usual form.
 * @param head of an answer that is not informational, with its blank line; one character for each byte
 * @param toHead whether the request was a HEAD
 * @throws {UnreadableHead} for lengths that are no numbers or contradict each other, for a line that is no header, and for
 * a 101
 *
 * @example framedHead('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n', 200, false)
 */
export function framedHead(head: string, status: number, toHead: boolean): FramedHead {
  if (status === 101) throw new UnreadableHead(101, 'The target answered 101: it wants another protocol than HTTP.');
  const [statusLine = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const fields = lines.filter((line) => line !== '').map((line) => fieldOf(line, status));
  const { size, coded = false, close = false, endsHere = false } = framingOf(fields, status, toHead);
  const kept = fields.filter(({ name }) => {
    if (name === 'transfer-encoding') return coded;
    return name !== 'content-length' && !(close && name === 'connection');
  });
  const own = [...(close ? ['Connection: close'] : []), ...(size === undefined ? [] : [`Content-Length: ${size}`])];
  return { text: [statusLine, ...kept.map(({ line }) => line), ...own, '', ''].join('\r\n'), endsHere };
}

function framingOf(fields: Field[], status: number, toHead: boolean): Framing {
  const lengths = fields.filter(({ name }) => name === 'content-length').flatMap(({ value }) => value.split(','));
  // Equal lengths count once, as one list or as several headers (RFC 9110, 8.6).
  const [size, ...others] = new Set(lengths.map((length) => length.trim().replace(/^0+(?=\d)/, '')));
  const valid = others.length === 0 && size !== undefined && isLength(size);
  const coded = fields.some(({ name, value }) => name === 'transfer-encoding' && !/^\s*identity\s*$/i.test(value));
  if (toHead) return { size: valid ? size : undefined };
  if (BODILESS.has(status)) {
    const agrees = !coded && (valid ? size === '0' : size === undefined && status !== 205);
    return { size: '0', close: !agrees, endsHere: !agrees };
  }
  // The coding overrides the length; a target that sends both may mean anything by the bytes that follow.
  if (coded) return { coded, close: size !== undefined };
  if (size === undefined || valid) return { size };
  const why = others.length > 0 ? 'headers contradict each other' : 'header is no length';
  throw new UnreadableHead(status, `The end of the answer is not known: its Content-Length ${why}.`);
}

function isLength(text: string): boolean {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text));
}

function fieldOf(line: string, status: number): Field {
  const [, name = '', rest = '', value = ''] = FIELD.exec(line) ?? [];
  if (name === '') throw new UnreadableHead(status, 'The answer is not HTTP: a line of its head is no header.');
  return { name: name.toLowerCase(), value, line: name + rest };
}
