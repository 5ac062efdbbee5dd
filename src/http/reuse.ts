/**
 * Answers that are kept, and read again in place of asking. Contract R11.
 * @module
 */
import { fill, type Lookup, orFail } from '../flow/values/fill.js';
import { textsBelow, variablesIn } from '../flow/values/reference.js';
import type { RequestOutcome, WebhookTask } from '../engine/webhook-task.js';
import type { KeptAnswer, Keeping } from '../store/kept-answers.js';
import type { Answer } from './answers/answer.js';
import type { BuiltRequest } from './built-request.js';

/** Bytes of an answer that is kept. */
const MAX_KEPT_BYTES = 64 * 1024;
/** Milliseconds for the store to give or take an answer. */
const PATIENCE_MS = 500;
/** Failures that an answer from before may stand in for. */
const STANDS_IN_FOR: readonly (RequestOutcome['reason'] | undefined)[] = ['TIMEOUT', 'CONNECTION_FAILURE', 'SERVER_ERROR']; // prettier-ignore
/** Of no use for reading an answer, and nobody else's business. */
const NOT_KEPT = new Set(['set-cookie', 'www-authenticate', 'authentication-info', 'connection', 'date']);

/** Where answers are kept. */
export interface AnswerShelf {
  /** @param widget the widget's key in the flow */
  get(accountId: number, key: string, widget: string): Promise<KeptAnswer | undefined>;
  keep(accountId: number, key: string, answer: Keeping, widget: string): Promise<void>;
}

/** An answer from the shelf. */
export interface FromShelf {
  answer: Answer;
  /** Seconds since it was kept. */
  age: number;
  sensitive: boolean;
}

/** What a widget may reuse, for one request. */
export class Reuse {
  private constructor(
    private readonly shelf: AnswerShelf,
    private readonly task: Kept,
    private readonly key: string,
    /** What is there; undefined where nothing is, or the shelf does not answer. */
    readonly found: FromShelf | undefined,
  ) {}

  /**
   * Looks up what a request may reuse.
   * @returns undefined where its widget reuses nothing
   * @throws {TemplateError} INVALID_FLOW_VAR for a variable of its `key` that is absent
   */
  static async of(
    task: WebhookTask,
    built: BuiltRequest,
    shelf: AnswerShelf | undefined,
    now: () => number = Date.now,
  ): Promise<Reuse | undefined> {
    if (!shelf || !isKept(task)) return undefined;
    const key = keyOf(task, built);
    // Without the store the target is asked, as ever.
    const kept = await promptly(shelf.get(task.rules.accountId, key, widgetOf(task)));
    return new Reuse(shelf, task, key, kept && fromShelf(kept, now()));
  }

  /** What is reused before the target is asked. */
  get fresh(): FromShelf | undefined {
    return this.found && this.found.age < this.task.response.reuse.freshFor ? this.found : undefined;
  }

  /** What is reused in place of a failure. */
  standIn({ reason }: RequestOutcome): FromShelf | undefined {
    const { freshFor, staleFor } = this.task.response.reuse;
    const { found } = this;
    return found && found.age < freshFor + staleFor && STANDS_IN_FOR.includes(reason) ? found : undefined;
  }

  /** Keeps the answer of a success. What cannot be kept is not kept: the call has its answer. */
  async keep({ statusCode, headers, body }: Answer): Promise<void> {
    const { rules, response, sensitive = [], keeping } = this.task;
    if (body.truncated || body.tooLarge || Buffer.byteLength(body.text ?? '') > MAX_KEPT_BYTES) return;
    const kept = Object.entries(headers).filter(([name]) => !NOT_KEPT.has(name));
    const answer = JSON.stringify({ statusCode, headers: Object.fromEntries(kept), text: body.text });
    const { freshFor, staleFor } = response.reuse;
    const values = { answer, keptFor: freshFor + staleFor, sensitive: sensitive.length > 0, ...keeping };
    await promptly(this.shelf.keep(rules.accountId, this.key, values, widgetOf(this.task)));
  }
}

/** What comes in time; undefined for what is late or fails: a caller waits for the target, not for the store. */
async function promptly<T>(asked: Promise<T>): Promise<T | undefined> {
  const settled = asked.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

type Kept = WebhookTask & {
  response: { reuse: NonNullable<WebhookTask['response']['reuse']> };
  keeping: NonNullable<WebhookTask['keeping']>;
};

function isKept(task: WebhookTask): task is Kept {
  return task.response.reuse !== undefined && task.keeping !== undefined;
}

/** Flow and widget, and what the request is: the author's key, or all that may change its answer. */
function keyOf(task: Kept, { method, url, text }: BuiltRequest): string {
  const { request, response, variables, keeping } = task;
  const lookup: Lookup = (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
  const place = [keeping.flow, widgetOf(task)];
  if (response.reuse.key !== undefined) return JSON.stringify([...place, fill(response.reuse.key, lookup, orFail)]);
  // Those of rows and of credentials, too: an answer for one person is not for another.
  const names = [...new Set([...textsBelow(request)].flatMap(variablesIn))].sort();
  return JSON.stringify([...place, method, url.href, text, names.map((name) => lookup(name) ?? null)]);
}

/** `<workflow id>/<widget>/<visit>` has it; a widget within subflows has slashes of its own. */
function widgetOf({ idempotencyKey }: WebhookTask): string {
  return idempotencyKey.split('/').slice(1, -1).join('/');
}

function fromShelf({ answer, keptAt, sensitive }: KeptAnswer, now: number): FromShelf {
  const { statusCode, headers, text } = JSON.parse(answer) as Pick<Answer, 'statusCode' | 'headers'> & {
    text?: string;
  };
  const body = { ...(text !== undefined && { text, raw: text }), truncated: false, tooLarge: false };
  return { answer: { statusCode, headers, body }, age: Math.max(0, (now - keptAt.getTime()) / 1000), sensitive };
}
