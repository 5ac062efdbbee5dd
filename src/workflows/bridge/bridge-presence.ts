/**
 * Whether the bridge of a call is there, and what waits for it to go. Contract B5, B8.
 * @module
 */

/** The presence of one bridge, for one call. */
export class BridgePresence {
  #gone = false;
  /** The node and its epoch, when it is watched as a whole. */
  #watched: string | null = null;
  /** What the watch has said is lost before the call knew its node. */
  readonly #lost = new Set<string>();
  /** What commands under way wait for beside their results. */
  readonly #waiting = new Set<() => void>();

  /** @param ended is called when the bridge goes, before the commands that wait for it end */
  constructor(private readonly ended: () => void) {}

  /** Whether the bridge has gone. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether the bridge's node is watched as a whole. Contract B8. */
  get watched(): boolean {
    return this.#watched !== null;
  }

  /** The node is watched as a whole, in this epoch; the watch may have given it up already. */
  watchedAs(node: string): void {
    this.#watched = node;
    if (this.#lost.has(node)) this.end();
  }

  /** The watch says that a node has lost its calls in an epoch; that of this call or another. */
  lost(node: string): void {
    if (node === this.#watched) this.end();
    else if (this.#watched === null) this.#lost.add(node);
  }

  /** The result, or null as soon as the bridge is gone: a command to a node that died ends after its longest time only. */
  unlessGone<T>(giving: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const gone = () => resolve(null);
      this.#waiting.add(gone);
      void giving.then(resolve, reject).finally(() => this.#waiting.delete(gone));
    });
  }

  /** The bridge is gone. */
  end(): void {
    this.#gone = true;
    this.ended();
    for (const gone of this.#waiting) gone();
  }
}
