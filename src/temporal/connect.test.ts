import { describe, expect, it } from 'vitest';
import { connectClient, isLoopback, temporalSettings } from './connect.js';
import { freePort } from './servers/ports.js';

describe('connecting', () => {
  it('says what, where and what to do within some seconds when nothing answers', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const start = Date.now();
    const failure = connectClient(address);
    await expect(failure).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
    await expect(failure).rejects.toThrow(new RegExp(`${address}.*Check TEMPORAL_ADDRESS`));
    expect(Date.now() - start).toBeLessThan(7000);
  });

  it('says so too when the address is none', async () => {
    await expect(connectClient('no such address')).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
  });

  it('reads address and namespace from the environment', () => {
    expect(temporalSettings({})).toEqual({ address: null, namespace: 'default' });
    expect(temporalSettings({ TEMPORAL_ADDRESS: 'a:1', TEMPORAL_NAMESPACE: 'n' })).toEqual({
      address: 'a:1',
      namespace: 'n',
    });
  });

  it('knows the addresses of this machine', () => {
    expect(['localhost:7233', '127.0.0.1:1', '[::1]:7233', 'localhost'].every(isLoopback)).toBe(true);
    expect(['example.com:7233', '10.0.0.1:7233', 'localhost.example.com'].some(isLoopback)).toBe(false);
  });
});
