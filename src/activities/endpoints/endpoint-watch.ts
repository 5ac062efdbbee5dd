/**
 * Endpoints of flow ends that fail for long are paused: one delivery at a time tries whether they are back, the others
 * wait. It is decided here, with the store, and workflows follow the result of an attempt. Contract E5.
 * @module
 */
import type { Endpoint } from '../../engine/deliveries.js';
import type { PauseRule } from '../../store/endpoints.js';
import type { Store } from '../../store/store.js';
import { bestEffort } from '../best-effort.js';
import type { FlowEndDelivery } from '../../engine/flow-end-task.js';

/** When an endpoint is paused. */
const PAUSED_AFTER: PauseRule = { failures: 20, milliseconds: 3600_000 };
/** Seconds between attempts to find out whether a paused endpoint is back; the last is repeated. */
const PROBE_GAPS = [60, 120, 240, 480, 900, 1800];
/** Each gap varies by this part. */
const JITTER = 0.2;
/** Milliseconds after which another delivery takes over from the one that should have tried. */
const OVERDUE_MS = 60_000;

/** Whether an attempt may be made. `probes`: it finds out whether a paused endpoint is back, as so many have before. */
export type Admission = { state: 'well' | 'failing' | 'paused' } | { state: 'probing'; probes: number };

/** What an attempt came to. */
export interface Outcome {
  delivered: boolean;
  detail: string;
  /** Whether it says something of the endpoint: not when nothing was sent. */
  sent: boolean;
  retryAfter?: number;
}

/** Watches the endpoints of all accounts. A store that does not answer pauses nothing. */
export class EndpointWatch {
  /**
   * @param alert is called once for each pause, in words that name no account and no number
   * @param resume resumes the deliveries that wait for an endpoint
   */
  constructor(
    private readonly source: () => Promise<Store>,
    private readonly alert: (message: string) => void,
    private readonly resume: (freed: Endpoint & { id: number }) => Promise<void>,
  ) {}

  /** Asks before an attempt. The last one of a delivery is made in any case. */
  async admit(delivery: FlowEndDelivery, now: Date): Promise<Admission> {
    return bestEffort(this.#admit(delivery, now), { state: 'well' });
  }

  async #admit(delivery: FlowEndDelivery, now: Date): Promise<Admission> {
    const { endpoints } = await this.source();
    const endpoint = endpointOf(delivery);
    const standing = await endpoints.get(endpoint);
    if (!standing) return { state: 'well' };
    if (standing.pausedAt === null || delivery.phase === 'last') return { state: 'failing' };
    if (delivery.phase === 'call') return { state: 'paused' };
    const probes = await endpoints.claimProbe(endpoint, delivery.webhookId, now, OVERDUE_MS);
    return probes === undefined ? { state: 'paused' } : { state: 'probing', probes };
  }

  /** Notes how an attempt ended. Returns seconds until the next one, when the delivery tries whether its endpoint is back. */
  async note(
    delivery: FlowEndDelivery,
    admission: Admission,
    outcome: Outcome,
    now: Date,
  ): Promise<number | undefined> {
    if (outcome.delivered && admission.state === 'well') return undefined;
    const again = outcome.delivered || admission.state !== 'probing' ? undefined : gapAfter(admission.probes);
    await bestEffort(this.#note(delivery, { ...outcome, again }, now), undefined);
    return again;
  }

  async #note(
    delivery: FlowEndDelivery,
    { delivered, sent, detail, retryAfter = 0, again }: Outcome & { again: number | undefined },
    now: Date,
  ): Promise<void> {
    const { endpoints } = await this.source();
    const endpoint = endpointOf(delivery);
    if (delivered) {
      const was = await endpoints.recovered(endpoint);
      if (was?.pausedAt) await this.resume(was);
      return;
    }
    if (sent && (await endpoints.failed(endpoint, detail, now, PAUSED_AFTER)))
      this.alert(
        'ENDPOINT_PAUSED: an endpoint of flow ends has failed for an hour and is paused; ' +
          'its flow ends wait until it is back. `hookline endpoints list` names it.',
      );
    if (again === undefined) return;
    const probeAt = new Date(now.getTime() + Math.max(again, retryAfter) * 1000);
    await endpoints.probeNext(endpoint, delivery.webhookId, probeAt);
  }
}

function endpointOf({ rules, webhook }: FlowEndDelivery): Endpoint {
  return { accountId: rules.accountId, url: webhook.url };
}

function gapAfter(probes: number): number {
  const gap = PROBE_GAPS[probes] ?? PROBE_GAPS.at(-1) ?? 60;
  return Math.round(gap * (1 + JITTER * (2 * Math.random() - 1)));
}
