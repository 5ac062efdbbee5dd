/**
 * Headers that prove who sends a request. Contract W3.
 * @module
 */
import { invalidRequest } from '../reasons.js';

/** What makes the header of each attempt anew. */
export interface Credentials {
  /** The header's name, by which a display masks it. */
  header: string;
  /** The header's value for one attempt. */
  value(body: Buffer): string;
}

/** Basic auth; the texts in UTF-8. */
export function basic(username: string, password: string): Credentials {
  const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return { header: 'Authorization', value: () => `Basic ${encoded}` };
}

/** A bearer token. @throws {WebhookFailure} INVALID_REQUEST for one that no header can carry */
export function bearer(token: string): Credentials {
  checkHeaderValue(token, 'bearer token');
  return { header: 'Authorization', value: () => `Bearer ${token}` };
}

/** @param what as messages name it @throws {WebhookFailure} INVALID_REQUEST for a value that no header can carry */
export function checkHeaderValue(value: string, what: string): void {
  if (!/^[\t\x20-\x7e\x80-\uffff]*$/.test(value))
    throw invalidRequest(`The ${what} holds a character that no header may hold.`);
}
