/**
 * How a request proves who sends it. Contract W3.
 * @module
 */
import { createHmac } from 'node:crypto';
import { HooklineError } from '../flow/errors.js';
import { FRAMING_HEADERS } from '../flow/template/headers.js';
import type { SecretRules, SecretSource } from './secret-reader.js';
import { invalidRequest } from './reasons.js';
import type { WebhookTask } from '../engine/webhook-task.js';

type Auth = WebhookTask['request']['auth'];
type Secretable = Extract<Auth, { type: 'bearer' }>['token'];

/** An auth whose values are known: what makes its header, anew for each attempt. */
export interface Credentials {
  /** The header's name, by which a display masks it. */
  header: string;
  /** The header's value for one attempt. */
  value(body: Buffer): string;
}

/**
 * Resolves an auth's values: `fill` for templates, the account's secrets for names. Contract W3, W5.
 * @throws {WebhookFailure} INVALID_REQUEST for a secret that is not there or a value that no header can carry.
 */
export async function resolveAuth(
  auth: Auth,
  fill: (template: string) => string,
  rules: SecretRules,
  secrets: SecretSource,
): Promise<Credentials | undefined> {
  const valueOf = async (value: Secretable) =>
    typeof value === 'string' ? fill(value) : secretValue(value.secret, rules, secrets);
  switch (auth.type) {
    case 'none':
      return undefined;
    case 'basic': {
      const [username, password] = [await valueOf(auth.username), await valueOf(auth.password)];
      if (username.includes(':')) throw invalidRequest('The username of basic auth holds a colon, which it may not.');
      const encoded = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
      return { header: 'Authorization', value: () => `Basic ${encoded}` };
    }
    case 'bearer': {
      const token = await valueOf(auth.token);
      if (!/^[\t\x20-\x7e\x80-\uffff]*$/.test(token)) {
        throw invalidRequest('The bearer token holds a character that no header may hold.');
      }
      return { header: 'Authorization', value: () => `Bearer ${token}` };
    }
    case 'hmac': {
      const header = fill(auth.header);
      if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(header))
        throw invalidRequest('The name of the signature header is not valid.');
      if (FRAMING_HEADERS.has(header.toLowerCase()) || header.toLowerCase() === 'content-type') {
        throw invalidRequest(`The signature may not stand in the header ${header.toLowerCase()}: the engine sets it.`);
      }
      const key = await valueOf(auth.secret);
      return { header, value: (body) => signature(key, body) };
    }
  }
}

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. Contract W3. */
function signature(key: string, body: Buffer): string {
  const seconds = Math.floor(Date.now() / 1000);
  const digest = createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

/**
 * A secret's value for a request.
 * @throws {WebhookFailure} INVALID_REQUEST when it is not there.
 */
export async function secretValue(name: string, rules: SecretRules, secrets: SecretSource): Promise<string> {
  try {
    return await secrets.read(name, rules);
  } catch (error) {
    if (error instanceof HooklineError) throw invalidRequest(`${error.message} (${error.code})`);
    throw error;
  }
}
