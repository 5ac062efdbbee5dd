/**
 * A party that is rung: it answers, refuses, or is given up. Contract B3, B4, D6.
 * @module
 */
import type { DialledParty } from '../../flow/documents/caller.js';
import type { BridgeErrorType, CommandResult } from '../commands.js';
import type { SimClock } from './sim-clock.js';
import { BridgeError } from '../bridge-error.js';

/** How the callee of an outbound call behaves when the caller file does not say it: answers, and stays on the line. */
export const ANSWERS: DialledParty = {
  ...{ answers: true, after: 1, because: 'noAnswer', machine: false, earlyMedia: false, steps: [] },
};

/** Seconds that a party which the caller file does not script speaks with another one. Contract D6. */
const UNSCRIPTED_SECONDS = 10;

/** How a dialled party behaves when the caller file does not script it: a call would never end if it stayed on the line. */
export const UNSCRIPTED: DialledParty = {
  ...ANSWERS,
  steps: [{ until: { joined: true } }, { wait: UNSCRIPTED_SECONDS }, { hangUp: true }],
};

/** The error and the Q.850 cause of each way not to be reached. */
const REFUSALS: Record<DialledParty['because'], { type: BridgeErrorType; cause: number }> = {
  busy: { type: 'BUSY', cause: 17 },
  noAnswer: { type: 'NO_ANSWER', cause: 19 },
  rejected: { type: 'REJECTED', cause: 21 },
  unreachable: { type: 'UNREACHABLE', cause: 20 },
};

/** What comes of ringing a party. */
export interface RingOutcomes {
  answered(): CommandResult;
  /** The party was not reached; the leg is over with this cause. */
  refused(cause: number): void;
}

/** One ringing: its `result` rejects with a {@link BridgeError} when the party is not reached. */
export class Ringing {
  readonly result: Promise<CommandResult>;
  #resolve!: (result: CommandResult) => void;
  #reject!: (error: BridgeError) => void;
  #cancel: () => void;

  constructor(party: DialledParty, ringSeconds: number, clock: SimClock, outcomes: RingOutcomes) {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const inTime = party.after <= ringSeconds && (party.answers || party.because !== 'noAnswer');
    this.#cancel = clock.after((inTime ? party.after : ringSeconds) * 1000, () => {
      if (inTime && party.answers) return this.#resolve(outcomes.answered());
      const { type, cause } = REFUSALS[inTime ? party.because : 'noAnswer'];
      // First the result, for the end of the leg would make it `legGone`; the event is sent before it anyway.
      this.#reject(new BridgeError(type, `The number was not reached: ${type}.`));
      outcomes.refused(cause);
    });
  }

  /** The leg went while it rang. */
  legGone(): void {
    this.#cancel();
    this.#resolve({ result: 'legGone' });
  }
}
