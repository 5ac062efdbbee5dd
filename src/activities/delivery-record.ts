/**
 * What the store keeps of a delivery that left its call. Contract E5.
 * @module
 */
import type { DeliveryNote } from '../store/deliveries.js';
import type { Store } from '../store/store.js';

export type { DeliveryState } from '../store/schema.js';

/** Makes the activity that notes how a delivery goes. Repeated, it changes nothing. */
export function createNoteDelivery(source: (() => Promise<Store>) | undefined) {
  return async function noteDelivery({ accountId, ...note }: DeliveryNote & { accountId: number }): Promise<void> {
    if (!source) throw new Error('This worker has no store, and another one began the call: set DATABASE_URL.');
    await (await source()).deliveries.note(accountId, note);
  };
}
