import { beforeAll, describe, expect, it } from 'vitest';
import { marksIn } from './marked-run.js';
import { type Shown, sensitiveRun, VALUES } from './sensitive-run.js';

let shown: Shown;
beforeAll(async () => {
  shown = await sensitiveRun();
}, 240_000);

const keysOf = (index: number) =>
  Object.fromEntries(shown.flowEnds[index]?.keys.map(({ name, value }) => [name, value]) ?? []);
const PLACES = [
  'the timeline of the query',
  'the timeline of the next call',
  'the report of the query',
  'the report of the call',
  'the call in the API',
  'the reports in the API',
  'a report in the API',
  'the reports as CSV',
  'the contacts in the API',
  'what the API answers when it saves a contact',
  'the outbound calls in the API',
  'the links in the API',
  'the deliveries in the API',
  'the flow ends',
  'the store',
  'the export',
  'the export as a test',
  'hookline run',
  'hookline run --json',
  'hookline webhook test',
  'hookline webhook test --json',
  'the summaries of steps in Temporal',
  'what lists of Temporal show',
  'the log of the API',
  'the log of worker and server',
  'the traces',
  'the metrics',
];

describe('V7: a PIN, a one-time password and a number that go through everything', () => {
  it('V7: are used like any other value: targets are sent them, the caller hears them, and they reach a dialled party', () => {
    expect(marksIn(shown.sent, VALUES)).toEqual(expect.arrayContaining(['pin', 'otp']));
    expect(marksIn(shown.commands, VALUES)).toEqual(['pin', 'otp', 'shouted', 'number']);
    expect(shown.commands).toContain(`Welcome back ${VALUES.pin}`);
    expect(shown.commands).toContain(`This is The PIN is ${VALUES.pin}, ${VALUES.otp} of ${VALUES.number}`);
    expect(shown.runs).toBeGreaterThan(1);
  });

  it('V7: every place is looked at', () => {
    expect(Object.keys(shown.places)).toEqual(PLACES);
    expect(Object.entries(shown.places).filter(([, text]) => text.trim().length < 2)).toEqual([]);
  });

  it.each(PLACES)('V7: none stands in %s', (place) => {
    expect(marksIn(shown.places[place] ?? '', VALUES)).toEqual([]);
  });

  it('V7: the report has its shape, and *** in place of each value and of what was made of it', () => {
    expect(shown.report.variables).toMatchObject({
      '$flow.key.pin': '***',
      '$flow.key.copy': '***',
      '$flow.key.literal': '***',
      '$flow.key.otp': '***',
      '$flow.key.shouted': '***',
      '$flow.key.list_1': '***',
      '$flow.key.item': '***',
      '$flow.key.recording': '***',
      '$flow.key.longUrl': '***',
      '$flow.key.shortUrl': '***',
      '$flow.key.callee': '919847362515',
      '$user.key.pin': '***',
    });
    expect(shown.report.variables).not.toHaveProperty(['$flow.key.short']);
    expect(shown.report.persisted).toMatchObject({ '$flow.key.otp': '***', '$flow.key.response_raw': '***' });
  });

  it('V7: a prompt is shown with the mask where the value stands', () => {
    const heard = shown.timeline.filter(({ kind }) => kind === 'heard').map(({ text }) => text);
    expect(heard).toEqual(['"Welcome back ***"']);
  });

  it('V7: the flow ends have the mask: of the call, of the next call of the contact, and of the call that was placed', () => {
    const all = shown.flowEnds.map((_, index) => keysOf(index));
    expect(all.find((keys) => '$flow.key.pin' in keys && '$flow.key.recording' in keys)).toMatchObject({
      '$flow.key.pin': '***',
      '$flow.key.callee': '919847362515',
    });
    expect(all.filter((keys) => keys['$user.key.pin'] === '***').length).toBeGreaterThan(2);
    expect(shown.flowEnds.find(({ recordingUrls }) => recordingUrls)?.recordingUrls).toEqual([
      { recordedFileName: 'record-1', recordedFilePublicPath: '***' },
    ]);
  });

  it('V7: the export says that it is masked, and the names of what is', () => {
    expect(shown.exported).toMatchObject({
      doubts: [expect.objectContaining({ code: 'sensitive' })],
      caller: { steps: expect.arrayContaining([expect.objectContaining({ press: '***' })]) },
      requests: expect.arrayContaining([expect.objectContaining({ widget: 'ask', sensitive: ['$flow.key.pin'] })]),
    });
  });
});
