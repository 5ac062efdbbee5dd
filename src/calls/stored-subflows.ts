/**
 * The stored flows that a call runs as subflows, read when it starts. Contract C2, C4, D2c, V6.
 * @module
 */
import { ApplicationFailure } from '@temporalio/common';
import { MAX_FLOW_BYTES, type Flow } from '../flow/documents/flow.js';
import type { Problem } from '../flow/errors.js';
import { under } from '../flow/validation/pointer.js';
import type { Findings } from '../flow/validation/validate.js';
import { referenceKey, type StoredReference, storedReferences } from '../flow/values/subflow-references.js';
import type { StoredSubflow } from '../engine/stored-subflow.js';
import type { Store } from '../store/store.js';
import type { StoreReader } from './store-reader.js';

/** What they are read and checked with. */
export interface SubflowMeans {
  account: number;
  /** Default: there is none, and a flow that names stored ones is refused. */
  store: (() => Promise<Store>) | undefined;
  reader: StoreReader;
  /** Documents that stand in for those of the store, by id, whatever version is asked for: for tests. Default: none. */
  given?: Readonly<Record<string, Record<string, unknown>>> | undefined;
  /** Judges a document that was stored. */
  judge: (document: Record<string, unknown>) => Promise<Findings<Flow>>;
}

/** What was found: the flows, or what is wrong with them. */
export interface FoundSubflows {
  subflows: StoredSubflow[];
  errors: Problem[];
}

/**
 * Every stored flow that a flow names, and that these name in turn, each once.
 * @throws {ApplicationFailure} FLOW_UNKNOWN
 */
export async function storedSubflows(flow: Flow, means: SubflowMeans): Promise<FoundSubflows> {
  const found = new Map<string, StoredSubflow>();
  const errors: Problem[] = [];
  let bytes = bytesOf(flow);
  const queue = storedReferences(flow);
  for (let next = queue.pop(); next && errors.length === 0; next = queue.pop()) {
    if (found.has(referenceKey(next))) continue;
    const { version, document } = await read(next, means);
    const judged = await means.judge(document);
    errors.push(...under(['subflows', next.id], judged.errors));
    if (!judged.value) continue;
    bytes += bytesOf(judged.value);
    if (bytes > MAX_FLOW_BYTES) errors.push(tooLarge(bytes));
    found.set(referenceKey(next), { id: next.id, asked: next.version ?? null, version, flow: judged.value });
    queue.push(...storedReferences(judged.value));
  }
  return { subflows: [...found.values()], errors };
}

async function read(reference: StoredReference, { account, given = {}, store, reader }: SubflowMeans) {
  const { id, version = 'published' } = reference;
  const instead = Object.hasOwn(given, id) ? given[id] : undefined;
  if (instead) return { version: reference.version ?? 1, document: instead };
  const look = async () => {
    const kept = await (await store?.())?.flows.version(account, id, version);
    return kept && { version: kept.version, document: kept.document };
  };
  const kept = store && (await reader.lastKnown(`flow ${account}/${version}/${id}`, look));
  if (kept) return kept;
  const which = typeof version === 'number' ? `version ${version} of a flow "${id}"` : `published flow "${id}"`;
  const why = store ? `The account has no ${which}` : 'There is no store of flows here';
  throw ApplicationFailure.nonRetryable(`${why}, which a "subflow" widget runs.`, 'FLOW_UNKNOWN');
}

function tooLarge(bytes: number): Problem {
  const message = `The flow and the stored flows that it runs have ${bytes} bytes together; at most ${MAX_FLOW_BYTES} are allowed.`;
  return { code: 'DOCUMENT_TOO_LARGE', pointer: '', message };
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
