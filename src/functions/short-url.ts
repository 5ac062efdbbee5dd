import type { Store } from '../store/store.js';
import { failedAnswer, type FunctionAnswer } from './function-answer.js';
import type { FunctionTask } from '../engine/function-task.js';

/** The longest address that is shortened, in characters. */
const MAX_URL = 8192;

/** Shortens a URL; the link is on the account's own domain when it has one, else below `publicUrl`. Contract F2. */
export async function shortURL(task: FunctionTask, store: Store, publicUrl: string): Promise<FunctionAnswer> {
  const longUrl = task.variables['$flow.key.longUrl'] ?? '';
  if (!isLinkTarget(longUrl))
    return failedAnswer('INVALID_REQUEST', 'Only http and https addresses of at most 8,192 characters are shortened.');
  const { id, shortDomain } = task.account;
  const { code } = await store.links.create(id, new URL(longUrl).href, {
    origin: task.idempotencyKey,
    sensitive: task.sensitive?.includes('$flow.key.longUrl') ?? false,
  });
  return { outputs: { '$flow.key.shortUrl': shortUrl(code, shortDomain, publicUrl) } };
}

/** Whether a short link may lead there. Contract F2. */
export function isLinkTarget(text: string): boolean {
  if (text.length > MAX_URL || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** The address of a short link. */
export function shortUrl(code: string, shortDomain: string | undefined, publicUrl: string): string {
  return `${shortDomain === undefined ? publicUrl : `https://${shortDomain}`}/${code}`;
}
