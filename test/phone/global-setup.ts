/**
 * Fetches Asterisk once for all tests of telephones; where there can be none they are skipped, and why is printed.
 * @module
 */
import type { TestProject } from 'vitest/node';
import { asteriskRoot, NoAsterisk } from './asterisk/fetch-asterisk.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder of an unpacked Asterisk; null where there can be none. */
    asterisk: string | null;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  try {
    project.provide('asterisk', await asteriskRoot((line) => console.log(line)));
  } catch (error) {
    if (!(error instanceof NoAsterisk)) throw error;
    console.log(`PHONE NOT TESTED: ${error.message}`);
    project.provide('asterisk', null);
  }
}
