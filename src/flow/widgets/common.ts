/**
 * What every widget's schema is made of. Contract D1, D2, V4, W9.
 * @module
 */
import * as z from 'zod';

/** A widget's key in the document: the target of lines and entry points. Contract D2. */
export const widgetKey = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'A widget key is a letter, then up to 63 letters, digits, "_" or "-".');

/** The id of a flow. Contract D2. */
export const flowId = z.string().regex(/^[A-Za-z0-9]{8}$/, 'A flow id is 8 letters or digits.');

/** The name of a line where the document itself says it. */
export const lineName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/);

/** A text field: a template in which variables are replaced. Contract V4. */
export const text = z.string();

/** A number as JSON keeps its digits only up to here; a longer one is written as text. Contract V3. */
export const exactNumber = z
  .number()
  .refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER, 'A number this long is written as text, in quotes.');

/** Where a value is saved: a variable that a flow may write. Contract V1, V5. Its namespace is checked by validation. */
export const saveIn = z.string().describe('The variable that gets the value: `$flow.key.NAME` or `$user.key.NAME`.');

/** The full name of a variable that a flow may set, where it is a name and no template. Contract V1, V5. */
export const variableName = z
  .string()
  .regex(
    /^\$(?:flow|user)\.(?:key|syskey)\.[A-Za-z_][A-Za-z0-9_]*$/,
    'The name of a variable that can be set: $flow.key.NAME or $user.key.NAME.',
  );

/** A field of each item of a list. Contract R5b. */
export const fieldName = z
  .string()
  .regex(
    /^(?!(?:size|index)$)[A-Za-z][A-Za-z0-9]{0,63}$/,
    'A field is a letter, then letters or digits; not size or index.',
  );

/** Whether what is saved is sensitive. Contract V7. */
export const sensitive = z
  .boolean()
  .default(false)
  .describe(
    'Whether the value is sensitive: wherever it is shown, and whatever is made of it, `***` stands in its place.',
  );

/** A key of the telephone by which a caller leaves a wait. Contract H6. */
export const leaveKey = z
  .string()
  .regex(/^[0-9*#]$/, 'A key is one of 0 to 9, "*" and "#".')
  .optional()
  .describe(
    'The key (`0` to `9`, `*`, `#`) by which the caller leaves the wait, by line `left`; left out, there is no such line.',
  );

/** What becomes of a text in which a variable is absent. Contract W5. */
export const onMissing = z
  .enum(['fail', 'empty'])
  .default('fail')
  .describe('An absent variable: INVALID_FLOW_VAR, or nothing (in JSON outside quotes `null`).');

/** A value, or the name of one of the account's secrets. Contract W3. */
export const secretable = z.union([text, z.strictObject({ secret: z.string().min(1) })]);

/** Fields that every widget has. */
export const base = {
  name: z.string().max(200).optional().describe('A label for people.'),
  notes: z.string().max(1000).optional().describe('For people.'),
};

/** A widget's `lines`: each of the named lines may lead to a widget; a line left out ends the flow there. */
export function linesOf<const Name extends string>(...names: Name[]) {
  return z
    .strictObject(targetsOf(names))
    .default({} as never)
    .describe('Line to key of a widget; a line left out ends the flow there.');
}

function targetsOf<const Name extends string>(names: Name[]) {
  return Object.fromEntries(names.map((name) => [name, widgetKey.optional()])) as Record<
    Name,
    z.ZodOptional<typeof widgetKey>
  >;
}

/** `lines` of a widget that also has lines of keys, whose names stand in the document itself; validation checks them. Contract H6. */
export function linesOfKeys<const Name extends string>(...names: Name[]) {
  return z
    .object(targetsOf(names))
    .catchall(widgetKey)
    .default({} as never)
    .describe('Line to key of a widget; a line left out ends the flow there.');
}

/** `lines` of a widget whose line names stand in the document itself (`decision`, `menu`); validation checks them. */
export const ownLines = z
  .record(z.string(), widgetKey)
  .default({})
  .describe('Line to key of a widget; a line left out ends the flow there.');
