/**
 * How a request proves who sends it. Contract W3.
 * @module
 */
import { createHmac } from 'node:crypto';
import { HooklineError } from '../../flow/errors.js';
import { FRAMING_HEADERS } from '../../flow/template/headers.js';
import type { SecretRules, SecretSource } from '../secret-reader.js';
import { invalidRequest } from '../reasons.js';
import type { WebhookTask } from '../../engine/webhook-task.js';
import { basic, bearer, checkHeaderValue, type Credentials } from './credentials.js';
import type { Login } from './digest.js';
import { type Grant, grantFor } from './grant.js';

type Auth = WebhookTask['request']['auth'];
type Secretable = Extract<Auth, { type: 'bearer' }>['token'];

/** What proves who sends a request; at most one of these is there. */
export interface Proof {
  /** A header of every attempt. */
  credentials?: Credentials;
  /** A parameter of the query. */
  query?: readonly [name: string, value: string];
  /** What a token is got by, before an attempt. */
  grant?: Grant;
  /** What the target's challenge is answered with. */
  login?: Login;
}

/** Puts the values of variables into texts and URLs. */
export interface Fillers {
  text: (template: string) => string;
  url: (template: string) => string;
}

/**
 * Resolves an auth's values, templates and the names of the account's secrets. Contract W3, W5.
 * @throws {WebhookFailure} INVALID_REQUEST for a secret that is not there or a value that no header can carry.
 */
export async function resolveAuth(
  auth: Auth,
  { text, url }: Fillers,
  rules: SecretRules & { httpEnabled: boolean },
  secrets: SecretSource,
): Promise<Proof> {
  const valueOf = async (value: Secretable) =>
    typeof value === 'string' ? text(value) : secretValue(value.secret, rules, secrets);
  switch (auth.type) {
    case 'none':
      return {};
    case 'basic': {
      const { username, password } = await loginOf(auth, valueOf);
      return { credentials: basic(username, password) };
    }
    case 'bearer':
      return { credentials: bearer(await valueOf(auth.token)) };
    case 'hmac': {
      const header = headerName(text(auth.header), 'signature');
      const key = await valueOf(auth.secret);
      return { credentials: { header, value: (body) => signature(key, body) } };
    }
    case 'apiKey': {
      const value = await valueOf(auth.value);
      if (auth.in === 'query') return { query: [text(auth.name), value] };
      const header = headerName(text(auth.name), 'API key');
      checkHeaderValue(value, 'API key');
      return { credentials: { header, value: () => value } };
    }
    case 'digest':
      return { login: await loginOf(auth, valueOf) };
    case 'oauth2': {
      const [clientId, clientSecret] = [await valueOf(auth.clientId), await valueOf(auth.clientSecret)];
      const [scope, audience] = [auth.scope, auth.audience].map((one) => one && text(one));
      return {
        grant: grantFor(
          { ...auth, tokenUrl: url(auth.tokenUrl), clientId, clientSecret, scope, audience },
          auth.tokenUrl,
          rules,
        ),
      };
    }
  }
}

async function loginOf(
  { type, ...auth }: Extract<Auth, { type: 'basic' | 'digest' }>,
  valueOf: (value: Secretable) => Promise<string>,
): Promise<Login> {
  const [username, password] = [await valueOf(auth.username), await valueOf(auth.password)];
  if (username.includes(':')) throw invalidRequest(`The username of ${type} auth holds a colon, which it may not.`);
  return { username, password };
}

function headerName(name: string, what: string): string {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw invalidRequest(`The name of the ${what} header is not valid.`);
  const lower = name.toLowerCase();
  if (FRAMING_HEADERS.has(lower) || lower === 'content-type')
    throw invalidRequest(`The ${what} may not stand in the header ${lower}: the engine sets it.`);
  return name;
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
