/**
 * The far ends that the kit calls: numbers that a bridge's engineer sets up, and those of our simulator.
 * @module
 */
import * as z from 'zod';
import { caller, type Caller } from '../../flow/documents/caller.js';

const number = z.string().min(1).max(100).optional();

/** What each far end does; the numbers file has a field for each. */
export const FAR_ENDS = {
  answers: 'answers at once, presses nothing, stays',
  hangsUp: 'answers at once, hangs up after 2 s',
  presses: 'answers at once, presses 1, 2 and # 2, 3 and 4 s after it, stays',
  speaks: 'answers at once, speaks for 6 s without a pause, then hangs up',
  busy: 'is busy',
  noAnswer: 'rings for ever',
  rejects: 'refuses the call',
  unreachable: 'cannot be reached',
} as const;

/** The name of a far end. */
export type FarEnd = keyof typeof FAR_ENDS;

/** The numbers file; a far end that is left out is not called. */
export const numbersFile = z.strictObject({
  /** The number that the kit shows. */
  from: z.string().min(1).max(100).default('9100'),
  ...({ answers: number, hangsUp: number, presses: number, speaks: number } satisfies Partial<Record<FarEnd, unknown>>),
  ...({ busy: number, noAnswer: number, rejects: number, unreachable: number } satisfies Partial<
    Record<FarEnd, unknown>
  >),
});

/** The numbers of far ends, and the one that is shown. */
export type Numbers = z.output<typeof numbersFile>;

/** The numbers at which our simulator has these far ends. */
export const SIMULATED_NUMBERS = {
  from: '9100',
  answers: '9000',
  hangsUp: '9001',
  presses: '9002',
  speaks: '9003',
  busy: '9004',
  noAnswer: '9005',
  rejects: '9006',
  unreachable: '9007',
} as const satisfies Required<Numbers>;

const pressNow = (key: string) => ({ press: key, now: true });
const six = 'These are twenty words which take just six seconds when each of them is spoken at a fairly calm pace.';

/** How the numbers behave in our simulator, in real time. */
export const SIMULATED_FAR_ENDS: Pick<Caller, 'legs' | 'realTime'> = caller.parse({
  realTime: true,
  legs: {
    [SIMULATED_NUMBERS.answers]: { after: 0.2 },
    [SIMULATED_NUMBERS.hangsUp]: { after: 0.2, steps: [{ wait: 2 }, { hangUp: true }] },
    [SIMULATED_NUMBERS.presses]: {
      after: 0.2,
      steps: [{ wait: 2 }, pressNow('1'), { wait: 1 }, pressNow('2'), { wait: 1 }, pressNow('#')],
    },
    [SIMULATED_NUMBERS.speaks]: { after: 0.2, machine: true, steps: [{ say: six }, { wait: 6 }, { hangUp: true }] },
    [SIMULATED_NUMBERS.busy]: { answers: false, because: 'busy', after: 0.2 },
    [SIMULATED_NUMBERS.noAnswer]: { answers: false, because: 'noAnswer' },
    [SIMULATED_NUMBERS.rejects]: { answers: false, because: 'rejected', after: 0.2 },
    [SIMULATED_NUMBERS.unreachable]: { answers: false, because: 'unreachable', after: 0.2 },
  },
});
