/**
 * What a start refers to in the store: the account, the flow, and what is kept of the contact. Contract B1, C2, V1.
 * @module
 */
import { ApplicationFailure } from '@temporalio/common';
import type * as z from 'zod';
import type { Account } from '../flow/documents/account.js';
import type { callInput } from '../flow/documents/call-input.js';
import { VariableLimitError, Variables } from '../flow/values/variables.js';
import type { Contact } from '../store/contacts.js';
import type { Store } from '../store/store.js';
import type { StoreReader } from './store-reader.js';

type Start = z.output<typeof callInput>;
type StoreSource = (() => Promise<Store>) | undefined;

/** Documents as they were written, not validated. */
interface StartDocuments {
  account: Record<string, unknown>;
  flow: Record<string, unknown>;
  /** Whether the account comes from the store, and was checked when it was stored. Contract C4. */
  accountIsStored: boolean;
  /** Of a flow from the store. */
  flowVersion?: number;
  /** Whether that was stored before texts had defaults. Contract V2. */
  beforeDefaults?: boolean;
}

/** The documents of a start; those that it names by id come from the store or, while that is away, are what it gave last. */
export async function startDocuments(start: Start, source: StoreSource, reader: StoreReader): Promise<StartDocuments> {
  const byId = typeof start.account === 'number' ? start.account : undefined;
  const reference = flowReference(start.flow);
  const account =
    byId === undefined ? (start.account as Record<string, unknown>) : await accountOf(byId, source, reader);
  const accountIsStored = byId !== undefined;
  if (!reference) return { account, accountIsStored, flow: start.flow };
  const id = Number(account.id);
  const { id: flow, version = 'published' } = reference;
  const read = async (store: Store) => {
    const found = await store.flows.version(id, flow, version);
    return found && { version: found.version, document: found.document, beforeDefaults: found.beforeDefaults };
  };
  const found = source && (await reader.lastKnown(`flow ${id}/${version}/${flow}`, async () => read(await source())));
  if (found) {
    const { beforeDefaults, document, version: flowVersion } = found;
    return { account, accountIsStored, flow: document, flowVersion, beforeDefaults };
  }
  throw ApplicationFailure.nonRetryable(
    source
      ? `The account has no flow of this id${reference.version === undefined ? ' that is published' : ' and version'}.`
      : 'There is no store of flows here: start the call with the flow document.',
    'FLOW_UNKNOWN',
  );
}

async function accountOf(id: number, source: StoreSource, reader: StoreReader): Promise<Record<string, unknown>> {
  const read = async (store: Store) => {
    const found = await store.accounts.get(id);
    return found && { document: found.document };
  };
  const kept = source && (await reader.lastKnown(`account ${id}`, async () => read(await source())));
  if (!kept) throw ApplicationFailure.nonRetryable(`There is no account ${id} here.`, 'ACCOUNT_UNKNOWN');
  return kept.document;
}

/** `{ id, version }` instead of a document; the version left out means the published one. */
function flowReference(flow: Record<string, unknown>): { id: string; version?: number } | undefined {
  const { id, version } = flow;
  if (!Object.keys(flow).every((key) => key === 'id' || key === 'version')) return undefined;
  if (typeof id !== 'string') return undefined;
  return { id, ...(typeof version === 'number' && { version }) };
}

/**
 * The `$user.key` variables that are kept of the other party, and their marks, for a flow that has any use of them; none while
 * the store is away. Contract V1, V7, F3.
 */
export async function contactVariables(
  call: Start['call'],
  account: Account,
  flow: object,
  source: StoreSource,
  reader: StoreReader,
): Promise<Pick<Contact, 'variables' | 'sensitive'>> {
  const nothing = { variables: {}, sensitive: [] };
  if (!source || !JSON.stringify(flow).includes('user.key')) return nothing;
  const number = call.direction === 'inbound' ? call.from : call.to;
  if (number.includes('\0')) return nothing;
  const { id, countryCode } = account;
  const contact = await reader.orElse(undefined, async () =>
    (await source()).contacts.byNumber(id, number, countryCode),
  );
  return contact ?? nothing;
}

/** What is remembered, then what is given, which wins; of what is remembered only what fits beside it. Contract V6. */
export function fitting(remembered: Record<string, string>, given: Record<string, string>): Record<string, string> {
  const variables = new Variables();
  for (const [name, value] of Object.entries(given)) variables.set(name, value);
  const kept = Object.entries(remembered).filter(([name, value]) => {
    if (Object.hasOwn(given, name)) return false;
    try {
      variables.set(name, value);
      return true;
    } catch (error) {
      if (error instanceof VariableLimitError) return false;
      throw error;
    }
  });
  return { ...Object.fromEntries(kept), ...given };
}

/**
 * Agents whose pause the store knows are not paused by the document: what counts is asked when one is rung. While the store is
 * away the document counts. Contract F4.
 */
export async function withPauseState(account: Account, source: StoreSource, reader: StoreReader): Promise<Account> {
  const { id, agents, countryCode } = account;
  if (!source || !agents.some(({ paused }) => paused)) return account;
  const written = agents.map(({ number }) => number);
  const ask = async () => (await source()).agents.known(id, written, countryCode);
  const known = await reader.orElse(new Set<string>(), ask);
  const seen = agents.map((agent) => (known.has(agent.number) ? { ...agent, paused: false } : agent));
  return { ...account, agents: seen };
}
