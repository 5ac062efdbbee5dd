/**
 * Secrets by which flow ends are signed, as Standard Webhooks has it. Contract E5.
 * @module
 */
import { Webhook } from 'standardwebhooks';

/**
 * The key that a signing secret stands for: `whsec_` and base64, or base64 alone, is decoded; any other text is the key as
 * it stands, in UTF-8. Base64 is what has its padding and no other spelling. Contract E5.
 */
export function signingKey(secret: string): Webhook {
  const encoded = secret.replace(/^whsec_/, '');
  const isBase64 = encoded !== '' && Buffer.from(encoded, 'base64').toString('base64') === encoded;
  return isBase64 ? new Webhook(encoded) : new Webhook(Buffer.from(secret, 'utf8'), { format: 'raw' });
}
