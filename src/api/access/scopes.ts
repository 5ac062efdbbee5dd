/**
 * What a key may do. `AREA:write` includes `AREA:read`; other rights stand for themselves.
 * @module
 */

/** The areas of the API. */
export const AREAS = [
  'account',
  'keys',
  'secrets',
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
/** Rights that no other scope includes: to choose what new calls run, and to see what callers said. */
export const RIGHTS = ['flows:publish', 'calls:private'] as const;
/** A right. */
export type Scope = `${Area}:${'read' | 'write'}` | (typeof RIGHTS)[number];

/** Every scope. */
export const SCOPES: readonly Scope[] = [
  ...AREAS.flatMap((area) => [`${area}:read`, `${area}:write`] as const),
  ...RIGHTS,
];

/** Whether a key that has these scopes may do this. */
export function allows(scopes: readonly string[], wanted: Scope): boolean {
  return scopes.includes(wanted) || scopes.includes(wanted.replace(/:read$/, ':write'));
}
