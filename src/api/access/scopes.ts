/**
 * What a key may do. `AREA:write` includes `AREA:read`.
 * @module
 */

/** The areas of the API. */
export const AREAS = [
  'account',
  'keys',
  'flows',
  'calls',
  'agents',
  'contacts',
  'links',
  'reports',
  'deliveries',
  'functions',
] as const;

/** The name of an area. */
export type Area = (typeof AREAS)[number];
/** A right. */
export type Scope = `${Area}:${'read' | 'write'}`;

/** Every scope. */
export const SCOPES = AREAS.flatMap((area) => [`${area}:read`, `${area}:write`] as Scope[]);

/** Whether a key that has these scopes may do this. */
export function allows(scopes: readonly string[], wanted: Scope): boolean {
  return scopes.includes(wanted) || scopes.includes(wanted.replace(/:read$/, ':write'));
}
