import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { type Rig, flowOf, timeSkippingRig } from '../support/rig.js';

/** How far the clock of a call is from that of the server, by workflow id. */
const shifts = new Map<string, number>();
let rig: Rig;
beforeAll(async () => {
  rig = await timeSkippingRig({ clockShiftMs: (workflowId) => shifts.get(workflowId) ?? 0 });
});
afterAll(() => rig.close());

it('V1: values of the account are read in every text, and no start can set them', async () => {
  const account = { values: { shop: 'Rosa', base: 'http://127.0.0.1:9', open: true } };
  const flow = flowOf({
    known: {
      type: 'decision',
      cases: [{ line: 'open', when: { left: '$account.key.open', op: 'equals', right: 'true' } }],
      lines: { open: 'say' },
    },
    say: { type: 'play', prompt: { text: 'Welcome to $account.key.shop, ${account.key.town:-Pune}.' }, lines: { next: 'ask' } },
    ask: { type: 'webhook', request: { method: 'GET', url: '$account.key.base/orders' }, lines: { failure: 'copy' } },
    copy: { type: 'storeVariable', assign: [{ saveIn: '$flow.key.copy', value: '$account.key.none' }] },
  }); // prettier-ignore
  const report = await rig.run({ flow, account });
  expect(report.path.map(({ widget, line }) => `${widget}:${line}`)).toEqual(['known:open', 'say:next', 'ask:failure', 'copy:next']); // prettier-ignore
  expect(rig.commands.at(-2)).toMatchObject({ prompts: [{ text: 'Welcome to Rosa, Pune.' }] });
  // The account does not allow http: the URL was formed from its value.
  expect(report.variables['$flow.key.error_detail']).toMatch(/http/);
  expect(report.variables).not.toHaveProperty('$flow.key.copy');
  const { handle } = await rig.start({ flow, account, variables: { '$account.key.shop': 'x' } });
  await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'INVALID_INPUT' } });
});

it("V1: $sys is this moment of the call in the account's time zone, on both sides of a change of the clocks", async () => {
  const callId = randomUUID();
  const workflowId = callWorkflowId(1, rig.simulator.bridge.id, callId);
  shifts.set(workflowId, Date.parse('2026-10-25T00:59:00Z') - (await rig.env.currentTimeMs()));
  const now = (name: string) => ({
    saveIn: `$flow.key.${name}`,
    value: '$sys.datetime|$sys.date|$sys.time|$sys.epoch',
  });
  const flow = flowOf({
    before: { type: 'storeVariable', assign: [now('before')], lines: { next: 'wait' } },
    wait: { type: 'delay', seconds: 120, lines: { next: 'after' } },
    after: { type: 'storeVariable', assign: [now('after')] },
  });
  const { report } = await rig.start({ flow, account: { timeZone: 'Europe/Berlin' }, callId });
  const { variables } = await report();
  const [before = '', after = ''] = [variables['$flow.key.before'], variables['$flow.key.after']];
  expect(before).toMatch(/^2026-10-25T02:59:\d\d\+02:00\|2026-10-25\|02:59:\d\d\|1792889\d\d\d$/);
  expect(after).toMatch(/^2026-10-25T02:01:\d\d\+01:00\|2026-10-25\|02:01:\d\d\|17928900\d\d$/);
});

it('V2: a default stands for an absent variable in prompts, decisions, operations and sums of them', async () => {
  const flow = flowOf({
    add: {
      type: 'operation',
      operation: { do: 'add', left: '${flow.key.count:-0}', right: 1 },
      saveIn: '$flow.key.count',
      lines: { next: 'known' },
    },
    known: {
      type: 'decision',
      cases: [{ line: 'guest', when: { left: '${flow.key.kind:-guest}', op: 'equals', right: 'guest' } }],
      lines: { guest: 'say' },
    },
    say: { type: 'play', prompt: { text: 'Dear ${user.key.name:-guest}, ${flow.key.count:-none}' } },
  });
  const report = await rig.run({ flow });
  expect(report.path.map(({ line }) => line)).toEqual(['next', 'guest', 'next']);
  expect(rig.commands.at(-2)).toMatchObject({ prompts: [{ text: 'Dear guest, 1' }] });
});
