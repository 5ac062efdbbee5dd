/**
 * The recordings of a call: those that lie ready, and those still to come. Contract B2, E3.
 * @module
 */
import { condition } from '@temporalio/workflow';
import { masked } from '../../flow/values/mask.js';
import type { BridgeEvent } from '../../telephony/events.js';

/** How long the bridge has, after a recording has ended, to report where it is. */
const READY_MS = 10_000;

/** What the flow end reports of a recording. */
export interface Recording {
  name: string;
  url: string;
}

/** What the recordings of a call hand to its next run. */
export interface CarriedRecordings {
  ready: Recording[];
  awaited: string[];
  /** Names of those whose URL is sensitive; left out: none. Contract V7. */
  sensitive?: string[];
}

/** Knows each recording by the name that the engine gave it. */
export class Recordings {
  readonly #ready: Recording[];
  readonly #awaited: Set<string>;
  readonly #sensitive: Set<string>;

  constructor({ ready, awaited, sensitive }: CarriedRecordings = { ready: [], awaited: [] }) {
    this.#ready = [...ready];
    this.#awaited = new Set(awaited);
    this.#sensitive = new Set(sensitive);
  }

  /** Those that lie ready, as they are shown. Contract V7. */
  get shown(): Recording[] {
    return this.#ready.map(({ name, url }) => ({ name, url: masked(url, this.#sensitive.has(name)) }));
  }

  /** For the next run of the call. */
  carried(): CarriedRecordings {
    const sensitive = this.#sensitive.size > 0 ? { sensitive: [...this.#sensitive] } : {};
    return { ready: this.#ready, awaited: [...this.#awaited], ...sensitive };
  }

  /** A recording is being made. @param sensitive whether its URL is */
  expect(name: string, sensitive = false): void {
    this.#awaited.add(name);
    if (sensitive) this.#sensitive.add(name);
  }

  /** Whether a recording of this name is being made, or lies ready. */
  knows(name: string): boolean {
    return this.#awaited.has(name) || this.#ready.some((one) => one.name === name);
  }

  /** Nothing was recorded under this name after all. */
  drop(name: string): void {
    this.#awaited.delete(name);
  }

  /** Takes the event that reports where a recording is. */
  apply(event: BridgeEvent): void {
    if (event.type !== 'recordingReady') return;
    this.#awaited.delete(event.name);
    this.#ready.push({ name: event.name, url: event.url });
  }

  /** Where a recording that has ended lies; undefined when the bridge does not report it in time. */
  async urlOf(name: string): Promise<string | undefined> {
    await this.#wait(() => !this.#awaited.has(name), `recording ${name}`);
    return this.#ready.find((one) => one.name === name)?.url;
  }

  /** Waits for all that are still to come, so that the flow end can name them. */
  async settle(): Promise<void> {
    await this.#wait(() => this.#awaited.size === 0, 'recordings that are still to come');
    this.#awaited.clear();
  }

  async #wait(done: () => boolean, what: string): Promise<void> {
    if (!done()) await condition(done, READY_MS, { summary: `${what}: where does it lie?` });
  }
}
