/**
 * The flow-end webhook's body. Contract E3, E4.
 * @module
 */
import type { CallDetails, FlowEndFacts, FlowEndPayload, LegFacts } from './call-report.js';
import { RecentlyUsed } from './recently-used.js';

/** Making one takes longer than all else of a payload. There are fewer zones than this. */
const formats = new RecentlyUsed<Intl.DateTimeFormat>(1000);

/** Puts the facts of a call into the fixed format. Not for workflow code: offsets come from the runtime's time-zone data. */
export function flowEndPayload(facts: FlowEndFacts): FlowEndPayload {
  const twoLegs = facts.legs.length > 1;
  return {
    callDetails: facts.legs.map((leg) => callDetails(leg, twoLegs, facts.timeZone)),
    keys: facts.keys,
    ...(facts.partial && { partial: true }),
    ...(facts.uuid !== undefined && { 'phonon-uuid': facts.uuid }),
    ...(facts.recordings.length > 0 && {
      recordingUrls: facts.recordings.map(({ name, url }) => ({ recordedFileName: name, recordedFilePublicPath: url })),
    }),
  };
}

function callDetails(leg: LegFacts, twoLegs: boolean, timeZone: string): CallDetails {
  const connected = leg.connectTime === null ? undefined : Date.parse(leg.connectTime);
  const lasted = connected === undefined ? 0 : Math.max(0, Date.parse(leg.endTime) - connected);
  return {
    calleeNumber: leg.otherNumber,
    ...(twoLegs && { calleeType: leg.calleeType, cdrId: leg.cdrId }),
    ...(leg.connectTime !== null && { connectTime: localTime(leg.connectTime, timeZone) }),
    didNumber: leg.ourNumber,
    duration: String(lasted),
    endTime: localTime(leg.endTime, timeZone),
    hangupCause: String(leg.cause),
    ...((!twoLegs || leg.calleeType === 'VISITOR') && { incoming: leg.incoming }),
    ...(twoLegs && { remoteHangup: leg.remoteHangup }),
    startTime: localTime(leg.startTime, timeZone),
  };
}

/** ISO 8601 with milliseconds and the offset that the zone has at that moment, as `2022-01-17T18:07:28.889+05:30`. */
export function localTime(iso: string, timeZone: string): string {
  const time = new Date(iso);
  const format = formats.getOrMake(timeZone, () => {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  });
  const parts = format.formatToParts(time);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '00', minutes = '00'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  const shift = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return new Date(time.getTime() + shift).toISOString().replace('Z', `${sign}${hours}:${minutes}`);
}
