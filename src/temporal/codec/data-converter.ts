/**
 * What clients and workers of the SDK are given, so that they encrypt and decrypt.
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { EncryptingCodec } from './payload-codec.js';
import { codecSettings } from './settings.js';

// Node cannot load TypeScript: when we run from the sources, as tests do, it is the built one.
const built = import.meta.url.endsWith('.ts') ? '../../../dist/temporal/codec/' : './';

/** The file of the converter that hides messages and stack traces of failures. */
export const FAILURE_CONVERTER = fileURLToPath(new URL(`${built}failure-converter.cjs`, import.meta.url));

/** The converter of a codec; without one, or when it does not encrypt, failures stay readable. */
export function dataConverterOf(codec: EncryptingCodec | null): DataConverter {
  if (codec === null) return {};
  return { payloadCodecs: [codec], ...(codec.encrypts && { failureConverterPath: FAILURE_CONVERTER }) };
}

/** The converter that the environment asks for. @throws {HooklineError} CODEC_KEYS_INVALID */
export function configuredDataConverter(env: NodeJS.ProcessEnv = process.env): DataConverter {
  return dataConverterOf(codecSettings(env));
}
