/**
 * How the cost of a call grows with its widgets and with the size of an answer.
 * @module
 */
import { flowOf, lookUp } from '../calls.js';
import type { PhoneLine } from '../phone-line.js';
import { costOf, spent } from '../processes.js';
import { round, spread } from '../statistics.js';

/** Milliseconds for each widget. */
export interface WidgetCost {
  widgets: number;
  /** Prompts: each is a command to the bridge. */
  play: { msEach: number; cpuMsEach: number };
  /** Variables that are stored: such widgets run within the workflow task. */
  storeVariable: { msEach: number; cpuMsEach: number };
}

/** A call with one webhook by the size of its answer. Milliseconds. */
export interface AnswerCost {
  bytes: number;
  /** From the answer to the next command. */
  silence: number;
  cpuMsPerCall: number;
}

/** Calls of 10, 100 and 1,000 widgets. */
export async function measureWidgets(line: PhoneLine, repeats: number): Promise<WidgetCost[]> {
  const costs: WidgetCost[] = [];
  for (const widgets of [10, 100, 1000]) {
    const times = Math.max(1, Math.round((repeats * 100) / widgets));
    const play = await costEach(line, widgets, times, { type: 'play', prompt: { text: 'One more.' } });
    const assign = [{ saveIn: '$flow.key.stored', value: 'yes' }];
    costs.push({
      widgets,
      play,
      storeVariable: await costEach(line, widgets, times, { type: 'storeVariable', assign }),
    });
  }
  return costs;
}

async function costEach(line: PhoneLine, widgets: number, times: number, widget: object) {
  const named = Array.from({ length: widgets }, (_, n) => [
    `widget${n}`,
    { ...widget, lines: n + 1 < widgets ? { next: `widget${n + 1}` } : {} },
  ]);
  const flow = flowOf('benchwid', Object.fromEntries(named) as Record<string, object>);
  await line.run(flow);
  const before = costOf(line.stack.processes());
  const start = performance.now();
  await line.runInTurn(times, flow);
  const ms = performance.now() - start;
  const cpu = sum(spent(before, costOf(line.stack.processes())));
  const each = widgets * times;
  return { msEach: round(ms / each), cpuMsEach: round(cpu / each) };
}

/** Answers of 1 KB to 1 MB. */
export async function measureAnswers(line: PhoneLine, calls: number): Promise<AnswerCost[]> {
  const flow = flowOf('benchans', {
    ask: lookUp(line.target.job, 'say'),
    say: { type: 'play', prompt: { text: 'It is on its way.' } },
  });
  const costs: AnswerCost[] = [];
  for (const bytes of [1000, 10_000, 100_000, 1_000_000]) {
    line.target.answer = { bytes };
    await line.runInTurn(3, flow);
    const before = costOf(line.stack.processes());
    const seen = await line.runInTurn(calls, flow);
    const cpu = sum(spent(before, costOf(line.stack.processes())));
    const silences = seen.map(
      ({ lookups: [lookup], commands }) =>
        (commands.find(({ type }) => type === 'play')?.at ?? NaN) - (lookup?.answered ?? NaN),
    );
    costs.push({ bytes, silence: spread(silences).p50, cpuMsPerCall: round(cpu / calls) });
  }
  line.target.answer = {};
  return costs;
}

function sum(values: Record<string, number>): number {
  return Object.values(values).reduce((total, value) => total + value, 0);
}
