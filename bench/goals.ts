/**
 * What release 0.7 had to reach, beside what was measured.
 * @module
 */
import { type Cell, table } from './markdown.js';
import type { JobFigures } from './measures/job.js';
import type { EngineResult, Results } from './results.js';

interface Goal {
  what: string;
  goal: string;
  /** What was measured, as shown; undefined when it was not. */
  measured: string | undefined;
  reached: boolean;
}

const GIB = 1024;

/** The section. */
export function goalsSection(results: Results): string[] {
  const rows = goalsOf(results).map(({ what, goal, measured, reached }): Cell[] => [
    ...[what, goal, measured ?? 'not measured'],
    measured === undefined ? '' : reached ? 'yes' : 'no',
  ]);
  return ['## Goals of 0.7', '', table(['', 'goal', 'measured', 'reached'], rows), ''];
}

function goalsOf(results: Results): Goal[] {
  const phone = figuresOf(results.phone, 'hookline');
  const { silence, waiting, recovery } = results;
  const before = silence?.before?.withoutHold.p50;
  const at = (calls: number) => waiting.find((step) => step.calls === calls);
  const resting = at(5000)?.restingMs;
  const most = at(20_000);
  const steps = phone?.steps;
  return [
    {
      ...{ what: 'telephone call: workflow tasks / activities', goal: '4 / 3' },
      measured: steps ? `${steps.workflowTasks} / ${steps.activities}` : undefined,
      reached: steps !== null && steps !== undefined && steps.workflowTasks <= 4 && steps.activities <= 3,
    },
    atMost('telephone call: CPU of the floor', 0.8, cpuRatio(results.phone, 'floor')),
    atMost('the same on PostgreSQL', 0.82, cpuRatio(results.postgresql, 'floor')),
    atMost('IVR of ten widgets: CPU of 0.6.0', 0.65, cpuRatio(results.ivr, '0.6.0')),
    atMost("server's writes of a telephone call", 14, phone?.served?.writes),
    atMost('silence: p50 of 0.6.0', 0.85, silence && before ? silence.hookline.withoutHold.p50 / before : undefined),
    atMost('a waiting call of 5,000: ms of server CPU a second', 0.01, resting && resting.server / 5000, 4),
    {
      ...{ what: '20,000 calls in one worker: first command p50, ms; worker, GiB', goal: 'at most 300; under 3.2' },
      measured: most && `${most.firstCommand.p50}; ${(most.workerMiB / GIB).toFixed(1)}`,
      reached: most !== undefined && most.firstCommand.p50 <= 300 && most.workerMiB < 3.2 * GIB,
    },
    {
      ...{ what: 'a worker is killed: seconds to the next step, p50 / p99', goal: 'at most 1.3 / 4.5' },
      measured: recovery ? `${recovery.p50} / ${recovery.p99}` : undefined,
      reached: recovery !== null && recovery.p50 <= 1.3 && recovery.p99 <= 4.5,
    },
  ];
}

function atMost(what: string, goal: number, value: number | null | undefined, digits = 2): Goal {
  const known = value ?? undefined;
  return {
    ...{ what, goal: `at most ${goal}`, measured: known?.toFixed(digits) },
    reached: known !== undefined && known <= goal,
  };
}

function figuresOf(results: Record<string, EngineResult>, name: string): JobFigures | undefined {
  const one = results[name];
  return one === undefined || 'unavailable' in one ? undefined : one;
}

function cpuRatio(results: Record<string, EngineResult>, against: string): number | undefined {
  const cpuOf = (name: string) => {
    const figures = figuresOf(results, name);
    return figures && Object.values(figures.many.cpuMsPerCall).reduce((all, one) => all + one, 0);
  };
  const [ours, theirs] = [cpuOf('hookline'), cpuOf(against)];
  return ours !== undefined && theirs ? ours / theirs : undefined;
}
