/**
 * A request that outlives the wait for its answer. Contract H3, H6, H9.
 * @module
 */
import { CancellationScope } from '@temporalio/workflow';
import type { Answered } from './outcome.js';

/** A request that a caller may leave behind: then neither the end of the wait nor that of the call cuts it. */
export class LeavableRequest {
  readonly #scope: CancellationScope | null;
  /** The request, once it is made. */
  underWay: Promise<Answered> | null = null;

  /** @param canBeLeftBehind otherwise it ends with whatever waits for it */
  constructor(canBeLeftBehind: boolean) {
    const shield = canBeLeftBehind ? new CancellationScope({ cancellable: false }) : null;
    this.#scope = shield && new CancellationScope({ cancellable: true, parent: shield });
  }

  make(send: () => Promise<Answered>): Promise<Answered> {
    if (!this.#scope) return send();
    this.underWay = this.#scope.run(send);
    return this.underWay;
  }

  /** Closes its socket, if it is under way and can be left behind. */
  cancel(): void {
    this.#scope?.cancel();
  }
}
