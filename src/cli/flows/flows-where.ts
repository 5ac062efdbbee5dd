/**
 * Which account on which API the commands `flows`, `secret`, `dids`, `deliveries` and `endpoints` work with.
 * @module
 */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { AccountClient } from '../../client/account-client.js';
import { DidClient } from '../../client/did-client.js';
import { DeliveryClient, type FailingEndpoint } from '../../client/delivery-client.js';
import { SecretClient } from '../../client/secret-client.js';
import { HooklineApiError, send } from '../../client/api-request.js';
import { HooklineError } from '../../flow/errors.js';
import { runningStack } from '../../stack/home.js';
import { operatorKeyFile } from '../../stack/operator-key.js';
import { accountId } from '../account-id.js';

/** Options of every command here. */
export interface FlowsOptions {
  account: number;
}

/** Adds the option that names the account. */
export function withAccount(command: Command): Command {
  return command.requiredOption('--account <id>', 'id of the account', accountId);
}

/** The account's client. @throws {HooklineError} NO_API */
export function accountClient({ account }: FlowsOptions): AccountClient {
  const { url, key } = api();
  return new AccountClient({ url, key, account });
}

/** The client of the account's deliveries. @throws {HooklineError} NO_API */
export function deliveryClient({ account }: FlowsOptions): DeliveryClient {
  const { url, key } = api();
  return new DeliveryClient({ url, key, account });
}

/** The client of the account's stored secrets. @throws {HooklineError} NO_API */
export function secretClient({ account }: FlowsOptions): SecretClient {
  const { url, key } = api();
  return new SecretClient({ url, key, account });
}

/** The client of the numbers of the deployment, for the operator's key. @throws {HooklineError} NO_API */
export function didClient(): DidClient {
  return new DidClient(api());
}

/** Endpoints of all accounts, 200 at most; for the operator's key. @throws {HooklineError} NO_API */
export async function allEndpoints(): Promise<FailingEndpoint[]> {
  const { url, key } = api();
  const headers = { authorization: `Bearer ${key}` };
  const asked = { method: 'GET', path: '/v1/endpoints?limit=200', headers } as const;
  return (await send<{ items: FailingEndpoint[] }>(url.replace(/\/+$/, ''), asked, 10_000)).items;
}

function api(): { url: string; key: string } {
  const { HOOKLINE_API_URL: url, HOOKLINE_API_KEY: key } = process.env;
  if (url && key) return { url, key };
  const stack = runningStack();
  if (!stack)
    throw new HooklineError(
      'NO_API',
      'No stack runs in this folder. Start one with `hookline start`, or set HOOKLINE_API_URL and HOOKLINE_API_KEY.',
    );
  return {
    url: stack.apiUrl,
    key: key || process.env.HOOKLINE_OPERATOR_KEY || readFileSync(operatorKeyFile(), 'utf8').trim(),
  };
}

/** Wraps an action: an API that does not answer, or refuses, becomes NO_API or API_REFUSED. @throws {HooklineError} */
export function withApi<A extends unknown[]>(action: (...args: A) => Promise<number>): (...args: A) => Promise<number> {
  return (...args) =>
    action(...args).catch((error: unknown) => {
      throw asHooklineError(error);
    });
}

function asHooklineError(error: unknown): unknown {
  if (error instanceof HooklineApiError) return new HooklineError('API_REFUSED', `${error.code}: ${error.message}`);
  if (error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError'))
    return new HooklineError('NO_API', `The API does not answer (${error.message}).`);
  return error;
}
