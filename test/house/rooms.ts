/**
 * The rooms of `src/`, from the foundation up. A room imports rooms that stand before it, and itself.
 * A folder that is not named here belongs to the nearest named folder around it.
 * @module
 */

/** Each room in the order of the floors: its folder below `src/`. */
export const ROOMS = [
  'flow',
  'telephony',
  'engine',
  'crypto',
  'store',
  'observability',
  'judging',
  'http',
  'email',
  'telephony/http',
  'telephony/simulator',
  'calls',
  'telephony/asterisk',
  'outbound',
  'functions',
  'activities',
  'workflows',
  'telephony/check',
  'temporal',
  'api',
  'codec-server',
  'client',
  'recorded',
  'stack',
  'flow-test',
  'recorded/replay',
  'cli',
] as const;

/** The room of a folder; undefined for entry points and for a folder in no room. */
export function roomOf(folder: string): string | undefined {
  const around = ROOMS.filter((room) => folder === room || folder.startsWith(`${room}/`));
  return around.sort((one, other) => other.length - one.length)[0];
}
