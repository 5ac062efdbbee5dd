/**
 * The facts of a call that a flow may read as `$call.NAME`. Contract V1.
 * @module
 */
import type { CallFact } from '../flow/values/reference.js';
import type { CallInput } from '../telephony/start.js';
import type { Legs } from './bridge/legs.js';

/** Where the facts come from. */
interface Facts {
  input: CallInput;
  legs: Legs;
  uuid: string;
}

/** A fact; undefined where the call has none, or not yet. */
export function callFact({ input, legs, uuid }: Facts, fact: CallFact): string | undefined {
  const { call } = input;
  const leg = legs.first;
  switch (fact) {
    case 'id':
      return call.id;
    case 'uuid':
      return uuid;
    case 'direction':
      return call.direction;
    case 'state':
      return leg.state;
    case 'cli':
    case 'cli.number':
      return call.from;
    case 'dnis.number':
      return call.direction === 'outbound' ? leg.party.otherNumber : call.to;
    case 'cdr':
      return `${uuid}#1`;
    case 'start':
      return call.startedAt;
    case 'answeredBy':
      return leg.answeredBy ?? undefined;
    case 'connect':
      return leg.connectedAt ?? undefined;
    case 'hangup':
      return leg.end?.at;
    case 'isdn':
      return leg.end?.cause.toString();
    case 'duration':
      if (!leg.end) return undefined;
      return leg.connectedAt === null ? '0' : String(Math.max(0, Date.parse(leg.end.at) - Date.parse(leg.connectedAt)));
    case 'agent.dnis.number':
      return legs.lastDialled?.party.otherNumber;
  }
}
