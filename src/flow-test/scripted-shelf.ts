/**
 * The answers that are kept in a test: those that it says, and those that its own call keeps. Contract R11.
 * @module
 */
import type { AnswerShelf } from '../http/reuse.js';
import type { KeptAnswer, Keeping } from '../store/kept-answers.js';
import type { FlowTest } from '../flow/documents/flow-test.js';
import { messageOf } from './carrier.js';

type Said = FlowTest['kept'];

/** The shelf of the tests of a bench, which run one after the other. */
export class ScriptedShelf implements AnswerShelf {
  #said: Said = {};
  readonly #own = new Map<string, KeptAnswer>();

  /** @param now milliseconds, by which answers age */
  constructor(private readonly now: () => number) {}

  /** Begins a test: what calls before have kept is forgotten. */
  begin(said: Said): void {
    this.#said = said;
    this.#own.clear();
  }

  get(_account: number, key: string, widget: string): Promise<KeptAnswer | undefined> {
    const said = Object.hasOwn(this.#said, widget) ? this.#said[widget] : undefined;
    return Promise.resolve(this.#own.get(key) ?? (said && this.#keptAs(said)));
  }

  keep(_account: number, key: string, { answer, sensitive }: Keeping): Promise<void> {
    this.#own.set(key, { answer, sensitive, keptAt: new Date(this.now()) });
    return Promise.resolve();
  }

  #keptAs({ age, ...answer }: Said[string]): KeptAnswer {
    const { headers, body } = messageOf({ ...answer, after: 0 });
    const text = JSON.stringify({ statusCode: 200, headers, text: body.toString('utf8') });
    return { answer: text, sensitive: false, keptAt: new Date(this.now() - age * 1000) };
  }
}
