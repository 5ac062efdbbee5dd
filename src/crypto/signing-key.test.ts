import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signingKey } from './signing-key.js';

const bytes = Buffer.from('a secret of the tests, 32 bytes!');
const base64 = bytes.toString('base64');

describe('E5: how a signing secret is read', () => {
  it.each([
    ['whsec_ and base64', `whsec_${base64}`, bytes],
    ['base64 alone', base64, bytes],
    ['text', 'correct horse battery staple', Buffer.from('correct horse battery staple')],
    ['text beyond ASCII', 'Schlüssel', Buffer.from('Schlüssel')],
    ['base64 without its padding', base64.slice(0, -1), Buffer.from(base64.slice(0, -1))],
    ['whsec_ before what is no base64', 'whsec_not base64', Buffer.from('whsec_not base64')],
  ])('E5: %s', (_what, secret, key) => {
    const at = new Date(1_700_000_000_000);
    const digest = createHmac('sha256', key).update('id.1700000000.{}').digest('base64');
    expect(signingKey(secret).sign('id', at, '{}')).toBe(`v1,${digest}`);
  });
});
