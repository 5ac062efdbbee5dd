/**
 * Webhooks of many calls at once, whose target answers late.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { PhoneLine } from '../phone-line.js';
import { type Spread, spread } from '../statistics.js';

/** What became of them. */
export interface WebhookFigures {
  /** Webhooks that were waited for. */
  count: number;
  /** Milliseconds from the start of a further call to its first command, with their requests under way; one that takes half a minute counts as that. */
  firstCommand: Spread;
  /** Webhooks that were under way when those calls began. */
  atOnce: number;
  /** Webhooks whose request came more than once: a heartbeat was too late. */
  repeated: number;
  /** Webhooks whose request had not come within a minute. */
  missing: number;
}

/** Milliseconds after which the target answers: within the longest wait of a webhook. */
const ANSWER_MS = 58_000;
/** Milliseconds within which the requests of all webhooks are out, once their calls have begun. */
const PATIENCE_MS = 5000;

/**
 * Begins calls whose webhooks hang, then further ones among them, and waits until the webhooks are over.
 * @param begin starts the calls and gives their ids; @param further starts the further ones
 */
export async function amongWebhooks(
  { target }: PhoneLine,
  begin: () => Promise<string[]>,
  further: () => Promise<number[]>,
): Promise<WebhookFigures> {
  target.answer = { afterMs: ANSWER_MS };
  const ids = await begin();
  const late = performance.now() + PATIENCE_MS;
  while (performance.now() < late && ids.some((id) => target.of(id).lookups.length === 0)) await pause(100);
  const atOnce = ids.filter((id) => target.of(id).lookups.some(({ answered }) => answered === Infinity)).length;
  const firstCommand = spread(await further());
  const ends = ids.map((id) => target.ended(id));
  await Promise.race([Promise.all(ends), pause(ANSWER_MS + 30_000)]);
  target.answer = {};
  return {
    ...{ count: ids.length, firstCommand, atOnce },
    repeated: ids.filter((id) => target.of(id).lookups.length > 1).length,
    missing: ids.filter((id) => target.of(id).lookups.length === 0).length,
  };
}
