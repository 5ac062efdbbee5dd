import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { Sealer } from '../../src/store/sealer.js';
import type { Store } from '../../src/store/store.js';
import { flowOf, type Rig, timeSkippingRig } from '../support/rig.js';
import { useStore } from '../support/set-up.js';
import { answer, type Target } from '../support/target.js';

let store: Store;
let target: Target;
let rig: Rig;
useStore(
  (started) => ({ store, target } = started),
  new Sealer(KeyRing.parse(`k=${randomBytes(32).toString('base64')}`, 'test')),
);
beforeAll(async () => {
  rig = await timeSkippingRig({ store: () => Promise.resolve(store) });
  target.on('/order', answer(200)).on('/end', answer(204));
});
afterAll(() => rig.close());
afterEach(() => vi.unstubAllEnvs());

const account = (secrets: object) => ({
  ...{ id: 71, httpEnabled: true, targetAllowList: ['127.0.0.1'], secrets },
  defaultWebhook: { url: target.url('/end'), signingSecret: { secret: 'api' } },
});
const flow = () =>
  flowOf(
    {
      ask: {
        type: 'webhook',
        request: { method: 'GET', url: target.url('/order'), auth: { type: 'bearer', token: { secret: 'api' } } },
        lines: { success: 'bye', failure: 'bye' },
      },
      bye: { type: 'hangUp' },
    },
    { flowEndWebhook: true },
  );

/** The text of every payload of a history. */
function payloadsIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(payloadsIn) : [];
}

describe('D3: secrets of calls', () => {
  it('W3: a stored secret is sent and signs, and stands in no history', async () => {
    target.received.length = 0;
    const value = `stored-${randomBytes(6).toString('hex')}`;
    await store.secrets.put(71, 'api', value);
    const call = await rig.start({ flow: flow(), account: account({ api: { stored: true } }) });
    expect((await call.report()).flowEnd).toMatchObject({ delivered: true });
    expect(target.of('/order')[0]?.headers.authorization).toBe(`Bearer ${value}`);
    expect(target.of('/end')[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    const { events } = await call.handle.fetchHistory();
    const history = payloadsIn(events).join();
    expect(history).toContain('"api":{"stored":true}');
    expect(history).not.toContain(value);
  });

  it('C4: a call whose document names places of others is refused, with each of them', async () => {
    vi.stubEnv('ORDERS_KEY', 'k');
    const secrets = { api: { env: 'ORDERS_KEY' }, file: { file: '/etc/passwd' } };
    const { handle } = await rig.start({ flow: flow(), account: account(secrets) });
    await expect(handle.result()).rejects.toMatchObject({
      cause: { type: 'INVALID_FLOW', message: expect.stringContaining('/account/secrets/file/file') },
    });
  });
});
