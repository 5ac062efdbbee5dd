/**
 * The options that say where a bridge is: on a task queue of Temporal, or at a URL. Contract B1, B6.
 * @module
 */
import type { Problem } from '../../flow/errors.js';
import { httpBridgeSettings } from '../../telephony/http/bridge-http-settings.js';
import type { Signature } from '../../telephony/http/signature.js';
import { isLoopbackHost } from '../../crypto/loopback.js';

/** The options as given on the command line. */
export interface WhereArguments {
  taskQueue?: string;
  url?: string;
  eventsUrl?: string;
}

/** A bridge over HTTP. */
export interface HttpWhere {
  url: string;
  /** Null without a secret. */
  signature: Signature | null;
  /** Where the bridge reaches us, null: on this machine. */
  eventsAddress: URL | null;
}

/** Where a bridge is. */
export type Where = { taskQueue: string } | HttpWhere;

/** Reads the options, and for a URL the secret of the environment; reports every fault at once. */
export function readWhere(given: WhereArguments, env: NodeJS.ProcessEnv): { problems: Problem[]; where?: Where } {
  const { taskQueue, url, eventsUrl } = given;
  if (!taskQueue && !url) return refused('--task-queue or --url: one of them is required.');
  if (taskQueue && url) return refused('--task-queue and --url: give only one of them.');
  if (!url) return eventsUrl ? refused('--events-url: allowed only with --url.') : { problems: [], where: { taskQueue: taskQueue ?? '' } }; // prettier-ignore
  const read = readSignature(env);
  if (read.problem !== undefined) return refused(read.problem);
  const { signature } = read;
  const problems = [
    ...urlFaults('--url', url, signature),
    ...(eventsUrl === undefined ? [] : urlFaults('--events-url', eventsUrl, signature)),
    ...(eventsUrl === undefined || isAddress(eventsUrl) ? [] : ['--events-url: write http://HOST:PORT.']),
  ];
  if (problems.length > 0) return refused(...problems);
  return {
    problems: [],
    where: { url, signature, eventsAddress: eventsUrl === undefined ? null : new URL(eventsUrl) },
  };
}

/** The signature of the environment's secret, or the reason why it is not valid, which never contains the secret. */
export function readSignature(
  env: NodeJS.ProcessEnv,
): { signature: Signature | null; problem?: undefined } | { problem: string } {
  try {
    return { signature: httpBridgeSettings(env).signature };
  } catch (error) {
    if (error instanceof RangeError) return { problem: error.message };
    throw error;
  }
}

function urlFaults(option: string, url: string, signature: Signature | null): string[] {
  const { protocol, hostname, username, password } = URL.canParse(url) ? new URL(url) : new URL('none:');
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '')
    return [`${option}: the value is an http or https URL without credentials.`];
  // The engine keeps unsigned messages on this machine too.
  if (signature === null && !isLoopbackHost(hostname))
    return [`${option}: unsigned messages stay on this machine. Set HOOKLINE_BRIDGE_SECRET.`];
  return [];
}

/** Whether a URL has only scheme, host and port, as an address to listen on. */
function isAddress(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'http:' && new URL(url).href === `${new URL(url).origin}/`;
}

function refused(...messages: string[]): { problems: Problem[] } {
  return { problems: messages.map((message) => ({ code: 'INVALID_VALUE', pointer: '', message })) };
}
