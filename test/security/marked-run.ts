/**
 * Calls full of marked values on a real server with a database file, and everything that they left behind.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { temporal } from '@temporalio/proto';
import { startEmbedded } from '../../src/store/embedded.js';
import { configuredDataConverter } from '../../src/temporal/codec/data-converter.js';
import { freePort } from '../../src/temporal/servers/ports.js';
import { BridgeError } from '../../src/telephony/bridge-error.js';
import { DevStack } from '../support/dev-stack.js';
import { flowOf } from '../support/rig.js';
import { answer, json, Target } from '../support/target.js';

/** Values that stand nowhere else, each with the place that it comes from. */
export const MARKS = {
  callersNumber: '919847362514',
  agentsNumber: '912233445566',
  name: 'Zaphodine Quillfeather',
  requestBody: 'marked-request-body-7f3a',
  answerBody: 'marked-answer-body-91cc',
  prompt: 'marked prompt bd02',
  literalPassword: 'marked-literal-password-55e1',
  bridgesError: 'marked-error-of-the-bridge-c4d8',
  refusedStart: 'marked-value-of-a-refused-start-08b6',
  flowEnd: 'marked-flow-end-value-e7a9',
};
/** A secret of the account: it goes from the worker's environment to the target, and never through Temporal. */
export const SECRET = 'marked-secret-of-the-account-2d60';

/** The keys of the run with the codec on. */
export const KEYS = `test-key=${randomBytes(32).toString('base64')}`;

/** What a run left behind. */
export interface Traces {
  /** Every file of the server's database. */
  database: Buffer;
  /** Every file of our own, where the worker kept the report. */
  store: Buffer;
  /** What the server and the worker wrote. */
  output: string;
  /** What Prometheus reads of the worker. */
  metrics: string;
  /** What everybody may see in lists: ids, types, task queues, search attributes, memos. */
  lists: string;
  /** The history of the first call, as the server has it. */
  history: temporal.api.history.v1.IHistoryEvent[];
  /** The credentials that the target was sent. */
  sent: string;
}

/** Runs the calls and collects the traces. @param keys those of the codec; null: it is off */
export async function markedRun(keys: string | null): Promise<Traces> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-marked-'));
  const env = keys === null ? { HOOKLINE_CODEC: 'off' } : { HOOKLINE_CODEC_KEYS: keys };
  const dataConverter = configuredDataConverter(env);
  const own = await startEmbedded(join(folder, 'store'));
  const stack = await DevStack.start({ dbFilename: join(folder, 'temporal.db'), dataConverter });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stack.stop().then(() => own.stop()));
  const target = await Target.start();
  target
    .on('/order', json({ said: MARKS.answerBody }))
    .on('/end', answer(204))
    .on('/sms', answer(200));
  try {
    const address = `127.0.0.1:${await freePort()}`;
    await stack.startWorker({
      ...env,
      DATABASE_URL: own.url,
      HOOKLINE_METRICS_ADDRESS: address,
      HOOKLINE_SECRET_1_MARKED: SECRET,
    });
    breakMarkedPrompts(stack);
    const history = await placeCalls(stack, target);
    const metrics = await (await fetch(`http://${address}/metrics`)).text();
    const lists = await listsOf(stack);
    const sent = Buffer.from(target.of('/order')[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString();
    await stop();
    const store = await filesIn(join(folder, 'store'));
    await rm(join(folder, 'store'), { recursive: true });
    return { database: await filesIn(folder), store, output: stack.output, metrics, lists, history, sent };
  } finally {
    await stop();
    await target.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** All bytes of a folder's files, those of its folders too. */
export async function filesIn(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
}

/** Which marks stand in a text or in bytes, plain, in base64 or with two bytes a character. */
export function marksIn(trace: Buffer | string, marks: Record<string, string> = MARKS): string[] {
  const bytes = Buffer.from(trace as string);
  return Object.keys(marks).filter((name) => forms(marks[name] ?? '').some((form) => bytes.includes(form)));
}

/** Base64 differs by where in a group of three bytes the text begins, and the ends depend on what stands around it. */
function forms(mark: string): Buffer[] {
  const base64 = [0, 1, 2].map((before) => Buffer.from(' '.repeat(before) + mark).toString('base64'));
  return [Buffer.from(mark), Buffer.from(mark, 'utf16le'), ...base64.map((text) => Buffer.from(text.slice(4, -4)))];
}

/** The bridge cannot play this prompt, and says so with words of its own: a message of a failure. */
function breakMarkedPrompts({ simulator: { bridge } }: DevStack): void {
  const obey = bridge.bridgeCommand.bind(bridge);
  bridge.bridgeCommand = async (command) => {
    if (JSON.stringify(command).includes('untyped.wav')) throw new Error(MARKS.bridgesError);
    if (JSON.stringify(command).includes('typed.wav')) throw new BridgeError('MEDIA_FAILED', MARKS.bridgesError);
    return obey(command);
  };
}

async function placeCalls(stack: DevStack, target: Target): Promise<temporal.api.history.v1.IHistoryEvent[]> {
  const account = {
    name: MARKS.name,
    httpEnabled: true,
    targetAllowList: ['127.0.0.1'],
    secrets: { api: { env: 'HOOKLINE_SECRET_1_MARKED' } },
    agents: [{ number: MARKS.agentsNumber, name: MARKS.name }],
    defaultWebhook: { url: target.url('/end') },
    sms: { url: target.url('/sms') },
  };
  const caller = { from: MARKS.callersNumber, legs: { [MARKS.agentsNumber]: { steps: [{ hangUp: true }] } } };
  const call = await stack.call({
    flow: wholeFlow(target),
    account,
    caller,
    variables: { '$flow.key.name': MARKS.name, '$flow.key.end': MARKS.flowEnd },
  });
  const report = await call.report();
  if (
    report.outcome !== 'completed' ||
    !report.flowEnd?.delivered ||
    report.path.some(({ line }) => line === 'failure')
  )
    throw new Error(`The call did not go as it should: ${JSON.stringify(report)}`);

  const broken = (file: string) => flowOf({ answer: { type: 'answerCall', lines: { next: 'say' } }, say: { type: 'play', prompt: { file } } }); // prettier-ignore
  for (const file of ['typed.wav', 'untyped.wav'])
    await (await stack.call({ flow: broken(file), account, caller })).report();
  const refused = { [MARKS.refusedStart]: MARKS.refusedStart, start: MARKS.refusedStart };
  const start = await stack.call({ flow: flowOf({ answer: { type: 'answerCall' } }, refused), account, caller });
  await start.report().then(
    () => Promise.reject(new Error('The start was not refused.')),
    () => undefined,
  );
  const response = await stack.client.workflowService.getWorkflowExecutionHistory({
    namespace: stack.server.namespace,
    execution: { workflowId: call.handle.workflowId },
  });
  return response.history?.events ?? [];
}

/** A call that does most of what a call may do. */
function wholeFlow(target: Target): object {
  return flowOf(
    {
      answer: { type: 'answerCall', lines: { next: 'order' } },
      order: {
        type: 'webhook',
        request: {
          method: 'POST',
          url: `${target.url('/order')}?name=$flow.key.name`,
          auth: { type: 'basic', username: { secret: 'api' }, password: MARKS.literalPassword },
          body: { type: 'json', content: `{"from":"$call.cli.number","mark":"${MARKS.requestBody}"}` },
        },
        response: { type: 'json', map: [{ saveIn: '$flow.key.said', path: 'data.said', mandatory: true }] },
        persist: true,
        lines: { success: 'say' },
      },
      say: { type: 'play', prompt: { text: `${MARKS.prompt} $flow.key.said` }, lines: { next: 'tell' } },
      tell: { type: 'sms', to: '$call.cli.number', text: 'Hello $flow.key.name', lines: { success: 'agent' } },
      agent: { type: 'agentConnect', lines: { next: 'bye' } },
      bye: { type: 'hangUp' },
    },
    { flowEndWebhook: true },
  );
}

async function listsOf({ client }: DevStack): Promise<string> {
  const lines: string[] = [];
  for await (const { raw } of client.workflow.list()) lines.push(JSON.stringify(raw));
  return lines.join('\n');
}
