/**
 * The rigs of the test file that runs. A module of its own, so that the set-up of every file can know them without the SDK.
 * @module
 */

/** Each gives up a server whose time stands still. */
export const openRigs = new Set<{ replaceUnlessWell(): Promise<void> }>();
