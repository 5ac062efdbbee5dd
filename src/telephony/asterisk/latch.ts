/**
 * Something that happens once.
 * @module
 */

/** Open at first; who waits continues once it is set. */
export class Latch<T = void> {
  readonly done: Promise<T>;
  #resolve!: (value: T) => void;
  #set = false;

  constructor() {
    this.done = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Whether it has happened. */
  get isSet(): boolean {
    return this.#set;
  }

  /** It happens; a second time changes nothing. */
  set(value: T): void {
    this.#set = true;
    this.#resolve(value);
  }
}
