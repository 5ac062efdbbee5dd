/**
 * Between bytes and text. Contract R8, W7.
 * @module
 */
import iconv from 'iconv-lite';
import { charsetParameter } from './content-type.js';

/** The bytes are not text in the charset that is named, the charset cannot hold the text, or it is unknown. */
export class CharsetError extends Error {
  override readonly name = 'CharsetError';
}

/** WHATWG reads ISO-8859-1 and ASCII as windows-1252 too; node's decoder leaves these 32 as control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** What iconv-lite takes for charsets, and is none. */
const NO_CHARSET = /^(base64|hex)$/i;

/**
 * The charset of an answer: that of Content-Type, else of a byte order mark, else of an XML prolog that can be believed,
 * else UTF-8. Contract R8.
 */
export function charsetOf(contentType: string | undefined, start: Buffer): string {
  const mark = markOf(start);
  const label = contentType === undefined ? undefined : charsetParameter(contentType);
  if (label !== undefined) return leavesEndOpen(label) ? (mark ?? 'utf-16le') : label;
  return mark ?? believable(prologCharset(start.toString('latin1', 0, 200))) ?? 'utf-8';
}

/** The charset that an XML declaration at the start of a text names. */
export function prologCharset(text: string): string | undefined {
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(text)?.[1];
}

/** Whether a label names a charset that {@link decodeText} or {@link encodeText} knows. */
export function isCharset(label: string): boolean {
  return decoderOf(label) !== undefined || inIconv(label);
}

/** How many bytes a charset takes for a character that UTF-8 has in one: 2 in UTF-16, by whatever label it is called. */
export function widthOf(label: string): number {
  const name = decoderOf(label)?.encoding ?? label;
  return inIconv(name) ? iconv.encode('xx', name).length - iconv.encode('x', name).length : 1;
}

/**
 * Decodes strictly; a byte order mark is dropped. Contract R8.
 * @param cut whether the bytes end somewhere in the middle, where half a character is no fault.
 * @throws {CharsetError}
 */
export function decodeText(bytes: Buffer, charset: string, cut: boolean): string {
  const decoder = decoderOf(charset);
  if (!decoder) return decodeByIconv(bytes, charset, cut);
  if (decoder.encoding === 'windows-1252') {
    return bytes
      .toString('latin1')
      .replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
  }
  try {
    return decoder.decode(bytes, { stream: cut });
  } catch {
    throw new CharsetError(`The answer is not text in its charset (${decoder.encoding}).`);
  }
}

/**
 * The bytes of a text in a charset; UTF-16 without an end named begins with a byte order mark. Contract W7.
 * @throws {CharsetError} when the charset is unknown or cannot hold the text.
 */
export function encodeText(text: string, charset: string): Buffer {
  if (/^utf-?8$/i.test(charset)) return Buffer.from(text, 'utf8');
  if (!inIconv(charset)) throw new CharsetError(`the charset "${charset.slice(0, 40)}" is not known`);
  const bytes = iconv.encode(text, charset);
  if (iconv.decode(bytes, charset) === text) return bytes;
  throw new CharsetError(`the charset ${charset} cannot hold every character of the text`);
}

/** The start of a text in at most so many UTF-8 bytes, cut between characters. Contract R8. */
export function startOf(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  // One unit of UTF-16 is at least one byte: what comes later can never fit.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1), 'utf8');
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** A prolog that was read as ASCII refutes a charset in which its bytes say something else, such as UTF-16. */
function believable(label: string | undefined): string | undefined {
  if (label === undefined || !isCharset(label)) return label;
  const decoder = decoderOf(label);
  const start = Buffer.from('<?xml ', 'latin1');
  const read = decoder ? new TextDecoder(decoder.encoding).decode(start) : iconv.decode(start, label);
  return read === '<?xml ' ? label : undefined;
}

/** Labels that the web does not know but systems use, such as IBM850. */
function decodeByIconv(bytes: Buffer, charset: string, cut: boolean): string {
  if (!inIconv(charset)) throw new CharsetError(`The answer's charset "${charset.slice(0, 40)}" is not known.`);
  const text = iconv.decode(bytes, charset).replace(cut ? /\uFFFD$/ : /$^/, '');
  if (text.includes('\uFFFD')) throw new CharsetError(`The answer is not text in its charset (${charset}).`);
  return text;
}

/** Whether a label names UTF-16 but not which end comes first: `ucs-2` and `unicode` are labels of it too. */
function leavesEndOpen(label: string): boolean {
  return /^utf-?16$/i.test(label) || (decoderOf(label)?.encoding === 'utf-16le' && !/^utf-16le$/i.test(label));
}

function inIconv(label: string): boolean {
  return !NO_CHARSET.test(label) && iconv.encodingExists(label);
}

function decoderOf(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}

function markOf(start: Buffer): string | undefined {
  const hex = start.toString('hex', 0, 3);
  if (hex === 'efbbbf') return 'utf-8';
  if (hex.startsWith('fffe')) return 'utf-16le';
  return hex.startsWith('feff') ? 'utf-16be' : undefined;
}
