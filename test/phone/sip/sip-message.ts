/**
 * SIP messages as text.
 * @module
 */

/** Headers by lower-case name. */
export type Headers = Record<string, readonly string[] | undefined>;

/** A message that came. */
export interface SipMessage {
  /** The first line. */
  first: string;
  headers: Headers;
  body: string;
}

/** Reads a message. */
export function parseSip(packet: Buffer): SipMessage {
  const text = packet.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string[]> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    (headers[line.slice(0, colon).trim().toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
  }
  return { first, headers, body: text.slice(end + 4) };
}

/** Writes a message. */
export function formSip(first: string, headers: Headers, body = ''): string {
  const lines = Object.entries(headers).flatMap(([name, values]) => (values ?? []).map((value) => `${name}: ${value}`));
  return [first, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

/** The first value of a header. */
export function header({ headers }: SipMessage, name: string): string {
  return headers[name]?.[0] ?? '';
}
