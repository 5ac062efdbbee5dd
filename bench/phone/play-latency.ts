/**
 * How long a caller waits for a prompt: from the time at which the engine's activity was scheduled to the first packet of sound at the
 * phone. The prompt was rendered before, and nothing else happens.
 * @module
 */
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { startTelephone } from '../../test/phone/demo/telephone-stack.js';
import { Phone } from '../../test/phone/sip/phone.js';
import { type Spread, spread } from '../statistics.js';

const NUMBER = '912200000002';
const ACCOUNT = 163;
/** Calls before those that count: the prompt is rendered, and every process is warm. */
const WARM_UP = 5;

const FLOW = {
  ...{ hookline: 1, id: 'latency0', type: 'inbound', start: 'answer' },
  widgets: {
    answer: { type: 'answerCall', lines: { next: 'say' } },
    say: { type: 'play', prompt: { text: 'Good day.' }, lines: { next: 'bye' } },
    bye: { type: 'hangUp' },
  },
};

/** Makes calls one after the other; the times in milliseconds. */
export async function measurePlayLatency(calls: number, say: (line: string) => void): Promise<Spread> {
  const telephone = await startTelephone({ numbers: [{ number: NUMBER, account: ACCOUNT, flow: FLOW.id }], say });
  const times: number[] = [];
  try {
    await telephone.api('POST', '/accounts', { id: ACCOUNT, name: 'Latency' });
    await telephone.api('POST', `/accounts/${ACCOUNT}/flows`, FLOW);
    await telephone.api('POST', `/accounts/${ACCOUNT}/flows/${FLOW.id}/publish`, { version: 1 });
    await telephone.startBridge();
    const connection = await Connection.connect({ address: telephone.temporal });
    const { workflow } = new Client({ connection });
    const phone = await Phone.open({ server: telephone.asterisk.sipPort });
    for (let n = 0; n < calls + WARM_UP; n++) {
      const call = await phone.dial(NUMBER);
      await call.over.done;
      const { items } = (await telephone.api('GET', `/accounts/${ACCOUNT}/calls?limit=1`)) as {
        items: { call: string }[];
      };
      const scheduled = await playScheduled(workflow.getHandle(items[0]?.call ?? ''));
      const heard = (call.line.heard[0]?.at ?? NaN) + performance.timeOrigin;
      if (n >= WARM_UP) times.push(heard - scheduled);
    }
    phone.close();
    await connection.close();
  } finally {
    await telephone.stop();
  }
  return spread(times);
}

/** When the activity of the prompt was scheduled, in milliseconds since 1970. */
async function playScheduled(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  for (const { eventTime, activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    const data = scheduled?.input?.payloads?.[0]?.data;
    if (scheduled?.activityType?.name !== 'bridgeCommand' || !data) continue;
    const { type } = JSON.parse(Buffer.from(data).toString('utf8')) as { type: string };
    if (type === 'play') return Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
  }
  throw new Error('The call has no prompt.');
}
