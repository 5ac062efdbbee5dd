/**
 * What clients and workers of the SDK are given, so that they encrypt and decrypt.
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { DataConverter, LoadedDataConverter } from '@temporalio/common';
import { EncryptingCodec } from './payload-codec.js';
import { codecSettings } from './codec-settings.js';

// Node cannot load TypeScript: when we run from the sources, as tests do, it is the built one.
const built = import.meta.url.endsWith('.ts') ? '../../../dist/temporal/codec/' : './';

/** The file of the converter that hides messages and stack traces of failures. */
export const FAILURE_CONVERTER = fileURLToPath(new URL(`${built}failure-converter.cjs`, import.meta.url));

/**
 * The converter of a codec. Without one what is encrypted is refused by PAYLOAD_UNREADABLE; when nothing is encrypted
 * failures stay readable too.
 */
export function dataConverterOf(codec: EncryptingCodec | null): DataConverter {
  const payloadCodecs = [codec ?? new EncryptingCodec(null)];
  return { payloadCodecs, ...(codec?.encrypts && { failureConverterPath: FAILURE_CONVERTER }) };
}

/** Whether what a client sends is encrypted. */
export function isEncrypting({
  options,
}: {
  options: { loadedDataConverter: Pick<LoadedDataConverter, 'payloadCodecs'> };
}): boolean {
  return options.loadedDataConverter.payloadCodecs.some((codec) => codec instanceof EncryptingCodec && codec.encrypts);
}

/** The converter that the environment asks for. @throws {HooklineError} CODEC_KEYS_INVALID */
export function configuredDataConverter(env: NodeJS.ProcessEnv = process.env): DataConverter {
  return dataConverterOf(codecSettings(env));
}
