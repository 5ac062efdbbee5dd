/**
 * How large a run is.
 * @module
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** A run of the harness. */
export interface ChaosOptions {
  /** Calls to start, default 60. */
  calls: number;
  /** How often processes are killed, default 4. */
  kills: number;
  /** What the random moments come from; default: another one each time. */
  seed: number;
  /** Whether the bridge is watched as a whole, default no. Contract B8. */
  watched: boolean;
  /** Which calls have a bridge that takes several commands at once: all, none, or, by default, half of them. Contract B7. */
  sequences: 'on' | 'off' | 'half';
}

/** Reads the command line. @throws {RangeError} for what is no positive whole number, or neither on nor off. */
export function chaosOptions(args: string[]): ChaosOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { calls: text, kills: text, seed: text, sequences: text, watched: { type: 'boolean' } },
  });
  return {
    calls: positive('--calls', values.calls ?? '60'),
    kills: positive('--kills', values.kills ?? '4'),
    watched: values.watched ?? false,
    sequences: onOrOff('--sequences', values.sequences),
    seed: positive('--seed', values.seed ?? String(randomInt(1, 1_000_000))),
  };
}

function onOrOff(name: string, text: string | undefined): ChaosOptions['sequences'] {
  if (text === undefined) return 'half';
  if (text !== 'on' && text !== 'off') throw new RangeError(`${name}: on or off.`);
  return text;
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RangeError(`${name}: a positive whole number.`);
  return Number(text);
}
