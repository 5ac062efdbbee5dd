/**
 * The settings of the HTTP binding, which workers and the API share. Contract B6.
 * @module
 */
import { readFileSync } from 'node:fs';
import { textOf } from '../../flow/documents/text-place.js';
import { Signature } from './signature.js';
import { BridgeUrls } from './urls.js';

/** How messages go between the engine and bridges over HTTP. */
export interface HttpBridgeSettings {
  /** Signs and verifies; null without a secret: then only this machine is spoken with. */
  signature: Signature | null;
  /** Where commands may go. */
  urls: BridgeUrls;
  /** Where bridges reach our API, without a slash at its end; null when nobody said. */
  apiUrl: string | null;
}

/** Reads the settings. @throws {RangeError} when one is not valid; its message holds no secret. */
export function httpBridgeSettings(env: NodeJS.ProcessEnv): HttpBridgeSettings {
  const secrets = env.HOOKLINE_BRIDGE_SECRET || secretFile(env.HOOKLINE_BRIDGE_SECRET_FILE);
  const apiUrl = env.HOOKLINE_API_URL || null;
  if (apiUrl !== null && !(URL.canParse(apiUrl) && /^https?:\/\//i.test(apiUrl)))
    throw new RangeError('HOOKLINE_API_URL: not an http or https URL');
  return {
    signature: secrets ? Signature.parse(secrets) : null,
    urls: BridgeUrls.parse(env.HOOKLINE_BRIDGE_URLS),
    apiUrl: apiUrl && new URL(apiUrl).href.replace(/\/$/, ''),
  };
}

function secretFile(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return textOf(readFileSync(path));
  } catch (cause) {
    throw new RangeError('HOOKLINE_BRIDGE_SECRET_FILE: the file cannot be read', { cause });
  }
}
