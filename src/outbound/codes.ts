/**
 * The response codes of the outbound API, as the product that Hookline follows numbers them; 429 is ours.
 * `docs/reference/outbound.md` is this table, and a test compares the two.
 * @module
 */

/** Name and message of each code that is given. */
export const OUTBOUND_CODES = {
  200: ['SUCCESS', 'Success'],
  201: ['CHECKSUM_REPEATED', 'Checksum Repeated'],
  202: ['INVALID_SECURITY_ID', 'Invalid Security ID'],
  203: ['INVALID_API_VERSION', 'API Version not Supported'],
  205: ['INVALID_CONTACT_NUMBER', 'Invalid Contact Number'],
  207: ['DID_NOT_MAPPED', 'DID Not Mapped'],
  209: ['PARTIAL_SUCCESS', 'Partial Success'],
  210: ['INVALID_MANDATORY_PARAMETERS', 'Invalid Mandatory Parameters'],
  211: ['VALIDITY_EXPIRED', 'Validity Expired'],
  301: ['INVALID_FLOW_ID', 'Invalid Flow ID'],
  302: ['EMPTY_CALL_LIST', 'Empty Call List'],
  303: ['MAX_DATA_LIST_SIZE_EXCEEDED', 'Max Data List Size Exceeded'],
  304: ['INVALID_FLOW_VERSION', 'Invalid Flow Version'],
  400: ['INVALID_FORMAT', 'Invalid Format'],
  401: ['IP_NOT_WHITELISTED', 'IP Not Whitelisted'],
  429: ['RATE_LIMITED', 'Too Many Requests'],
  500: ['FAILURE', 'Failure'],
} as const;

/** One of the codes. */
export type OutboundCode = keyof typeof OUTBOUND_CODES;

/** Whether calls were taken. */
export function isTaken(code: OutboundCode): boolean {
  return code === 200 || code === 209;
}
