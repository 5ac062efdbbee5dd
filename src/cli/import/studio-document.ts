/**
 * The parts of a Twilio Studio flow definition that are read; what else stands there is ignored.
 * @module
 */
import * as z from 'zod';

const condition = z.object({
  type: z.string().default(''),
  value: z.string().default(''),
  arguments: z.array(z.string()).default([]),
});
const transition = z.object({
  event: z.string(),
  next: z.string().nullish(),
  conditions: z.array(condition).default([]),
});
const state = z.object({
  name: z.string().min(1),
  type: z.string(),
  transitions: z.array(transition).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
});

/** A flow definition. */
export const studioDocument = z.object({
  description: z.string().default(''),
  initial_state: z.string().default('Trigger'),
  states: z.array(state).min(1).max(500),
});

/** A flow definition, read. */
export type StudioDocument = z.output<typeof studioDocument>;
/** One of its states. */
export type StudioState = z.output<typeof state>;

/** A property that is a text, number or boolean, as text; empty where it is not there. */
export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** Rows of keys and values. */
export function rowsIn(value: unknown): { key: string; value: string }[] {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  return rows.flatMap((row) => {
    const { key, value: given } = (row ?? {}) as { key?: unknown; value?: unknown };
    return textOf(key) === '' ? [] : [{ key: textOf(key), value: textOf(given) }];
  });
}
