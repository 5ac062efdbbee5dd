/**
 * What the store keeps of a delivery that left its call. Contract E5.
 * @module
 */
import type { DeliveryNote } from '../store/deliveries.js';
import type { Store } from '../store/store.js';
import type { FlowEndDelivery } from '../engine/flow-end-task.js';

export type { DeliveryState } from '../store/schema.js';

type Noted = Omit<DeliveryNote, 'delivery' | 'url'> & { accountId: number; delivery?: FlowEndDelivery };

/** Makes the activity that notes how a delivery goes. Repeated, it changes nothing. */
export function createNoteDelivery(source: (() => Promise<Store>) | undefined) {
  return async function noteDelivery({ accountId, ...note }: Noted): Promise<void> {
    if (!source) throw new Error('This worker has no store, and another one began the call: set DATABASE_URL.');
    const url = note.delivery && { url: note.delivery.webhook.url };
    await (await source()).deliveries.note(accountId, { ...note, ...url });
  };
}
