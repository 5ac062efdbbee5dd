/**
 * The way into this room: work whose cost a target or a flow author decides, such as the reading of an answer. Contract R3, R8.
 * @module
 */
import type { Contract } from '../flow/mapping/contract.js';
import type { Reading } from '../flow/mapping/map-answer.js';
import type { MapRow } from '../flow/mapping/map-rows.js';
import type { Mapped } from '../flow/mapping/write.js';
import type { Account } from '../flow/documents/account.js';
import type { Flow } from '../flow/documents/flow.js';
import type { Problem } from '../flow/errors.js';
import type { Findings, Origin } from '../flow/validation/validate.js';

/** What can be judged, by name: what it is given, and what it gives. */
export interface Works {
  /** The text of bytes, decoded strictly, a byte order mark dropped. Contract R8. */
  text: {
    given: {
      bytes: Uint8Array;
      charset: string;
      /** Whether the bytes end somewhere in the middle, where half a character is no fault. */
      cut: boolean;
    };
    gives: string;
  };
  /** The writes of all rows of a response over the text of an answer. Contract R4-R6, V6. */
  mapping: {
    given: {
      text: string;
      /** How the paths are written. */
      by: Reading;
      /** What the flow expects of the answer; default: nothing. Contract R10. */
      contract?: Contract;
      rows: MapRow[];
    };
    gives: Mapped;
  };
  /** What is wrong with a flow document, 1,000 errors and warnings at most. Contract C4, D5. */
  flow: { given: { document: unknown; account: Account | undefined; origin: Origin }; gives: Findings<Flow> };
  /** What is wrong with an account document. Contract C4, D3. */
  account: { given: { document: unknown; origin: Origin }; gives: Findings<Account> };
  /** Whether bytes are a JSON document that is not too large in any way, and what a reader would pass over. Contract D1. */
  body: { given: { bytes: Uint8Array }; gives: { slips: Problem[] } | { fault: Problem } };
}

/** One piece of work. */
export type Work = { [K in keyof Works]: { kind: K; given: Works[K]['given'] } }[keyof Works];

/** For whom work is done: turns and budgets go by these. */
export interface Owner {
  account: number;
  /** The workflow id of the call whose budget it takes from; default: none is limited. */
  call?: string;
  /** What of the call asks for it: the same at each visit of a widget. */
  place: string;
  /** Ends the wait for a turn. What a thread has begun is done to its end, which is near. */
  signal: AbortSignal;
}

/**
 * Does a piece of work, where it holds up nobody else.
 * @throws {Refusal} when what was given is at fault, or took more than its time or memory.
 */
export type Judge = <K extends keyof Works>(
  kind: K,
  given: Works[K]['given'],
  owner: Owner,
) => Promise<Works[K]['gives']>;

/** Why work came to no result. Contract R3. */
export interface Refused {
  reason: 'INVALID_RESPONSE' | 'INVALID_RESPONSE_MAP' | 'VARIABLE_LIMIT' | 'TIMEOUT' | 'DOCUMENT_TOO_LARGE';
  /** In words for the author of the flow. */
  detail: string;
}

/** Work that came to no result. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: Refused['reason'];
  constructor({ reason, detail }: Refused) {
    super(detail);
    this.reason = reason;
  }
}
