import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { HooklineError } from '../flow/errors.js';
import { openLog } from '../observability/log.js';
import { logLine, sdkLogger } from './sdk-log.js';

const entry = (meta: Record<string, unknown>) => ({
  ...{ level: 'WARN' as const, timestampNanos: 1_000_000_000n, message: 'Activity failed', meta },
});
const failure = () => {
  const cause = new TypeError('no 919800000001\n    at the number 919800000001');
  return ApplicationFailure.create({
    message: 'not 919800000001',
    type: 'INVALID_FLOW',
    details: ['919800000001'],
    cause,
  });
};

describe('C6: the log of the SDK', () => {
  it('tells where an error happened and of what kind it is, and nothing of its message or details', () => {
    const line = logLine(entry({ activityType: 'openCall', attempt: 1, error: failure() }), {});
    expect(line).toMatch(/^1970-01-01T00:00:01.000Z \[WARN\] Activity failed activityType=openCall attempt=1\n/);
    expect(line).toMatch(/ApplicationFailure INVALID_FLOW(\n +at .+)+log\.test\.ts/);
    expect(line).toMatch(/caused by TypeError(\n +at .+)+log\.test\.ts/);
    expect(line).not.toContain('9198');
  });

  it('tells no value that it was not made for', () => {
    const line = logLine(
      entry({ failure: 'not 919800000001', workflowId: { number: '919800000001' }, input: [1] }),
      {},
    );
    expect(line).toBe('1970-01-01T00:00:01.000Z [WARN] Activity failed');
    expect(logLine(entry({ error: '919800000001' }), {})).not.toContain('9198');
  });

  it('tells an error of ours in full, for it holds no value of a call, and the kind of one that lost its name', () => {
    const ours = new HooklineError('PAYLOAD_UNREADABLE', 'The key k1 is not here.');
    expect(logLine(entry({ error: ours }), {})).toContain('HooklineError PAYLOAD_UNREADABLE: The key k1 is not here.');
    const nameless = new Error('not 919800000001');
    nameless.stack = failure().stack;
    expect(logLine(entry({ error: nameless }), {})).toMatch(/\n +ApplicationFailure\n/);
  });

  it('tells the message to who looks for a fault', () => {
    expect(logLine(entry({ error: failure() }), { HOOKLINE_DEBUG: '1' })).toContain('INVALID_FLOW: not 919800000001');
  });

  it('is that of the process: the call by its id, and what the SDK says of itself only when it is a warning', () => {
    const lines: Record<string, unknown>[] = [];
    const log = sdkLogger(openLog('worker', {}, 'info', { write: (line) => lines.push(JSON.parse(line) as object as never) })); // prettier-ignore
    log.info('Workflow bundle created', { sdkComponent: 'worker' });
    log.info('the call ended', { sdkComponent: 'workflow', workflowId: 'call-1-a', flow: 'f', outcome: 'completed', to: '919800000001' }); // prettier-ignore
    log.warn('Activity failed', { sdkComponent: 'worker', workflowId: 'call-1-a', error: failure() });
    expect(lines.map(({ msg }) => msg)).toEqual(['the call ended', 'Activity failed']);
    expect(lines[0]).toMatchObject({ level: 'info', call: 'call-1-a', flow: 'f', outcome: 'completed' });
    expect(lines[1]).toMatchObject({
      level: 'warn',
      error: expect.stringContaining('ApplicationFailure INVALID_FLOW'),
    });
    expect(JSON.stringify(lines)).not.toContain('9198');
  });
});
