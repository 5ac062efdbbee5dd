/**
 * From an answer's bytes to its text. Contract R8.
 * @module
 */

/** The bytes are not text in the charset that the answer names, or the charset is unknown. */
export class CharsetError extends Error {
  override readonly name = 'CharsetError';
}

/** WHATWG reads ISO-8859-1 and ASCII as windows-1252 too; node's decoder leaves these 32 as control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * The charset of an answer: that of Content-Type, else of a byte order mark, else of an XML prolog, else UTF-8.
 * Contract R8.
 */
export function charsetOf(contentType: string | undefined, start: Buffer): string {
  const mark = markOf(start);
  const named = /;\s*charset\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(contentType ?? '');
  const label = named?.[1] ?? named?.[2];
  if (label !== undefined) return /^utf-?16$/i.test(label) ? (mark ?? 'utf-16le') : label;
  const prolog = /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start.toString('latin1', 0, 200));
  return mark ?? prolog?.[1] ?? 'utf-8';
}

/**
 * Decodes strictly; a byte order mark is dropped. Contract R8.
 * @param cut whether the bytes end somewhere in the middle, where half a character is no fault.
 */
export function decodeText(bytes: Buffer, charset: string, cut: boolean): string {
  const decoder = decoderOf(charset);
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

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new CharsetError(`The answer's charset "${charset.slice(0, 40)}" is not known.`);
  }
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

function markOf(start: Buffer): string | undefined {
  const hex = start.toString('hex', 0, 3);
  if (hex === 'efbbbf') return 'utf-8';
  if (hex.startsWith('fffe')) return 'utf-16le';
  return hex.startsWith('feff') ? 'utf-16be' : undefined;
}
