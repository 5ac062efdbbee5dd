/**
 * Places in texts, as people count them, and texts of bytes. Contract D1.
 * @module
 */

/** `line 7, column 71` of an offset, both counted from 1. */
export function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Bytes that are no UTF-8. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
  constructor(
    /** `line 7, column 71` of the first byte that does not fit. */
    readonly place: string,
  ) {
    super(`The text is not UTF-8: ${place}`);
  }
}

/** The text of bytes in UTF-8, without a byte order mark. @throws {NotUtf8} */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotUtf8(faultIn(bytes));
  }
}

/** The first byte that is lost when the bytes become text. */
function faultIn(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const again = new TextEncoder().encode(decoder.decode(bytes));
  const at = bytes.findIndex((byte, index) => byte !== again[index]);
  const before = decoder.decode(at < 0 ? bytes : bytes.subarray(0, at)).replace(/^\uFEFF/, '');
  return placeIn(before, before.length);
}
