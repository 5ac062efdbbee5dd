/**
 * The variables that get a column each in the CSV of reports. Contract D2b.
 * @module
 */
import { flow as flowSchema } from '../../flow/documents/flow.js';
import type { StoredFlow } from '../../store/flows.js';
import type { Store } from '../../store/store.js';

/** Flows that are read at once. */
const BATCH = 100;

/** Every variable that a flow of the account reports, in its published or its newest version; of one flow, where that is named. */
export async function reportedNames(store: Store, account: number, only: string | undefined): Promise<string[]> {
  const names = new Set<string>();
  for await (const flow of flowsOf(store, account, only)) {
    for (const which of flow.published === null || flow.published === flow.newest
      ? [flow.newest]
      : [flow.published, flow.newest]) {
      const found = await store.flows.version(account, flow.id, which);
      for (const name of flowSchema.shape.report.safeParse(found?.document.report).data ?? []) names.add(name);
    }
  }
  return [...names];
}

async function* flowsOf(store: Store, account: number, only: string | undefined): AsyncGenerator<StoredFlow> {
  if (only !== undefined) {
    const flow = await store.flows.get(account, only);
    if (flow) yield flow;
    return;
  }
  let after: string | undefined;
  do {
    const page = await store.flows.list(account, { limit: BATCH, ...(after !== undefined && { after }) });
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}
