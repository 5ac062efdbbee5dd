/**
 * What TLS shows and trusts for a request: a client certificate, and authorities of the target's own. Contract W3.
 * @module
 */
import { createHash } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { WebhookTask } from '../../engine/webhook-task.js';
import { invalidRequest } from '../reasons.js';
import type { SecretRules, SecretSource } from '../secret-reader.js';
import { secretValue } from './auth.js';

type Tls = NonNullable<WebhookTask['request']['tls']>;

/** Certificate, key and authorities, as PEM. */
export interface TlsIdentity {
  /** Equal for equal ones: connections are shared only by these. No key can be read from it. */
  key: string;
  certificate?: string;
  privateKey?: string;
  ca?: string;
  /** Whether the public authorities are trusted, too: for a token server, which may be another's. */
  besidePublic?: boolean;
}

/** @throws {WebhookFailure} INVALID_REQUEST for a secret that is not there */
export async function resolveTls(tls: Tls, rules: SecretRules, secrets: SecretSource): Promise<TlsIdentity> {
  const read = async (reference: Tls['ca']) => reference && secretValue(reference.secret, rules, secrets);
  const [certificate, privateKey, ca] = [await read(tls.certificate), await read(tls.key), await read(tls.ca)];
  const key = createHash('sha256')
    .update(JSON.stringify([certificate, privateKey, ca]))
    .digest('base64');
  return {
    key,
    ...(certificate !== undefined && { certificate }),
    ...(privateKey !== undefined && { privateKey }),
    ...(ca !== undefined && { ca }),
  };
}

/** Ready for connections. @throws {WebhookFailure} INVALID_REQUEST for what is no PEM, or a key of another certificate */
export function secureContext({ certificate, privateKey, ca, besidePublic = false }: TlsIdentity): SecureContext {
  try {
    return createSecureContext({
      ...(certificate !== undefined && { cert: certificate, key: privateKey }),
      ...(ca !== undefined && { ca: besidePublic ? [...rootCertificates, ca] : ca }),
    });
  } catch {
    const what = certificate === undefined ? 'authorities' : 'client certificate';
    throw invalidRequest(
      `The ${what} of "tls" cannot be used: each secret holds PEM, and the key is that of the certificate, without a passphrase.`,
    );
  }
}
