import * as z from 'zod';
import { base, exactNumber, fieldName, linesOf, saveIn, sensitive, text, variableName } from './common.js';

const operand = z.union([text, exactNumber]).transform(String);
const pair = { left: operand, right: operand };

const format = text.min(1).max(200);
/** A language tag, BCP 47. */
const locale = text.min(1).max(100);
/** How dates are read, and the zone that they are in. */
const reading = { inputFormat: format.optional(), timeZone: text.optional() };
const shift = {
  date: text,
  amount: operand,
  unit: z.enum(['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years']),
  ...reading,
};

/** What is calculated, told apart by `do`. */
const calculation = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('assign'), value: z.union([text, exactNumber, z.boolean()]).transform(String) }),
  z.strictObject({ do: z.literal('length'), text }),
  z.strictObject({ do: z.literal('concatenate'), texts: z.array(operand).min(1).max(100) }),
  z.strictObject({ do: z.literal('lowercase'), text }),
  z.strictObject({ do: z.literal('uppercase'), text }),
  z.strictObject({ do: z.literal('extract'), text, from: operand, length: operand.optional() }),
  z.strictObject({ do: z.literal('replace'), text, find: operand, with: operand }),
  z.strictObject({ do: z.literal('trim'), text }),
  z.strictObject({ do: z.literal('split'), text, separator: operand }),
  z.strictObject({
    do: z.literal('pad'),
    text: operand,
    length: operand,
    with: operand.default('0'),
    side: z.enum(['start', 'end']).default('start'),
  }),
  z.strictObject({ do: z.literal('spell'), text: operand }),
  z.strictObject({
    do: z.literal('match'),
    text,
    pattern: z.string().min(1).max(500),
    group: z.number().int().min(0).max(50).default(0),
  }),
  z.strictObject({ do: z.literal('pick'), of: variableName, number: operand, field: fieldName.optional() }),
  z.strictObject({ do: z.literal('random'), from: operand, to: operand }),
  z.strictObject({ do: z.literal('add'), ...pair }),
  z.strictObject({ do: z.literal('subtract'), ...pair }),
  z.strictObject({ do: z.literal('multiply'), ...pair }),
  z.strictObject({ do: z.literal('divide'), ...pair }),
  z.strictObject({ do: z.literal('remainder'), ...pair }),
  z.strictObject({ do: z.literal('round'), number: operand, digits: z.number().int().min(0).max(20).default(0) }),
  z.strictObject({
    do: z.literal('durationBetween'),
    from: text,
    to: text,
    unit: z.enum(['seconds', 'minutes', 'hours', 'days']),
    ...reading,
  }),
  z.strictObject({ do: z.literal('addDuration'), ...shift }),
  z.strictObject({ do: z.literal('subtractDuration'), ...shift }),
  z.strictObject({ do: z.literal('formatDate'), date: text, format, ...reading, locale: locale.optional() }),
  z.strictObject({
    do: z.literal('formatNumber'),
    number: operand,
    digits: z.number().int().min(0).max(20).optional(),
    locale: locale.optional(),
  }),
  z.strictObject({ do: z.literal('now'), timeZone: text.optional() }),
]);

/** Calculates one value of texts, numbers or dates and saves it. Contract V3, V4, V6. */
export const operation = z
  .strictObject({
    type: z.literal('operation'),
    ...base,
    operation: calculation.describe('What is calculated: `{ do, ... }` with its operands.'),
    saveIn,
    sensitive,
    lines: linesOf('next', 'failure'),
  })
  .describe('Calculates one value of texts, numbers or dates and saves it.');
