/**
 * Who changed what, through the API.
 * @module
 */
import { eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { auditLog } from './schema.js';

/** One change. */
export type AuditEntry = Pick<typeof auditLog.$inferSelect, 'by' | 'action' | 'target' | 'at'>;

const shown = { by: auditLog.by, action: auditLog.action, target: auditLog.target, at: auditLog.at };

/** The changes of all accounts; nothing takes an entry back. */
export class Audit {
  constructor(private readonly db: Database) {}

  /** Notes a change. */
  async add(accountId: number, entry: Omit<AuditEntry, 'at'>): Promise<void> {
    await this.db.insert(auditLog).values({ accountId, ...entry });
  }

  /** An account's changes, newest first. */
  async list(accountId: number, page: PageRequest): Promise<Page<AuditEntry>> {
    const query = this.db
      .select({ ...shown, seq: auditLog.seq })
      .from(auditLog)
      .$dynamic();
    const mine = eq(auditLog.accountId, accountId);
    return pageOf(query, auditLog.seq, mine, page, ({ seq: _seq, ...entry }) => entry);
  }
}
