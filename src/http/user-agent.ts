/**
 * How the engine names itself to targets. Contract W8.
 * @module
 */
import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** `Hookline/<version>`. Contract W8. */
export const USER_AGENT = `Hookline/${version}`;
