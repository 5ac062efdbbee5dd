/**
 * Puts messages and stack traces of failures into payloads, where the codec reaches them. Clients and workers load it by
 * its path with `require`, and it stands in the workflow bundle: hence CommonJS.
 * @module
 */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the one form that is CommonJS and typed
import common = require('@temporalio/common');

/** The SDK finds it by this name. */
export = { failureConverter: new common.DefaultFailureConverter({ encodeCommonAttributes: true }) };
