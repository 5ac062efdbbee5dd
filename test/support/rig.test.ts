import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Rig, flowOf, timeSkippingRig } from './rig.js';

let rig: Rig;
let tries = 0;

beforeAll(async () => {
  rig = await timeSkippingRig();
});
afterAll(() => rig.close());

it(
  'a test that is repeated finds a server whose time passes, even if it stands still on the one before',
  { retry: 1 },
  async () => {
    tries += 1;
    if (tries === 1) {
      await rig.env.connection.testService?.lockTimeSkipping({});
      throw new Error('The first try fails with a lock that nobody gives back.');
    }
    const report = await rig.run({ flow: flowOf({ wait: { type: 'delay', seconds: 3000, lines: {} } }) });
    expect(report.outcome).toBe('completed');
    expect(tries).toBe(2);
  },
);
