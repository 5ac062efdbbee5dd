/**
 * The legs of a call: each party's connection, with its times and its Q.850 cause. Contract B2, E3.
 * @module
 */
import type { LegFacts } from '../../engine/call-report.js';
import type { AnsweredBy, BridgeEvent } from '../../telephony/events.js';
import { CAUSE } from '../../telephony/causes.js';
import { CALLEES_NUMBER, type CallInput, FIRST_LEG } from '../../telephony/start.js';
import { masked } from '../../flow/values/mask.js';

const AGENTS_NUMBER = '$call.agent.dnis.number';

/** How a leg ended. */
export interface LegEnd {
  at: string;
  cause: number;
  by: 'remote' | 'us';
}

/** Who is on a leg. */
export interface Party {
  type: 'VISITOR' | 'AGENT';
  otherNumber: string;
  /** Whether that number is sensitive; left out: it is not. Contract V7. */
  otherSensitive?: true;
  ourNumber: string;
  ourSensitive?: true;
  incoming: boolean;
  startTime: string;
}

/** What the legs of a call hand to its next run. */
export interface CarriedLegs {
  legs: (Pick<Leg, 'name' | 'party' | 'connectedAt' | 'end' | 'rungAt' | 'keys' | 'handedOver'> &
    Partial<Pick<Leg, 'answeredBy'>>)[];
  first: string;
  calleeRung: boolean;
}

/** A number of a leg that is about to be dialled. */
export interface Dialled {
  number: string;
  sensitive: boolean;
}

/** One party's connection. */
export class Leg {
  connectedAt: string | null = null;
  end: LegEnd | null = null;
  rungAt: string | null = null;
  /** Every key that the party has pressed so far. */
  keys = '';
  /** Set while and after the leg is handed over: its end by us is then what the flow wants. */
  handedOver = false;
  /** Who answered, where the bridge was to find out. */
  answeredBy: AnsweredBy | null = null;

  constructor(
    readonly name: string,
    readonly party: Party,
  ) {}

  /** `ringing`, `connected` or `ended`: the fact `$call.state`. */
  get state(): 'ringing' | 'connected' | 'ended' {
    return this.end ? 'ended' : this.connectedAt ? 'connected' : 'ringing';
  }

  get live(): boolean {
    return this.end === null;
  }

  /** The party is rung, by the bridge's clock; only the first word on it counts. */
  ring(at: string): void {
    this.rungAt ??= at;
  }

  /** The leg is connected; only the first word on it counts. */
  connect(at: string): void {
    this.connectedAt ??= at;
  }

  /** The leg is gone; only the first word on it counts. */
  finish(end: LegEnd): void {
    this.end ??= end;
  }

  /** The leg as the flow end reports it. `endedAt` is used where the bridge never reported the end. */
  facts(uuid: string, endedAt: string): LegFacts {
    return {
      calleeType: this.party.type,
      cdrId: `${uuid}#${this.name}`,
      otherNumber: masked(this.party.otherNumber, this.party.otherSensitive === true),
      ourNumber: masked(this.party.ourNumber, this.party.ourSensitive === true),
      incoming: this.party.incoming,
      startTime: this.party.type === 'VISITOR' ? this.party.startTime : (this.rungAt ?? this.party.startTime),
      connectTime: this.connectedAt,
      endTime: this.end?.at ?? endedAt,
      cause: this.end?.cause ?? CAUSE.normal,
      remoteHangup: this.end?.by === 'remote',
    };
  }
}

/** All legs of a call, in the order in which they began. */
export class Legs {
  /** The leg of the other party. */
  first: Leg;
  readonly all: Leg[];
  #calleeRung = false;

  constructor({ call, sensitive }: Partial<Pick<CallInput, 'call' | 'sensitive'>>) {
    // A start may be anything, and is checked only later.
    const hidden = Array.isArray(sensitive) && sensitive.includes(CALLEES_NUMBER);
    this.first = new Leg(FIRST_LEG, visitor(call, hidden));
    this.all = [this.first];
  }

  /** The legs as an earlier run of the call left them. */
  static resumed(input: Pick<CallInput, 'call' | 'sensitive'>, { legs, first, calleeRung }: CarriedLegs): Legs {
    const resumed = new Legs(input);
    resumed.all.splice(0, 1, ...legs.map(({ name, party, ...state }) => Object.assign(new Leg(name, party), state)));
    resumed.first = resumed.all.find(({ name }) => name === first) ?? resumed.first;
    resumed.#calleeRung = calleeRung;
    return resumed;
  }

  /** For the next run of the call. */
  carried(): CarriedLegs {
    const legs = this.all.map(({ name, party, connectedAt, end, rungAt, keys, handedOver, answeredBy }) => {
      return { name, party, connectedAt, end, rungAt, keys, handedOver, ...(answeredBy && { answeredBy }) };
    });
    return { legs, first: this.first.name, calleeRung: this.#calleeRung };
  }

  /** The leg on which a number of the callee is rung: the one that the call began with, then a new one for each. */
  ringCallee(number: string): Leg {
    if (this.#calleeRung) {
      const party = { ...this.first.party, otherNumber: number, startTime: new Date().toISOString() };
      this.first = new Leg(String(this.all.length + 1), party);
      this.all.push(this.first);
    }
    this.#calleeRung = true;
    return this.first;
  }

  /** A leg that is about to be dialled; the engine names it. Contract B2. */
  add(to: Dialled, from: Dialled): Leg {
    const party = {
      ...{ otherNumber: to.number, ...(to.sensitive && { otherSensitive: true as const }) },
      ...{ ourNumber: from.number, ...(from.sensitive && { ourSensitive: true as const }) },
      ...{ incoming: false, startTime: new Date().toISOString() },
    };
    const leg = new Leg(String(this.all.length + 1), { type: 'AGENT', ...party });
    this.all.push(leg);
    return leg;
  }

  /** The leg that was dialled last. */
  get lastDialled(): Leg | undefined {
    return this.all.findLast(({ party }) => party.type === 'AGENT');
  }

  /** Whether a fact of the call is a number that is sensitive. @param name in full. Contract V7. */
  isSensitive(name: string): boolean {
    const leg = name === CALLEES_NUMBER ? this.first : name === AGENTS_NUMBER ? this.lastDialled : undefined;
    return leg?.party.otherSensitive === true;
  }

  /** Changes the state as an event says. Events of a leg that the engine does not know change nothing. */
  apply(event: BridgeEvent): void {
    const leg = this.all.find(({ name }) => name === event.leg);
    switch (event.type) {
      case 'legAnswered':
        if (leg && event.by) leg.answeredBy ??= event.by;
        return leg?.connect(event.at);
      case 'legEnded':
        return leg?.finish({ at: event.at, cause: event.cause, by: event.by });
      case 'digits':
        if (leg) leg.keys += event.digits;
        return;
      case 'legRinging':
        return leg?.ring(event.at);
      case 'recordingReady':
    }
  }
}

/** The number that a call was for, as it is shown. Contract V7. */
export function calleeShown({ call, sensitive = [] }: Pick<CallInput, 'call' | 'sensitive'>): string {
  return masked(call.to, sensitive.includes(CALLEES_NUMBER));
}

/** The party that the call began with. @param hidden whether the number of a callee is sensitive */
function visitor(call: CallInput['call'] | undefined, hidden: boolean): Party {
  const incoming = call?.direction === 'inbound';
  const [otherNumber, ourNumber] = incoming ? [call.from, call.to] : [call?.to ?? '', call?.from ?? ''];
  const mark = hidden && !incoming ? { otherSensitive: true as const } : {};
  return { type: 'VISITOR', otherNumber, ...mark, ourNumber, incoming, startTime: call?.startedAt ?? '' };
}
