import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { flowEnd } from '../flow/documents/flow-end.js';
import type { LegFacts } from './call-report.js';
import { flowEndPayload, localTime } from './flow-end-payload.js';

const leg: LegFacts = {
  calleeType: 'VISITOR',
  cdrId: 'f1ca3a63##pbx-9',
  otherNumber: '919879072567',
  ourNumber: '912243690284',
  incoming: true,
  startTime: '2022-01-17T12:37:21.952Z',
  connectTime: '2022-01-17T12:37:28.889Z',
  endTime: '2022-01-17T12:37:44.851Z',
  cause: 16,
  remoteHangup: false,
};
const facts = {
  uuid: '9d34878d',
  timeZone: 'Asia/Kolkata',
  legs: [leg],
  keys: [{ name: '$flow.key.leadid', value: 'HFC123' }],
  recordings: [],
};

describe('E3: the flow-end payload', () => {
  it('E3: one leg has the single-leg fields, times with the offset of the account, duration in milliseconds', () => {
    expect(flowEndPayload(facts)).toEqual({
      callDetails: [
        {
          calleeNumber: '919879072567',
          connectTime: '2022-01-17T18:07:28.889+05:30',
          didNumber: '912243690284',
          duration: '15962',
          endTime: '2022-01-17T18:07:44.851+05:30',
          hangupCause: '16',
          incoming: true,
          startTime: '2022-01-17T18:07:21.952+05:30',
        },
      ],
      keys: [{ name: '$flow.key.leadid', value: 'HFC123' }],
      'phonon-uuid': '9d34878d',
    });
  });

  it('E3: a leg that never connected has duration "0" and no connectTime', () => {
    const [details] = flowEndPayload({ ...facts, legs: [{ ...leg, connectTime: null, cause: 19 }] }).callDetails;
    expect(details).toMatchObject({ duration: '0', hangupCause: '19' });
    expect(details).not.toHaveProperty('connectTime');
  });

  it('E3: two legs add calleeType, cdrId and remoteHangup', () => {
    const agent: LegFacts = { ...leg, calleeType: 'AGENT', remoteHangup: true };
    const payload = flowEndPayload({
      ...facts,
      legs: [leg, agent],
      recordings: [{ name: 'a.wav', url: 'https://x/a.wav' }],
    });
    expect(payload.callDetails[0]).toMatchObject({
      calleeType: 'VISITOR',
      cdrId: 'f1ca3a63##pbx-9',
      remoteHangup: false,
      incoming: true,
    });
    expect(payload.callDetails[1]).toMatchObject({ calleeType: 'AGENT', remoteHangup: true });
    expect(payload.recordingUrls).toEqual([{ recordedFileName: 'a.wav', recordedFilePublicPath: 'https://x/a.wav' }]);
  });

  it('E3: its schema has every field, and the type is that of the schema', () => {
    const agent: LegFacts = { ...leg, calleeType: 'AGENT', remoteHangup: true };
    const recordings = [{ name: 'a.wav', url: 'https://x/a.wav' }];
    for (const more of [{}, { legs: [leg, agent], recordings, partial: true as const }]) {
      const payload: z.output<typeof flowEnd> = flowEndPayload({ ...facts, ...more });
      expect(flowEnd.parse(payload)).toEqual(payload);
    }
  });

  it('E3: the offset is the one in force at that moment', () => {
    expect(localTime('2026-01-15T12:00:00.000Z', 'America/New_York')).toBe('2026-01-15T07:00:00.000-05:00');
    expect(localTime('2026-07-15T12:00:00.000Z', 'America/New_York')).toBe('2026-07-15T08:00:00.000-04:00');
    expect(localTime('2026-07-15T12:00:00.000Z', 'UTC')).toBe('2026-07-15T12:00:00.000+00:00');
  });
});
