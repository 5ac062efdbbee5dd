/**
 * Limits of documents that the workflow keeps too. Free of zod, for the workflow bundle has none.
 * @module
 */

/** How deep a document may nest; deeper ones would exhaust the stack of whatever reads them. */
export const MAX_DEPTH = 200;

/** How deep `subflow` widgets may run one another. */
export const MAX_SUBFLOW_DEPTH = 10;

/** The most that one message holds, counted as people do: ten joined messages of the usual alphabet. */
export const MAX_SMS_CHARACTERS = 1600;

/** The addresses of one email, in `to` and `cc` together. */
export const MAX_RECIPIENTS = 50;
