/**
 * What the store keeps of a delivery that left its call. Contract E5.
 * @module
 */
import type { DeliveryNote } from '../../store/deliveries.js';
import type { Store } from '../../store/store.js';
import type { FlowEndDelivery } from '../../engine/flow-end-task.js';
import type { UndoDelivery } from '../../engine/undo-task.js';
import { literalAuthority } from '../../flow/values/literal-host.js';

export type { DeliveryState } from '../../store/schema.js';

type Noted = Omit<DeliveryNote, 'delivery' | 'url'> & { accountId: number; delivery?: FlowEndDelivery | UndoDelivery };

/** Makes the activity that notes how a delivery goes. Repeated, it changes nothing. */
export function createNoteDelivery(source: (() => Promise<Store>) | undefined) {
  return async function noteDelivery({ accountId, ...note }: Noted): Promise<void> {
    if (!source) throw new Error('This worker has no store, and another one began the call: set DATABASE_URL.');
    const url = note.delivery && urlOf(note.delivery);
    await (await source()).deliveries.note(accountId, { ...note, ...(url !== undefined && { url }) });
  };
}

/** Where a delivery goes; of undo requests the host of the first, as it is written: the rest may hold values. */
function urlOf(delivery: FlowEndDelivery | UndoDelivery): string | undefined {
  if ('webhook' in delivery) return delivery.webhook.url;
  const [first] = delivery.undo;
  const host = first && literalAuthority(first.request.url);
  return host === undefined ? undefined : `https://${host}`;
}
