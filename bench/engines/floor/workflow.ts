/**
 * The calls of the bench, written by hand for their one flow: what Hookline must do in any case, and no more. Its activities,
 * time-outs, search attributes and the report are Hookline's; documents, checks, lines, variables and the timeline are not here.
 * @module
 */
import { proxyActivities, setHandler, upsertSearchAttributes, uuid4, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../../src/activities/index.js';
import type { BridgeActivities, BridgeCommand } from '../../../src/telephony/commands.js';
import { bridgeEvent } from '../../../src/workflows/call-messages.js';
import { searchAttributes } from '../../../src/engine/search-attributes.js';

interface Input {
  account: { id: number; targetAllowList: string[]; defaultWebhook: { url: string } };
  flow: { id: string };
  call: { id: string; from: string; to: string; startedAt: string };
  variables: Record<string, string>;
  bridge: { taskQueue: string };
}

const { webhook } = proxyActivities<Activities>({
  ...{ startToCloseTimeout: '2 minutes', heartbeatTimeout: '3 seconds', cancellationType: 'TRY_CANCEL' },
  retry: { initialInterval: '100 milliseconds', maximumInterval: '1 second' },
});
const { deliverFlowEnd } = proxyActivities<Activities>({
  ...{ startToCloseTimeout: '15 seconds', heartbeatTimeout: '3 seconds' },
  retry: { initialInterval: '100 milliseconds', maximumInterval: '1 second' },
});
const { recordCall } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
});

/** One call: with the telephone around it when its flow is the one of telephone calls. */
export async function call(input: Input): Promise<{ call: string; outcome: string; status: string }> {
  const { workflowId } = workflowInfo();
  const uuid = uuid4();
  let present = true;
  setHandler(bridgeEvent, ({ type }) => {
    if (type === 'legEnded') present = false;
  });
  const { bridgeCommand } = proxyActivities<BridgeActivities>({
    ...{ taskQueue: input.bridge.taskQueue, scheduleToStartTimeout: '5 seconds', startToCloseTimeout: '5 hours' },
    ...{ heartbeatTimeout: '30 seconds', retry: { maximumAttempts: 1 } },
  });
  let seq = 0;
  const command = async (fields: { type: string; [field: string]: unknown }) => {
    seq += 1;
    const common = { commandId: `${workflowId}/${seq}`, seq, leg: '1', callId: input.call.id, widget: null };
    if (present) await bridgeCommand({ ...common, ...fields } as unknown as BridgeCommand);
  };

  const telephone = input.flow.id === 'benchcal';
  if (telephone) await command({ type: 'answer' });
  const status = await lookUp(input, workflowId);
  const text = status === 'sent' ? 'It is on its way.' : 'We know nothing of it.';
  if (telephone) await command({ type: 'play', prompts: [{ text }] });
  await command({ type: 'hangUp', cause: 16 });
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: 'completed' }]);
  await Promise.all([keepReport(input, workflowId, uuid), tellEnd(input, workflowId, uuid, status)]);
  return { call: workflowId, outcome: 'completed', status };
}

function rulesOf({ account }: Input) {
  return { accountId: account.id, httpEnabled: true, targetAllowList: account.targetAllowList, secrets: {} };
}

async function lookUp(input: Input, workflowId: string): Promise<string> {
  const url = input.account.defaultWebhook.url.replace('/flow-end', '/lookup');
  const { rows } = await webhook({
    idempotencyKey: `${workflowId}/ask/1`,
    request: {
      ...{ method: 'POST', url, query: [], headers: [], auth: { type: 'none' } },
      body: { type: 'json', content: { call: '$flow.key.call' }, onMissing: 'fail' },
    },
    response: {
      type: 'json',
      dialect: 'rfc9535',
      map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }],
    },
    retry: { resend: true },
    ...{ timeout: 20, waited: true, variables: { '$flow.key.call': input.call.id }, rules: rulesOf(input) },
  } as unknown as Parameters<Activities['webhook']>[0]);
  return rows[0]?.[1] ?? '';
}

async function keepReport({ account, call: { from, to, startedAt }, flow }: Input, call: string, uuid: string) {
  const common = { accountId: account.id, call, flowId: flow.id, flowVersion: null, uuid, from, to, startedAt };
  await recordCall({
    ...{ ...common, direction: 'inbound', outcome: 'completed', placed: false, error: null, persisted: {} },
    ...{ path: [], endedAt: new Date().toISOString() },
  });
}

async function tellEnd(input: Input, workflowId: string, uuid: string, status: string) {
  const { account, call, variables } = input;
  const keys = Object.entries({ ...variables, '$flow.key.status': status }).map(([name, value]) => ({ name, value }));
  const details = { calleeNumber: call.from, didNumber: call.to, hangupCause: '16', incoming: true };
  await deliverFlowEnd({
    ...{ webhookId: `${workflowId}/flow-end`, webhook: account.defaultWebhook, rules: rulesOf(input), phase: 'call' },
    payload: { 'phonon-uuid': uuid, callDetails: [details], keys },
  } as unknown as Parameters<Activities['deliverFlowEnd']>[0]);
}
