/**
 * What a worker looks at for its gauges.
 * @module
 */
import type { Client } from '@temporalio/client';
import type { Store } from '../store/store.js';
import { type Look, lookAt } from './stored-gauges.js';

/** What sends requests: the state of each circuit that it keeps. */
interface Circuits {
  breakerStates(): { state: string }[];
}

const DELIVERIES = `WorkflowType = 'flowEndDelivery' AND ExecutionStatus`;

/**
 * Circuits of this worker; deliveries by the store or, without one, by what Temporal's visibility still knows; outbound
 * calls, paused endpoints and contracts that drift where there is a store.
 */
export function workerLooks(sender: Circuits, client: Client, store: Store | undefined): Look[] {
  const circuits = lookAt('hookline_webhook_circuits', async () => {
    const states = sender.breakerStates();
    const of = (state: string) => states.filter((one) => one.state === state).length;
    return [
      [{ state: 'open' }, of('open')],
      [{ state: 'halfOpen' }, of('halfOpen')],
    ];
  });
  const deliveries = lookAt('hookline_deliveries', async () => {
    const { pending, dead } = store ? await store.deliveries.undelivered() : await deliveriesIn(client);
    return [
      [{ state: 'pending' }, pending],
      [{ state: 'dead' }, dead],
    ];
  });
  if (!store) return [circuits, deliveries];
  const outbound = lookAt('hookline_outbound_calls', async () => {
    const { waiting, underWay } = await store.outbound.open();
    return [
      [{ state: 'waiting' }, waiting],
      [{ state: 'underWay' }, underWay],
    ];
  });
  const undos = lookAt('hookline_undos', async () => {
    const { pending, dead } = await store.deliveries.undelivered('undo');
    return [
      [{ state: 'pending' }, pending],
      [{ state: 'dead' }, dead],
    ];
  });
  const paused = lookAt('hookline_endpoints_paused', async () => [[{}, await store.endpoints.paused()]]);
  const drifting = lookAt('hookline_contracts_drifting', async () => [
    [{}, (await store.contractCounts.drifting()).length],
  ]);
  return [circuits, deliveries, undos, outbound, paused, drifting];
}

async function deliveriesIn({ workflow }: Client): Promise<{ pending: number; dead: number }> {
  const [pending, dead] = await Promise.all([
    workflow.count(`${DELIVERIES} = 'Running'`),
    workflow.count(`${DELIVERIES} = 'Failed'`),
  ]);
  return { pending: pending.count, dead: dead.count };
}
