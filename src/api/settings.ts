/**
 * Where the API listens, from the environment.
 * @module
 */

/** The port of an API that is told no other. */
export const API_PORT = 8180;

/** Reads the settings. @throws {RangeError} when the port is none. */
export function apiSettings(env: NodeJS.ProcessEnv): { host: string; port: number } {
  const given = env.HOOKLINE_API_PORT || String(API_PORT);
  const port = Number(given);
  if (!/^\d{1,5}$/.test(given) || port < 1 || port > 65_535) throw new RangeError('HOOKLINE_API_PORT: not a port');
  return { host: env.HOOKLINE_API_HOST || '127.0.0.1', port };
}
