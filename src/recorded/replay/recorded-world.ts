/**
 * The world of a call that is replayed: what was recorded answers, and nothing else does. The first thing that the record
 * cannot tell stops the comparison there; whatever the call asks after that fails at once.
 * @module
 */
import type { AgentClaim } from '../../activities/agents.js';
import type { EmailTask } from '../../engine/email-task.js';
import type { FunctionTask } from '../../engine/function-task.js';
import type { RequestOutcome, WebhookTask } from '../../engine/webhook-task.js';
import { failedOutcome } from '../../http/run-request.js';
import type { RecordedCall, RecordedRequest, RecordedWebhook } from '../../flow/documents/recorded-call.js';
import type { CallWorld, Entered, Performed } from '../../flow-test/call-world.js';
import { isUndoId } from '../../engine/undo-task.js';
import { askedBy } from '../party-log.js';
import type { BridgeCommand } from '../../telephony/commands.js';
import { compareRequest, withRecorded } from './compare-request.js';
import { type Replayed, waitedOutcome, requestOutcome } from './recorded-outcome.js';

type Task = WebhookTask | FunctionTask | EmailTask;

/** Where the record does not say how the call continues. */
export interface Stop {
  /** Index into the path of the replay. */
  step: number;
  why: string;
}

/** Answers for one call from its record. */
export class RecordedWorld implements CallWorld {
  /** Null while the record has all that the call asks. */
  stop: Stop | null = null;
  readonly start: CallWorld['start'];
  #claims = 0;

  constructor(private readonly record: RecordedCall) {
    const { id, uuid, direction, startedAt } = record;
    this.start = { callId: id, uuid: uuid ?? undefined, direction, startedAt };
  }

  async perform(activity: string, input: unknown, entered: Entered): Promise<Performed | undefined> {
    if (isAsking(activity)) {
      // What takes back comes after all widgets, and is not sent. Contract H10.
      if (isUndoId((input as Task).idempotencyKey)) return at(0, () => ({ ...FAILED, line: 'success' }));
      return this.#ask(input as Task, entered);
    }
    switch (activity) {
      case 'claimAgent':
        return this.#claim(input as AgentClaim, entered);
      case 'releaseAgent':
        return at(0, () => undefined);
      case 'deliverFlowEnd':
        return at(0, () => ({ delivered: true, detail: 'not sent: the call is replayed' }));
      default:
        return undefined;
    }
  }

  /** A number that was never dialled may do anything. */
  async command(command: BridgeCommand, entered: Entered): Promise<void> {
    const rings = command.type === 'dial' || command.type === 'transfer';
    if (!rings || !('to' in command) || Object.hasOwn(this.record.caller.legs, command.to)) return;
    await this.#stopAt(entered, 'the number was not dialled in the recorded call');
  }

  async #ask(task: Task, entered: Entered): Promise<Performed> {
    const replayed = await this.#replayed(task);
    // What nobody waits for changes no path (H3), unless it is collected later (H9).
    if (!task.waited) {
      return 'outcome' in replayed ? at(replayed.after, () => replayed.outcome) : at(0, () => FAILED);
    }
    if (this.stop) return at(0, () => FAILED);
    if ('outcome' in replayed) return at(replayed.after, () => replayed.outcome);
    if (replayed.after === 0) await this.#stopAt(entered, replayed.unknown);
    return at(replayed.after, () => this.#stopAt(entered, replayed.unknown).then(() => FAILED));
  }

  async #replayed(task: Task): Promise<Replayed> {
    const { widget, visit } = askedBy(task.idempotencyKey);
    const recorded = this.record.requests.find((one) => one.widget === widget && one.visit === visit);
    if (!recorded) return { after: 0, unknown: `visit ${visit} of this widget was never recorded` };
    const changed = this.#ofThisRun(recorded, task);
    if ('request' in task && changed.type === 'webhook') return replayedWebhook(task, changed);
    const differs = changedFields(task, changed);
    return differs.length > 0 ? requestChanged(differs) : waitedOutcome(task, changed);
  }

  /** The recorded request with this run's workflow id, which `sms` widgets send. */
  #ofThisRun<T extends RecordedRequest>(recorded: T, { idempotencyKey }: Task): T {
    const [workflowId = ''] = idempotencyKey.split('/');
    return JSON.parse(JSON.stringify(recorded).replaceAll(this.record.call, workflowId)) as T;
  }

  async #claim({ candidates }: AgentClaim, entered: Entered): Promise<Performed> {
    const agent = this.record.agents[this.#claims];
    this.#claims += 1;
    if (agent === undefined) await this.#stopAt(entered, 'no agent was asked for here in the recorded call');
    else if (agent !== null && !candidates.includes(agent))
      await this.#stopAt(entered, 'the agent of the recorded call is none of those that may be rung now');
    return at(0, () => (this.stop ? null : agent));
  }

  async #stopAt(entered: Entered, why: string): Promise<void> {
    const step = (await entered()).length - 1;
    this.stop ??= { step, why };
  }
}

const FAILED: RequestOutcome = {
  ...{ line: 'failure', reason: 'CONNECTION_FAILURE', detail: 'The record cannot tell.' },
  ...{ duration: 0, truncated: false, rows: [], attempts: 0 },
};

function at(after: number, result: () => unknown): Performed {
  return { after, result };
}

function isAsking(activity: string): boolean {
  return /^(webhook|sendEmail|createOutbound|shortURL|updateUserPreferences|updatePauseStatusForCLI)$/.test(activity);
}

async function replayedWebhook(task: WebhookTask, recorded: RecordedWebhook): Promise<Replayed> {
  const compared = await compareRequest(task, recorded);
  if ('fails' in compared) {
    return { after: 0, outcome: failedOutcome(task, compared.fails, { sent: 0 }) };
  }
  if ('unsent' in compared) return { after: 0, unknown: 'nothing was sent in the recorded call' };
  return compared.changed.length > 0 ? requestChanged(compared.changed) : requestOutcome(task, recorded);
}

/** The parts of a function's request or of an email that are not as recorded. */
function changedFields(task: Task, recorded: RecordedRequest): string[] {
  const parts = (one: object): Record<string, unknown> => {
    const { method, remote, email, smtp, variables } = one as Record<string, unknown>;
    return { method, remote, email, smtp, variables };
  };
  const now = parts({ ...task, variables: withRecorded(task.variables, recorded.variables) });
  const then = parts(recorded);
  return Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]));
}

function requestChanged(parts: string[]): Replayed {
  return { after: 0, unknown: `the request changed (${parts.join(', ')})` };
}
