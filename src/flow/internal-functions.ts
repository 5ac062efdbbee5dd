/**
 * The internal functions: what each reads and writes. Contract F1-F5.
 * @module
 */

/** What a function reads and writes, by full variable name. */
export interface InternalFunction {
  /** Read. Those with `true` must have a value. */
  inputs: Readonly<Record<string, boolean>>;
  /** Written. */
  outputs: readonly string[];
}

/** Every function by its method name, which is also the name of its activity. */
export const INTERNAL_FUNCTIONS = {
  createOutbound: {
    inputs: {
      '$flow.syskey.apiVersion': true,
      '$flow.syskey.securityID': true,
      '$flow.syskey.flowID': true,
      '$flow.syskey.clientID': false,
      '$flow.syskey.delayMinutes': false,
      '$flow.syskey.contactNumbers': true,
    },
    outputs: ['$flow.key.obdResponseCode', '$flow.key.obdReqID', '$flow.key.obdPhononUUID'],
  },
  shortURL: { inputs: { '$flow.key.longUrl': true }, outputs: ['$flow.key.shortUrl'] },
  updateUserPreferences: {
    inputs: { '$user.syskey.contactNumber': true, '$user.syskey.accountID': true },
    outputs: [],
  },
  updatePauseStatusForCLI: {
    inputs: { '$flow.key.pause': true, '$flow.key.cli': true },
    outputs: ['$flow.key.cli_pause_update'],
  },
} as const satisfies Record<string, InternalFunction>;

const [SHORT_URL, LONG_URL] = ['$flow.key.shortUrl', '$flow.key.longUrl'];

/** The outputs of a function that are made of an input: a short link leads to its address, so it is as sensitive. Contract V7. */
export function madeOfInputs(
  method: FunctionMethod,
  isSensitive: (name: string) => boolean,
): { saveIn: string; sensitive: boolean }[] {
  return method === 'shortURL' ? [{ saveIn: SHORT_URL, sensitive: isSensitive(LONG_URL) }] : [];
}

/** The method name of a function. */
export type FunctionMethod = keyof typeof INTERNAL_FUNCTIONS;

/** Variables that a widget may pass beside a function's own inputs. Contract F5. */
export const PARAMETER_GROUPS = ['call', 'flow.key', 'user.key'] as const;
/** One group of them. */
export type ParameterGroup = (typeof PARAMETER_GROUPS)[number];
