import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { httpBridgeSettings } from './bridge-http-settings.js';
import { Signature } from './signature.js';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;

describe('B6: signatures', () => {
  it('are those of Standard Webhooks, whatever the id is', () => {
    const key = secret();
    for (const id of ['call-1-abc/1', 'größe 7/1', 'a\r\nb/1']) {
      const headers = Signature.parse(key).headers(id, '{"a":"ü"}');
      expect(headers['webhook-id']).toMatch(/^[\x21-\x7e]+$/);
      expect(new Webhook(key).verify('{"a":"ü"}', headers)).toEqual({ a: 'ü' });
    }
  });

  it('a secret is replaced without a gap: two sign, and either counts', () => {
    const [old, fresh] = [secret(), secret()];
    const both = Signature.parse(`${old} ${fresh}\n`);
    for (const one of [old, fresh]) {
      expect(Signature.parse(one).fault(both.headers('x', 'b'), 'b')).toBeNull();
      expect(both.fault(Signature.parse(one).headers('x', 'b'), 'b')).toBeNull();
    }
    expect(both.fault(Signature.parse(secret()).headers('x', 'b'), 'b')).toMatch(/signature/);
    expect(both.fault({}, 'b')).toMatch(/headers/);
  });

  it.each(['whsec_c2hvcnQ=', 'hunter2', 'whsec_not!base64'])('"%s" is no secret, and is not repeated', (bad) => {
    expect(() => Signature.parse(bad)).toThrow(RangeError);
    expect(() => Signature.parse(bad)).not.toThrow(bad);
  });

  it('the secret may stand in a file; what is not valid stops the start', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hookline-secret-')), 'secret');
    const key = secret();
    writeFileSync(file, `${key}\n`);
    const { signature } = httpBridgeSettings({ HOOKLINE_BRIDGE_SECRET_FILE: file });
    expect(Signature.parse(key).fault(signature?.headers('x', 'b') ?? {}, 'b')).toBeNull();
    for (const env of [
      { HOOKLINE_BRIDGE_SECRET_FILE: `${file}.none` },
      { HOOKLINE_API_URL: 'here' },
      { HOOKLINE_BRIDGE_URLS: 'x' },
    ])
      // prettier-ignore
      expect(() => httpBridgeSettings(env)).toThrow(Object.keys(env)[0]);
  });
});
