/**
 * The answers of a test, request by request, and what was sent to get them. Contract W8.
 * @module
 */
import type { EmailContent } from '../flow/messages/email-content.js';
import type { BuiltRequest, Header } from '../http/built-request.js';
import { headersOf } from '../http/request.js';
import type { Flow } from '../flow/documents/flow.js';
import { FLOW_END, type FlowTest, type ScriptedAnswer } from '../flow/documents/flow-test.js';
import { placeAt } from '../flow/places.js';
import { isUndoId, undoId } from '../engine/undo-task.js';

/** A request as the engine sent it. */
export interface SentRequest {
  /** The widget that sent it, as the call's path names it; `flowEnd` for the flow end. */
  sender: string;
  method: string;
  url: string;
  headers: Header[];
  body: string;
  /** What it got: a status or an error of the script; null when the test has no answer for it. */
  got: string | null;
}

/** What a request says of itself by its key `<workflow id>/<widget>/<visit>`. A flow end has no visit; an undo request has `/undo` after it. */
export function senderOf(idempotencyKey: string): { workflowId: string; widget: string | null } {
  const [workflowId = '', ...rest] = idempotencyKey.split('/');
  if (rest.length > 2 && isUndoId(idempotencyKey)) return { workflowId, widget: undoId(rest.slice(0, -2).join('/')) };
  return { workflowId, widget: rest.length < 2 ? null : rest.slice(0, -1).join('/') };
}

/** The script of one call: each widget has its answers in turn, the last for all that follow. */
export class AnswerScript {
  readonly sent: SentRequest[] = [];
  readonly #turns = new Map<string, number>();
  readonly #flowEnd: string;

  constructor(
    private readonly answers: FlowTest['answers'],
    flow: Flow,
  ) {
    // A widget's key has no blank, so this is nobody's answer: the flow end is taken then.
    this.#flowEnd = placeAt(flow, FLOW_END) ? 'flow end' : FLOW_END;
  }

  /** Notes a request and gives its answer; undefined when the test has none. */
  answer(built: BuiltRequest): ScriptedAnswer | undefined {
    const { widget } = senderOf(built.idempotencyKey);
    const sender = widget ?? this.#flowEnd;
    const answer = this.#next(sender) ?? (widget === null ? { after: 0 } : undefined);
    this.sent.push({
      ...{ sender, method: built.method, url: built.url.href },
      ...{ headers: headersOf(built), body: built.text },
      got: answer ? (answer.error ?? String(statusOf(answer))) : null,
    });
    return answer;
  }

  /** Notes an email and gives its answer; undefined when the test has none. */
  email(idempotencyKey: string, { to, subject, text }: EmailContent): ScriptedAnswer | undefined {
    const sender = senderOf(idempotencyKey).widget ?? '';
    const answer = this.#next(sender);
    const body = JSON.stringify({ to, subject, text });
    const got = answer ? (answer.error ?? String(statusOf(answer))) : null;
    this.sent.push({ sender, method: 'EMAIL', url: 'smtp:', headers: [], body, got });
    return answer;
  }

  #next(sender: string): ScriptedAnswer | undefined {
    const given = Object.hasOwn(this.answers, sender) ? this.answers[sender] : undefined;
    if (!given) return undefined;
    const list = Array.isArray(given) ? given : [given];
    const turn = this.#turns.get(sender) ?? 0;
    this.#turns.set(sender, turn + 1);
    return list[Math.min(turn, list.length - 1)];
  }
}

/** The status of an answer that names none is 200. */
export function statusOf({ status = 200 }: ScriptedAnswer): number {
  return status;
}
