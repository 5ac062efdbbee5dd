/**
 * Signatures of the HTTP binding, the same in both directions: Standard Webhooks. Contract B6.
 * @module
 */
import { Webhook } from 'standardwebhooks';

/** Bytes that a secret has at least, as Standard Webhooks asks. */
const MIN_BYTES = 24;

/** The headers of a signed message. */
export type SignatureHeaders = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** Signs messages and verifies them. */
export class Signature {
  private constructor(private readonly keys: readonly Webhook[]) {}

  /**
   * Reads secrets, `whsec_` and base64, separated by blanks. A message is signed with each, and counts when it is signed
   * with one of them: so a secret can be replaced without a gap.
   * @throws {RangeError} when one is not of this form; its message holds none.
   */
  static parse(secrets: string): Signature {
    const given = secrets.trim().split(/\s+/);
    if (!given.every(isSecret)) {
      throw new RangeError(`A bridge secret is "whsec_" and the base64 of ${MIN_BYTES} bytes or more.`);
    }
    return new Signature(given.map((secret) => new Webhook(secret)));
  }

  /** The headers of a message; `id` is the same whenever it is repeated. */
  headers(id: string, body: string): SignatureHeaders {
    const now = new Date();
    const safe = headerSafe(id);
    return {
      'webhook-id': safe,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': this.keys.map((key) => key.sign(safe, now, body)).join(' '),
    };
  }

  /** Why a message does not count, null when it does: no signature, a wrong one, or a time stamp 5 minutes off. */
  fault(headers: Readonly<Record<string, string | string[] | undefined>>, body: string): string | null {
    const given = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name] ?? '')]),
    );
    let fault = 'No signature.';
    for (const key of this.keys) {
      try {
        key.verify(body, given, { jsonParse: false });
        return null;
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error);
      }
    }
    return fault;
  }
}

/** Workflow ids that others chose may hold anything; a header may not. */
export function headerSafe(text: string): string {
  const inHex = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`;
  return text.replace(/[^\x21-\x7e]+/g, (part) => [...Buffer.from(part, 'utf8')].map(inHex).join(''));
}

function isSecret(text: string): boolean {
  const [, key = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  return key.length % 4 === 0 && Buffer.from(key, 'base64').length >= MIN_BYTES;
}
