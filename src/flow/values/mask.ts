/**
 * What is shown of a sensitive value. Contract V7.
 * @module
 */

/** What is shown in place of a sensitive value. Contract V7. */
export const MASK = '***';

/** The value, or what is shown in its place. */
export function masked(value: string, sensitive: boolean): string {
  return sensitive ? MASK : value;
}

/** The same values, each sensitive one masked. */
export function maskedValues(
  values: Readonly<Record<string, string>>,
  sensitive: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, masked(value, sensitive.includes(name))]),
  );
}
