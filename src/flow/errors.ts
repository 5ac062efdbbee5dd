/**
 * Every error of the product, in one catalogue: its code and what to do about it.
 * `docs/reference/errors.md` is this table, and a test compares the two.
 * @module
 */

/** Faults in documents and command-line values: exit code 2. Contract C4, D4, D5. */
export const DOCUMENT_ERRORS = {
  INVALID_ENCODING: 'The document is not UTF-8. Save it in UTF-8; the place named is the first that does not fit.',
  INVALID_JSON: 'The document is not JSON. Correct it at the place named.',
  DUPLICATE_KEY: 'A key stands twice in one object, and only one of the two would count. Rename one, or remove it.',
  INEXACT_NUMBER:
    'The number would change when it is read. Write it in quotes; in a JSON body, write the body as text.',
  UNKNOWN_FIELD: 'The field does not exist here. Use the suggested name, or remove the field.',
  MISSING_FIELD: 'A required field is missing. Add it.',
  INVALID_VALUE: 'The value does not fit the field. The message says what fits.',
  UNKNOWN_WIDGET:
    'A line or entry point names a widget that the flow does not have. Use the suggested key, or add the widget.',
  UNKNOWN_SUBFLOW:
    'A `subflow` widget names a flow that the document does not contain. Use the suggested id, or add the flow to `subflows`.',
  UNKNOWN_LINE: 'The widget has no line of this name. Use one of those listed.',
  READ_ONLY_VARIABLE: '`$call`, `$account` and `$sys` are only read. Save in `$flow.key.NAME` or `$user.key.NAME`.',
  UNKNOWN_NAMESPACE:
    'A variable that can be set is `$flow.key.NAME`, `$flow.syskey.NAME`, `$user.key.NAME` or `$user.syskey.NAME`.',
  INPUT_MISSING:
    'The flow requires an input that the start does not give. Give it, or give the input a default in the flow.',
  INVALID_PATH:
    'The mapping path does not parse in its dialect. JSON paths start with `data`, those of a field of a list with `item`; XML paths are XPath 1.0.',
  INVALID_PATTERN:
    'The pattern is too large, or not a regular expression of RE2, which has no look-around and no back-references.',

  BODY_NOT_ALLOWED: 'GET and HEAD carry no body. Use POST, or set the body to none.',
  HTTP_NOT_ENABLED: 'The account allows https only. Use an https URL, or enable HTTP for the account.',
  UNKNOWN_SECRET:
    'The account has no secret of this name. Add it under `secrets`: `{ "stored": true }`, or an `env` or `file` of its own.',
  SECRET_OUTSIDE:
    'A secret names a variable or a file that is not for this account. Use `{ "stored": true }`, a variable `HOOKLINE_SECRET_ID_NAME`, or a file below `HOOKLINE_SECRETS_DIR/ID`.',
  DEFAULT_WEBHOOK_MISSING:
    'Default webhook is not configured. Set `defaultWebhook` in the account, or switch `flowEndWebhook` off.',
  HOURS_MISSING: 'Neither the widget nor the account has business hours. Set `hours` in one of them.',
  SMS_NOT_CONFIGURED: 'The account has no provider for text messages. Set `sms` in the account.',
  SMTP_NOT_CONFIGURED: 'The account has no mail server. Set `smtp` in the account: the server and the sender.',
  DOCUMENT_TOO_LARGE:
    'The document is larger than is taken (a flow: 512 KiB), or takes too long to check. The message says which. Make it smaller, or split the flow.',
  FILE_NOT_FOUND: 'A file that the test names is missing, both beside the test and in the folders above it.',
} as const;

/** What validation only warns of. Contract D5, V2, W3. */
export const DOCUMENT_WARNINGS = {
  INVALID_TEMPLATE: 'The body is not JSON for most values of its variables. Correct it at the place named.',
  HEADER_IGNORED: 'The engine writes this header itself, so the row has no effect. Remove it.',
  UNREACHABLE_WIDGET: 'No line leads here. Connect the widget, or remove it.',
  VARIABLE_NEVER_SET:
    'The flow reads a variable that nothing sets, or a value that the account does not have. Set it, give it a default (`${flow.key.NAME:-guest}`), or leave it to the start of the call.',
  DEFAULT_WAS_TEXT:
    'A flow stored before 0.7.0 holds a text such as `${flow.key.NAME:-guest}`, which is a variable with a default now. Write `$$` for its dollar where that is not meant, and store the flow again.',
  ENDLESS_LOOP:
    'These widgets lead only to each other, so the call would end at the widget limit. Give the loop a way out.',
  ANSWER_NOT_ASKED:
    'No way leads from the request to the widget that collects its answer, or each collects it before. Ask first, and collect once.',
  UNDO_WITHOUT_KEEP:
    'A caller who hangs up has this taken back, whatever was reached before. Add a `keep` behind it, or leave `hungUp` out of `on`.',
  UNKNOWN_NAMESPACE_IN_TEXT: 'There is no such namespace, so this is plain text. Write `$$` if a dollar sign is meant.',
  UNKNOWN_CALL_FACT: 'There is no such `$call` fact, so it is always absent.',
  REUSE_KEY_COMMON:
    'The key of reused answers names no variable of the request, so every call gets the same answer. Name those that the answer depends on.',
  ROWS_MAY_SHIFT:
    'Rows take values out of one list, and where an item lacks one, the values behind it move up. Read the list by one row with `each`.',
  SENSITIVE_UNENCRYPTED:
    'The flow has sensitive values, and histories hold them in clear where calls run without keys. Give the workers HOOKLINE_CODEC_KEYS.',
  LITERAL_CREDENTIAL: 'The document contains a credential. Put it into a secret and name that: { "secret": NAME }.',
} as const;

/** Why a webhook took its failure line: the variable `$flow.key.error_reason`. Contract R3. */
export const WEBHOOK_REASONS = {
  AUTHENTICATION_FAILURE: 'The target answered 401 or 407 to the credentials sent.',
  TIMEOUT: 'The full answer did not arrive within the wait.',
  INVALID_FLOW_VAR: 'A variable that the request needs has no value; nothing was sent.',
  INVALID_REQUEST: 'The request cannot be built, or its target is not allowed; nothing was sent.',
  INVALID_RESPONSE:
    'The answer breaks its protocol (status, length, content coding, charset), does not parse as the chosen type, or is too large. `$flow.key.error_detail` says which.',
  INVALID_RESPONSE_MAP:
    'A mapping path failed or took more than its time or memory, or a mandatory path found no value.',
  VARIABLE_LIMIT: 'The values exceed the limits on variables; none was written.',
  WAIT_BUDGET: 'The call has used up its budget of waiting for webhooks, functions and messages.',
  CALLER_LEFT: 'The caller left the wait by the key that the widget offers.',
  REDIRECTION: 'The target answered with a redirect (3xx): the request follows none, or fewer than there were.',
  CLIENT_ERROR: 'The target answered with a 4xx status.',
  SERVER_ERROR: 'The target answered with a 5xx status.',
  CONNECTION_FAILURE: 'The target could not be reached, or the connection broke.',
} as const;

/** Why a call ended as `failed`, or was refused. Contract C3, C4, B5. */
export const CALL_ERRORS = {
  INVALID_FLOW:
    'The flow or the account is not valid; every error is listed. `hookline validate` shows them before a call.',
  INVALID_INPUT: 'The start argument of the call is not valid; every error is listed.',
  ACCOUNT_UNKNOWN: 'The store has no account of this id. Create it, or start the call with its document.',
  FLOW_UNKNOWN: 'The account has no published flow of this id. Publish it, or start the call with the document.',
  ACCOUNT_BUSY: 'The account has reached its limit of calls at once, or of starts in a second. Try again in a moment.',
  WIDGET_LIMIT: 'The call reached the limit of widgets. Look for a loop in its path.',
  CALL_TOO_LONG: 'The call reached the limit of its duration.',
  WIDGET_FAULT: 'A widget failed, and the flow has no `failure` line for it. The message names the widget.',
  BRIDGE_GONE: 'The bridge stopped taking commands.',
  CANCELLED: 'The call was cancelled from outside.',
  TERMINATED: 'The call was terminated from outside.',
  TIMED_OUT: "One of Temporal's own time-outs closed the call.",
} as const;

/** What can go wrong around calls: exit code 1. */
export const SYSTEM_ERRORS = {
  INTERNAL: 'Hookline itself is at fault. Set HOOKLINE_DEBUG=1 to see where, and report it.',
  FILE_UNREADABLE: 'A file cannot be read. Check its path and permissions.',
  FILE_UNWRITABLE: 'A file cannot be written. Check its path and permissions.',
  NO_TESTS: 'The folder has no `*.test.json` file, or none that matches the filter.',
  NO_TEMPORAL_SERVER: 'No Temporal server could be found, fetched or started. The message lists what was tried.',
  TEMPORAL_UNREACHABLE: 'The Temporal server does not answer. Check TEMPORAL_ADDRESS, and that the server runs.',
  NO_RECORD:
    'The call does not exist, has not ended, or left no report; the message says which. If need be, start a worker.',
  NO_WORKER: 'No worker takes calls. Start one: `hookline worker` in a deployment, `hookline start` for development.',
  ARI_REFUSED: 'Asterisk does not let the bridge in, or is too old. Compare user and password with its ari.conf.',
  BRIDGE_REPLACED:
    'Another bridge has connected to Asterisk under the same name. Give each node an `id` and an ARI application of its own.',
  NO_BRIDGE: 'No bridge takes commands there. Start it, or use `hookline bridge simulate`.',
  STORE_UNREACHABLE: 'The database does not answer. Check DATABASE_URL, and that PostgreSQL runs.',
  STORE_UNREADABLE:
    'A row of the store was changed, or encrypted with a key that is missing here. Restore the key of the id named.',
  PORT_TAKEN: 'A port that is needed is in use. End the other program, or set another port where there is a setting.',
  API_UNSIGNED: 'Without a secret the API listens on this machine only. Set HOOKLINE_BRIDGE_SECRET.',
  TLS_INVALID:
    'A TLS setting is not valid, or its file cannot be read. The message names the setting, and never a key.',
  PLAIN_LISTENER:
    'A warning: other machines reach this listener, and its traffic is not encrypted. Give it a certificate, or put a proxy in front of it.',
  CODEC_REQUIRED:
    'There is no key to encrypt with. Set HOOKLINE_CODEC_KEYS, or HOOKLINE_CODEC=off to leave histories readable.',
  CODEC_KEYS_INVALID: 'The keys of the codec cannot be read. The message names each by its position, and never a key.',
  PAYLOAD_UNREADABLE:
    'A payload in Temporal was changed, or encrypted with a key that is missing here. Restore the key of the id named.',
  CODEC_SERVER_OPEN: 'Without a token the codec server listens on this machine only. Set HOOKLINE_CODEC_TOKEN.',
  NO_API: 'No API answers. Start `hookline start`, or set HOOKLINE_API_URL and HOOKLINE_API_KEY.',
  API_REFUSED: 'The API refused the request. The message has its code and its reason.',
  NOTHING_NAMED: 'The command does not guess which dead letters are meant. Name one, a filter, or `--all`.',
  NOT_AGREED: 'Nothing was published, because nobody confirmed. Use `--yes` where nobody can be asked.',
  NOT_A_WEBHOOK: 'The command needs the key of a webhook widget of the flow.',
  ENDPOINT_PAUSED:
    'An endpoint of flow ends has failed for an hour. Its flow ends wait; `hookline endpoints list` shows why it fails.',
  SECRET_UNAVAILABLE:
    'The value of a secret cannot be read: it is not set, or its place is not one of the account. The message says which.',
} as const;

/** What the HTTP API answers, beside the codes of documents and calls. Contract B6, F6, F7. */
export const API_ERRORS = {
  SIGNATURE_INVALID:
    'The request is not signed with the secret of this engine, or its time stamp is more than 5 minutes off.',
  ROUTE_UNKNOWN: 'The API has no such method and path.',
  CALL_UNKNOWN: 'There is no call of this id. A call that has just started may need a moment: send the event again.',
  DID_UNKNOWN: 'The number that was dialled leads to no flow. Give it to one with `hookline dids set`.',
  INVALID_EVENT: 'The body, or an entry of its list, is not an event. The other events of the list were accepted.',
  TOO_MANY_EVENTS: 'The call accepts no more events until its next widget. Send the event again in a moment.',
  NOT_ACCEPTED: 'The request is not HTTP, or its body is not JSON of at most 1 MiB, sent as application/json.',
  KEY_INVALID: 'The request carries no valid key of this API. Send `Authorization: Bearer KEY`.',
  FORBIDDEN: 'The key belongs to another account, or lacks the scope that the route needs.',
  ADDRESS_NOT_ALLOWED: 'The account has an `ipAllowList`, and the address of the request is not on it.',
  WOULD_LOCK_OUT:
    'The new `ipAllowList` does not name the address of this request. Add the address, or send the request with `?force=true`.',
  RATE_LIMITED:
    'This key sent too many requests in a minute, or this address too many wrong keys. `Retry-After` says when to try again.',
  IDEMPOTENCY_UNDER_WAY: 'The first request with this `Idempotency-Key` is still under way. Send it again in a moment.',
  IDEMPOTENCY_MISMATCH: 'Another request has used this `Idempotency-Key`. Use a new one.',
  ANSWER_NOT_KEPT:
    'The request with this `Idempotency-Key` was done before, and its answer is not kept, for it holds a key. List the keys; delete one whose text is lost.',
  INVALID_ACCOUNT: 'The account document is not valid; every error is listed.',
  ACCOUNT_EXISTS: 'An account of this id, or of this security id, exists already. Change that one, or use another id.',
  NOT_FOUND: 'The account has nothing of this id.',
  NOTHING_TO_ROLL_BACK: 'The flow has no earlier published version.',
  CALL_NOT_TAKEN: 'The outbound call cannot be placed. The message holds the code of the outbound API.',
  FUNCTION_FAILED: 'The internal function failed. The message says why.',
  NOT_DEAD: 'Only a dead letter can be sent again; this delivery is under way, or was delivered.',
  NOT_SEARCHABLE: 'The Temporal server does not know our search attributes, so calls cannot be listed.',
  TOKEN_INVALID: 'The codec server requires its bearer token; without one it takes only requests to localhost.',
  ORIGIN_REFUSED: 'The codec server does not serve pages of this origin. Name the origin in HOOKLINE_CODEC_UI_ORIGIN.',
  PAYLOADS_INVALID: 'The codec server takes `{ "payloads": [...] }` as JSON of at most 8 MiB.',
} as const;

export type DocumentErrorCode = keyof typeof DOCUMENT_ERRORS;
export type DocumentWarningCode = keyof typeof DOCUMENT_WARNINGS;
export type WebhookReason = keyof typeof WEBHOOK_REASONS;
export type CallErrorCode = keyof typeof CALL_ERRORS;
export type SystemErrorCode = keyof typeof SYSTEM_ERRORS;
export type ApiErrorCode = keyof typeof API_ERRORS;

/** One finding in a document: what, where (a JSON pointer) and what to do. Contract D4, D5. */
export interface Problem {
  code: DocumentErrorCode | DocumentWarningCode;
  pointer: string;
  message: string;
}

/** An error that a person meets outside of a call, with its stable code. */
export class HooklineError extends Error {
  override readonly name = 'HooklineError';
  constructor(
    readonly code: SystemErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
