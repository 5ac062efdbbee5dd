/**
 * The store: everything that outlives calls and is not Temporal's.
 * @module
 */
import { sql } from 'drizzle-orm';
import { Accounts } from './accounts.js';
import { Agents } from './agents.js';
import { ApiKeys } from './api-keys.js';
import { Attempts } from './attempts.js';
import { Audit } from './audit.js';
import { Contacts } from './contacts.js';
import { migrateDatabase, openDatabase } from './database.js';
import { Deliveries } from './deliveries.js';
import { Endpoints } from './endpoints.js';
import { Flows } from './flows.js';
import { IdempotentAnswers } from './idempotent-answers.js';
import { Links } from './links.js';
import { Outbound } from './outbound.js';
import { Reports } from './reports.js';
import { Sealer } from './sealer.js';

/** The repositories, over one pool of connections. */
export interface Store {
  accounts: Accounts;
  agents: Agents;
  apiKeys: ApiKeys;
  attempts: Attempts;
  audit: Audit;
  contacts: Contacts;
  deliveries: Deliveries;
  endpoints: Endpoints;
  flows: Flows;
  idempotentAnswers: IdempotentAnswers;
  links: Links;
  outbound: Outbound;
  reports: Reports;
  /** Rejects while the database does not answer. */
  ping(): Promise<void>;
  /** Waits for what is under way. */
  close: () => Promise<void>;
}

/**
 * Opens the store of a database, whose tables are brought up to date first.
 * @param url as in `DATABASE_URL`
 * @param sealer hides what is private; default: all is kept plain
 */
export async function openStore(url: string, sealer: Sealer = new Sealer(null)): Promise<Store> {
  await migrateDatabase(url);
  const { db, close } = openDatabase(url);
  const agents = new Agents(db, sealer);
  return {
    accounts: new Accounts(db, agents, sealer),
    agents,
    apiKeys: new ApiKeys(db),
    attempts: new Attempts(db, sealer),
    audit: new Audit(db),
    contacts: new Contacts(db, sealer),
    deliveries: new Deliveries(db, sealer),
    endpoints: new Endpoints(db),
    flows: new Flows(db, sealer),
    idempotentAnswers: new IdempotentAnswers(db, sealer),
    links: new Links(db, sealer),
    outbound: new Outbound(db, sealer),
    reports: new Reports(db, sealer),
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    close,
  };
}
