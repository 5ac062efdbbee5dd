/**
 * The legs of a call: each party's connection, with its times and its Q.850 cause. Contract B2, E3.
 * @module
 */
import type { LegFacts } from '../flow/call-report.js';
import type { BridgeEvent } from '../telephony/events.js';
import type { CallInput } from '../telephony/start.js';

/** The leg that the call began with. */
export const FIRST_LEG = '1';

/** Q.850 causes that the engine itself gives. */
export const CAUSE = { normal: 16, unspecified: 31, bridgeGone: 38, temporaryFailure: 41 } as const;

/** How a leg ended. */
export interface LegEnd {
  at: string;
  cause: number;
  by: 'remote' | 'us';
}

/** One party's connection. */
export class Leg {
  connectedAt: string | null = null;
  end: LegEnd | null = null;

  constructor(private readonly call: CallInput['call']) {}

  /** `ringing`, `connected` or `ended`: the fact `$call.state`. */
  get state(): 'ringing' | 'connected' | 'ended' {
    return this.end ? 'ended' : this.connectedAt ? 'connected' : 'ringing';
  }

  get live(): boolean {
    return this.end === null;
  }

  /** The leg is connected; only the first word on it counts. */
  connect(at: string): void {
    this.connectedAt ??= at;
  }

  /** The leg is gone; only the first word on it counts. */
  finish(end: LegEnd): void {
    this.end ??= end;
  }

  /** The leg as the flow end reports it. `endedAt` stands in where the bridge never told the end. */
  facts(uuid: string, endedAt: string): LegFacts {
    const { direction, from, to, startedAt } = this.call;
    const incoming = direction === 'inbound';
    return {
      calleeType: 'VISITOR',
      cdrId: `${uuid}#${FIRST_LEG}`,
      otherNumber: incoming ? from : to,
      ourNumber: incoming ? to : from,
      incoming,
      startTime: startedAt,
      connectTime: this.connectedAt,
      endTime: this.end?.at ?? endedAt,
      cause: this.end?.cause ?? CAUSE.normal,
      remoteHangup: this.end?.by === 'remote',
    };
  }
}

/** All legs of a call, and the recordings made on them. */
export class Legs {
  readonly first: Leg;
  readonly recordings: { name: string; url: string }[] = [];

  constructor(call: CallInput['call']) {
    this.first = new Leg(call);
  }

  /** Changes the state as an event says. Events of a leg that the engine does not know change nothing. */
  apply(event: BridgeEvent): void {
    if (event.leg !== FIRST_LEG) return;
    switch (event.type) {
      case 'legAnswered':
        return this.first.connect(event.at);
      case 'legEnded':
        return this.first.finish({ at: event.at, cause: event.cause, by: event.by });
      case 'recordingReady':
        this.recordings.push({ name: event.name, url: event.url });
        return;
      case 'legRinging':
      case 'digits':
    }
  }
}
