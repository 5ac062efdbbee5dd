/**
 * The store: everything that outlives calls and is not Temporal's.
 * @module
 */
import { HooklineError } from '../flow/errors.js';
import { Accounts } from './accounts.js';
import { Agents } from './agents.js';
import { ApiKeys } from './api-keys.js';
import { Attempts } from './attempts.js';
import { Audit } from './audit.js';
import { Contacts } from './contacts.js';
import { ContractCounts } from './contract-counts.js';
import { isAway, migrateDatabase, openDatabase } from './database.js';
import { Deliveries } from './deliveries.js';
import { Dials } from './dials.js';
import { Dids } from './dids.js';
import { Endpoints } from './endpoints.js';
import { Flows } from './flows.js';
import { IdempotentAnswers } from './idempotent-answers.js';
import { KeptAnswers } from './kept-answers.js';
import { Links } from './links.js';
import { Outbound } from './outbound.js';
import { Reports } from './reports.js';
import { Sealer } from './sealer.js';
import { Secrets } from './secrets.js';

/** The repositories, over one pool of connections. */
export interface Store {
  accounts: Accounts;
  agents: Agents;
  apiKeys: ApiKeys;
  attempts: Attempts;
  audit: Audit;
  contacts: Contacts;
  contractCounts: ContractCounts;
  deliveries: Deliveries;
  dials: Dials;
  dids: Dids;
  endpoints: Endpoints;
  flows: Flows;
  idempotentAnswers: IdempotentAnswers;
  keptAnswers: KeptAnswers;
  links: Links;
  outbound: Outbound;
  reports: Reports;
  secrets: Secrets;
  /** Resolves when the tables are up to date: at once, unless the database was away when the store was opened. */
  ready: Promise<void>;
  /** Rejects while the database does not answer, or has no room to write. */
  ping(): Promise<void>;
  /** Waits for what is under way. */
  close: () => Promise<void>;
}

/** What happens to the store's database. */
export interface StoreEvents {
  /** Its disk is full; once a minute at most. */
  diskFull?: () => void;
  /** It does not answer when the store is opened, which is then done when it answers; without this opening fails. */
  away?: () => void;
}

/** Milliseconds before a database that was away is asked again. */
const AGAIN_MS = 2000;

/**
 * Opens the store of a database, whose tables are brought up to date first.
 * @param url as in `DATABASE_URL`
 * @param sealer hides what is private; default: all is kept plain
 * @param events default: nobody wants to know, and the database must be there
 */
export async function openStore(
  url: string,
  sealer: Sealer = new Sealer(null),
  { diskFull, away }: StoreEvents = {},
): Promise<Store> {
  const migration = await migrated(url, away);
  const { db, disk, close } = openDatabase(url, diskFull);
  const agents = new Agents(db, sealer);
  return {
    accounts: new Accounts(db, agents, sealer),
    agents,
    apiKeys: new ApiKeys(db),
    attempts: new Attempts(db, sealer),
    audit: new Audit(db),
    contacts: new Contacts(db, sealer),
    contractCounts: new ContractCounts(db),
    deliveries: new Deliveries(db, sealer),
    dials: new Dials(db),
    dids: new Dids(db, sealer),
    endpoints: new Endpoints(db),
    flows: new Flows(db, sealer),
    idempotentAnswers: new IdempotentAnswers(db, sealer),
    keptAnswers: new KeptAnswers(db, sealer),
    links: new Links(db, sealer),
    outbound: new Outbound(db, sealer),
    reports: new Reports(db, sealer),
    secrets: new Secrets(db, sealer),
    ready: migration.done,
    ping: async () => {
      if (!migration.isDone()) throw new HooklineError('STORE_UNREACHABLE', 'The database has not answered yet.');
      await disk.check(db);
    },
    close: () => {
      migration.stop();
      return close();
    },
  };
}

/** Brings the tables up to date, now or, with `away`, when the database answers. */
async function migrated(url: string, away: (() => void) | undefined) {
  let done = false;
  let timer: NodeJS.Timeout | undefined;
  const migrate = () => migrateDatabase(url).then(() => void (done = true));
  const isDone = () => done;
  const stop = () => clearTimeout(timer);
  try {
    await migrate();
    return { done: Promise.resolve(), isDone, stop };
  } catch (error) {
    if (!away || !isAway(error)) throw error;
    away();
  }
  const later = new Promise<void>((resolve) => {
    const again = () => {
      timer = setTimeout(() => void migrate().then(resolve, again), AGAIN_MS);
      timer.unref();
    };
    again();
  });
  return { done: later, isDone, stop };
}
