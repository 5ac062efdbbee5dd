/**
 * Which way a number is dialled: the first trunk whose pattern fits gives the endpoint. A number comes near an endpoint only when it
 * consists of digits, `*`, `#` and a leading `+`. Contract B3.
 * @module
 */
import * as z from 'zod';

/** A number that may be dialled or shown. */
const NUMBER = /^\+?[0-9*#]{1,40}$/;

/** One trunk. */
export const trunk = z.strictObject({
  /** Shown in faults. */
  name: z.string().min(1).max(100),
  /** The numbers that go this way, as a regular expression for the whole number; default: all. */
  numbers: z.string().max(500).default('.*'),
  /** The endpoint for Asterisk, `{number}` in it being the number: `PJSIP/{number}@carrier`. */
  endpoint: z.string().min(1).max(500),
});

/** The trunks of a node, in the order in which they are looked at. */
export class Trunks {
  readonly #trunks: readonly { numbers: RegExp; endpoint: string }[];

  constructor(trunks: readonly z.output<typeof trunk>[]) {
    this.#trunks = trunks.map(({ numbers, endpoint }) => ({ numbers: new RegExp(`^(?:${numbers})$`), endpoint }));
  }

  /** The template of the first trunk that a number fits. */
  templateFor(number: string): string | null {
    return this.#trunks.find(({ numbers }) => numbers.test(number))?.endpoint ?? null;
  }

  /** The number to show; nothing when it is none. */
  shown(from: string): string {
    return NUMBER.test(from) ? from : '';
  }
}

/** The endpoint of a number; null when it is no number, or no trunk takes it. */
export function endpointOf(trunks: Trunks, number: string): string | null {
  if (!NUMBER.test(number)) return null;
  // In a SIP URI a number sign begins something else.
  return trunks.templateFor(number)?.replaceAll('{number}', number.replaceAll('#', '%23')) ?? null;
}
