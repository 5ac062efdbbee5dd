/**
 * What counts as one email address: stricter than the standard, so that no text can smuggle in a second recipient.
 * @module
 */

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;
const NAMED = /^([^<>\p{Cc}\p{Zl}\p{Zp}]*)<([^<>]*)>$/u;

/** A sender: an address, with a name for people or without. */
export interface Sender {
  name: string;
  address: string;
}

/** Whether a text is one plain address (`name@example.com`): no list, no display name, no quotes, no line ends. */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || text.length > 254 || local.length > 64 || !LOCAL.test(local)) return false;
  const labels = domain.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label));
}

/** Reads `name@example.com` or `Name <name@example.com>`; undefined when the text is neither. */
export function parseSender(text: string): Sender | undefined {
  const [, name = '', address = text] = NAMED.exec(text) ?? [];
  return isEmailAddress(address) ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address } : undefined;
}
