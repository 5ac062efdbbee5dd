import { describe, expect, it } from 'vitest';
import type { CallReport } from './call-report.js';
import { bytesOf, packReport, unpackReport } from './packed-report.js';

const large = (letter: string) => letter.repeat(64_000);
const report: CallReport = {
  call: 'call-1-abc',
  outcome: 'completed',
  path: Array.from({ length: 5000 }, (_, n) => ({ widget: `w${n % 7}`, type: 'play', line: 'next', lineNumber: 0 })),
  variables: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`$flow.key.v${n}`, large(String(n))])),
  persisted: { '$flow.key.v1': large('1'), '$flow.key.v2': 'as it was before' },
  flowEnd: {
    ...{ delivered: true, attempts: 1 },
    payload: {
      ...{ callDetails: [], recordingUrls: [], 'phonon-uuid': 'u' },
      keys: [
        { name: '$flow.key.v3', value: large('3') },
        { name: '$user.key.gone', value: 'not a variable of the report' },
      ],
    },
  },
  error: null,
};

describe('a report that Temporal cannot take as it is', () => {
  it('D4, V6: is packed and comes back as it was', () => {
    const packed = packReport(report);
    expect(packed).not.toEqual(report);
    expect(bytesOf(packed)).toBeLessThan(700_000);
    expect(unpackReport(JSON.parse(JSON.stringify(packed)) as typeof packed)).toEqual(report);
  });

  it('D4: others stay as they are, for any client to read', () => {
    const small = { ...report, path: [], variables: {} };
    expect(packReport(small)).toBe(small);
    expect(unpackReport(small)).toBe(small);
  });
});
