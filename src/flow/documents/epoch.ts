/**
 * The epoch of a bridge node, in its starts and in its answers. Without zod: workflow code reads it too. Contract B8.
 * @module
 */

/** What an epoch may be: a UUID or a time of boot, say. */
export const EPOCH = /^[A-Za-z0-9._:-]{1,64}$/;
