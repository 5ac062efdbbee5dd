/**
 * Flows with immutable versions; one version is published. Contract C2.
 * @module
 */
import { createHash } from 'node:crypto';
import { and, desc, eq, lt, ne, sql } from 'drizzle-orm';
import type { Database } from './database.js';
import { type Page, type PageRequest, pageOf } from './page.js';
import { flows, flowVersions, publications } from './schema.js';
import type { Sealer } from './sealer.js';

/** A flow without its documents. `newest` is its highest version, `published` what new calls run. */
export interface StoredFlow {
  id: string;
  name: string;
  type: 'inbound' | 'outbound';
  newest: number;
  published: number | null;
}

/** One version. */
export interface FlowVersion {
  version: number;
  document: Record<string, unknown>;
  createdAt: Date;
  /** Whether it was stored before texts had defaults. Contract V2. */
  beforeDefaults: boolean;
}

/** Which version is meant: a number, the published one, or the newest. */
export type WhichVersion = number | 'published' | 'newest';

/** The flows of all accounts. */
export class Flows {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Keeps a document as the next version of its flow; the same document as the newest version makes no other. */
  async save(
    accountId: number,
    flow: { id: string; name: string; type: 'inbound' | 'outbound' },
    document: Record<string, unknown>,
  ): Promise<{ version: number; created: boolean }> {
    const checksum = createHash('sha256').update(JSON.stringify(document)).digest('hex');
    return this.db.transaction(async (tx) => {
      const { id, name, type } = flow;
      // The row of the flow orders writers: two versions never get one number.
      await tx
        .insert(flows)
        .values({ accountId, id, name, type })
        .onConflictDoUpdate({ target: [flows.accountId, flows.id], set: { name, type } });
      const [newest] = await tx
        .select({ version: flowVersions.version, checksum: flowVersions.checksum })
        .from(flowVersions)
        .where(and(eq(flowVersions.accountId, accountId), eq(flowVersions.flowId, id)))
        .orderBy(desc(flowVersions.version))
        .limit(1);
      if (newest?.checksum === checksum) return { version: newest.version, created: false };
      const version = (newest?.version ?? 0) + 1;
      const hidden = await this.sealer.hide(['flow_versions', accountId, id, version], { document });
      await tx
        .insert(flowVersions)
        .values({ accountId, flowId: id, version, checksum, beforeDefaults: false, ...hidden });
      return { version, created: true };
    });
  }

  /** A flow. */
  async get(accountId: number, id: string): Promise<StoredFlow | undefined> {
    const [row] = await this.#select(accountId).where(and(eq(flows.accountId, accountId), eq(flows.id, id)));
    return row && shownFlow(row);
  }

  /** An account's flows, newest first. */
  async list(accountId: number, page: PageRequest): Promise<Page<StoredFlow>> {
    return pageOf(this.#select(accountId), flows.seq, eq(flows.accountId, accountId), page, shownFlow);
  }

  /** One version of a flow. */
  async version(accountId: number, id: string, which: WhichVersion): Promise<FlowVersion | undefined> {
    const flow = await this.get(accountId, id);
    const version = which === 'published' ? flow?.published : which === 'newest' ? flow?.newest : which;
    if (version === undefined || version === null) return undefined;
    const [row] = await this.db
      .select({
        version: flowVersions.version,
        document: flowVersions.document,
        sealed: flowVersions.sealed,
        createdAt: flowVersions.createdAt,
        beforeDefaults: flowVersions.beforeDefaults,
      })
      .from(flowVersions)
      .where(
        and(eq(flowVersions.accountId, accountId), eq(flowVersions.flowId, id), eq(flowVersions.version, version)),
      );
    if (!row) return undefined;
    return this.sealer.show<Pick<FlowVersion, 'document'>, typeof row>(['flow_versions', accountId, id, version], row);
  }

  /** Makes new calls run this version. False when there is no such version. */
  async publish(accountId: number, id: string, version: number): Promise<boolean> {
    if ((await this.version(accountId, id, version)) === undefined) return false;
    await this.db.transaction(async (tx) => {
      await tx
        .update(flows)
        .set({ published: version })
        .where(and(eq(flows.accountId, accountId), eq(flows.id, id)));
      await tx.insert(publications).values({ accountId, flowId: id, version });
    });
    return true;
  }

  /** Makes new calls run the version that was published before; its number, undefined when there was none. */
  async rollback(accountId: number, id: string): Promise<number | undefined> {
    return this.db.transaction(async (tx) => {
      const mine = and(eq(flows.accountId, accountId), eq(flows.id, id));
      const [flow] = await tx.select({ published: flows.published }).from(flows).where(mine).for('update');
      if (!flow || flow.published === null) return undefined;
      const ofFlow = and(eq(publications.accountId, accountId), eq(publications.flowId, id));
      const [now] = await tx.select().from(publications).where(ofFlow).orderBy(desc(publications.seq)).limit(1);
      const [earlier] = await tx
        .select()
        .from(publications)
        .where(and(ofFlow, lt(publications.seq, now?.seq ?? 0), ne(publications.version, flow.published)))
        .orderBy(desc(publications.seq))
        .limit(1);
      if (!earlier) return undefined;
      // What is rolled back is forgotten, so that a second rollback goes further back instead of forth.
      await tx.delete(publications).where(and(ofFlow, sql`${publications.seq} > ${earlier.seq}`));
      await tx.update(flows).set({ published: earlier.version }).where(mine);
      return earlier.version;
    });
  }

  #select(accountId: number) {
    const newest = sql<number>`(select max(${flowVersions.version}) from ${flowVersions} where ${flowVersions.accountId} = ${accountId} and ${flowVersions.flowId} = ${flows.id})`;
    return this.db
      .select({
        id: flows.id,
        name: flows.name,
        type: flows.type,
        published: flows.published,
        newest: newest.mapWith(Number),
        seq: flows.seq,
      })
      .from(flows)
      .$dynamic();
  }
}

function shownFlow({ seq: _seq, ...flow }: StoredFlow & { seq: number }): StoredFlow {
  return flow;
}
