/**
 * The activity `postBridgeCommand`: gives a command to a bridge by HTTP and asks until it is carried out. Contract B3-B6.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { Agent, buildConnector } from 'undici';
import { BRIDGE_ERRORS, type BridgeCommand } from '../telephony/commands.js';
import { readingHeads } from '../http/answers/answer-head.js';
import type { HttpBridgeSettings } from '../telephony/http/bridge-http-settings.js';
import { keepBeating } from './heartbeat.js';
import { type BridgeAnswer, BridgeNotReached, postToBridge } from '../telephony/http/post.js';

/** The type of the failure of a command that its bridge did not answer: two of them, and the bridge is gone. Contract B5. */
export type Unanswered = 'BRIDGE_UNANSWERED';

/** Times of the HTTP binding, in milliseconds. */
export interface BridgeTimes {
  /** Within which a bridge takes a command; until then it is tried again. Default 5 s. Contract B5. */
  pickUpMs: number;
  /** Within which a POST is answered, if only by `running`. Default 15 s. */
  answerMs: number;
  /** Between two POSTs of a command that runs, at least. Default 500. */
  askEveryMs: number;
}

const TIMES: BridgeTimes = { pickUpMs: 5_000, answerMs: 15_000, askEveryMs: 500 };
/** Milliseconds between attempts to reach a bridge. */
const TRY_EVERY = 250;

/**
 * Makes the activity that POSTs a command to a bridge's URL, again and again while the answer is `running`, and gives the
 * answer that is another. It fails, never to be retried, with a type of BRIDGE_ERRORS that the bridge names, or as
 * `BRIDGE_UNANSWERED`: not reached, no answer in time, or none that makes sense.
 */
export function createPostBridgeCommand(settings: HttpBridgeSettings, times: Partial<BridgeTimes> = {}) {
  const { pickUpMs, answerMs, askEveryMs } = { ...TIMES, ...times };
  const connect = readingHeads(buildConnector({ timeout: pickUpMs }));
  const dispatcher = new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 });

  /** One question: tried until the bridge is reached. */
  async function ask(url: string, command: BridgeCommand, eventsUrl: string | null, signal: AbortSignal) {
    const until = performance.now() + pickUpMs;
    // A node that is watched has its epoch at hand. Contract B8.
    const limitMs = command.type === 'watch' ? pickUpMs : answerMs;
    for (;;) {
      try {
        const timeout = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
        return await postToBridge({
          url,
          command,
          eventsUrl,
          signature: settings.signature,
          dispatcher,
          signal: timeout,
        });
      } catch (error) {
        signal.throwIfAborted();
        const again = error instanceof BridgeNotReached && error.again && performance.now() + TRY_EVERY < until;
        if (!again) throw unanswered(error);
      }
      await pause(TRY_EVERY, undefined, { signal });
    }
  }

  return async function postBridgeCommand(url: string, command: BridgeCommand): Promise<unknown> {
    const refusal = settings.urls.refusal(url, settings.signature !== null);
    if (refusal !== null) throw unanswered(new BridgeNotReached(refusal, false));
    const context = Context.current();
    const signal = context.cancellationSignal;
    const eventsUrl = command.type === 'watch' ? null : settings.apiUrl && `${settings.apiUrl}${eventsPath(command)}`;
    const stopBeating = keepBeating(context, () => context.heartbeat());
    try {
      for (;;) {
        const next = performance.now() + askEveryMs;
        const answer = await ask(url, command, eventsUrl, signal);
        if ('error' in answer) throw bridgeError(answer.error);
        if (answer.result.result !== 'running') return answer.result;
        await pause(Math.max(0, next - performance.now()), undefined, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      stopBeating();
    }
  };
}

/** Where the events of a call are POSTed, below the address of our API: its id begins the ids of its commands. Contract B6. */
function eventsPath({ commandId }: BridgeCommand): string {
  return `/bridge/calls/${encodeURIComponent(commandId.slice(0, commandId.lastIndexOf('/')))}/events`;
}

function bridgeError({ type, message }: Extract<BridgeAnswer, { error: object }>['error']): ApplicationFailure {
  const known = BRIDGE_ERRORS.find((one) => one === type);
  return ApplicationFailure.nonRetryable(known ? message : `${type}: ${message}`, known ?? 'MEDIA_FAILED');
}

/** A fault of ours counts alike: retried for hours, it would leave the caller on a silent line. */
function unanswered(error: unknown): ApplicationFailure {
  const type: Unanswered = 'BRIDGE_UNANSWERED';
  const why = error instanceof BridgeNotReached ? error.message : `The command could not be sent (${nameOf(error)}).`;
  return ApplicationFailure.nonRetryable(why, type);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
