/**
 * The log of attempts to deliver flow ends. It never holds an attempt up, and never fails one. Contract E5.
 * @module
 */
import type { StoredAttempt } from '../../store/attempts.js';
import type { Store } from '../../store/store.js';
import type { FlowEndDelivery } from '../../engine/flow-end-task.js';
import { startOf } from '../../judging/charset.js';

/** Bytes of an answer that are kept, in UTF-8. */
const ANSWER_BYTES = 1024;
/** Attempts on their way to the store; when it is so slow, further ones are left out. */
const MAX_UNDER_WAY = 100;

/** Keeps attempts in the store, beside the delivery, which does not wait. */
export class AttemptLog {
  #underWay = 0;

  constructor(private readonly source: () => Promise<Store>) {}

  /** Keeps one. What cannot be kept is left out. */
  add(delivery: FlowEndDelivery, attempt: Omit<StoredAttempt, 'by'>): void {
    if (this.#underWay >= MAX_UNDER_WAY) return;
    this.#underWay += 1;
    const answer = attempt.answer === null ? null : startOf(attempt.answer, ANSWER_BYTES);
    this.source()
      .then(({ attempts }) =>
        attempts.add(delivery.rules.accountId, delivery.webhookId, { ...attempt, answer, by: maker(delivery) }),
      )
      .catch(() => undefined)
      .finally(() => {
        this.#underWay -= 1;
      });
  }
}

function maker({ phase, record }: FlowEndDelivery): StoredAttempt['by'] {
  if (phase === 'call') return 'call';
  return record?.replayed ? 'replay' : 'delivery';
}
