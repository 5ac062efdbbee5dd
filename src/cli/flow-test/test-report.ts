/**
 * Results of tests as text: what was expected, what was found, and the timeline of the call.
 * @module
 */
import { type FlowCoverage, percent } from '../../flow-test/coverage.js';
import type { TestResult } from '../../flow-test/test-case.js';
import { colour, print } from '../output.js';
import { timelineLine, unscripted } from '../timeline.js';

/** Prints a result: one line, and for a failed test everything that helps to see why. */
export function printResult(result: TestResult): void {
  const { testCase, seconds, failures, seen } = result;
  const [mark, name] =
    failures.length === 0 ? [colour('green', '✓'), testCase.name] : [colour('red', '✗'), colour('bold', testCase.name)];
  print(`${mark} ${name}  ${colour('dim', `${testCase.file}  ${seconds.toFixed(2)} s`)}`);
  for (const number of seen?.unscripted ?? []) print(colour('dim', `    ${unscripted(number)}`));
  if (failures.length === 0) return;
  for (const line of detailsOf(result)) {
    const kind = line.trimStart().slice(0, 2);
    print(`    ${kind === '- ' ? colour('green', line) : kind === '+ ' ? colour('red', line) : line}`);
  }
  print();
}

/** Everything about a failed test, in plain lines: each difference, the prompts, the requests, the timeline. */
export function detailsOf({ failures, seen, timeline }: TestResult): string[] {
  const start = timeline[0]?.at ?? 0;
  return [
    ...(failures.some(({ lines }) => lines.some((line) => line.startsWith('- '))) ? ['- expected   + got'] : []),
    ...failures.flatMap(({ what, lines }) => [`${what}:`, ...lines.map((line) => `  ${line}`)]),
    ...titled('the caller heard', seen ? seen.prompts.map((prompt) => JSON.stringify(prompt)) : []),
    ...titled(
      'requests',
      (seen?.sent ?? []).map(({ sender, method, url, got }) => `${sender}: ${method} ${url} (${got ?? 'no answer'})`),
    ),
    ...titled(
      'timeline',
      timeline.map((entry) => timelineLine(entry, start, (_colour, text) => text)),
    ),
  ];
}

function titled(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** Prints the widgets and lines of each flow that the tests have reached, and those that they never reach. */
export function printCoverage(flows: readonly FlowCoverage[]): void {
  print();
  print(colour('bold', 'Coverage'));
  for (const { file, widgets, lines, percent: part } of flows) {
    print(`  ${file}  widgets ${widgets.reached}/${widgets.total}  lines ${lines.reached}/${lines.total}  ${part} %`);
    if (widgets.never.length > 0) print(colour('yellow', `    widgets never entered: ${widgets.never.join(', ')}`));
    if (lines.never.length > 0) print(colour('yellow', `    lines never taken: ${lines.never.join(', ')}`));
  }
  if (flows.length < 2) return;
  const sum = (part: 'widgets' | 'lines', of: 'reached' | 'total') =>
    flows.reduce((all, one) => all + one[part][of], 0);
  const [widgets, lines] = (['widgets', 'lines'] as const).map(
    (part) => `${part} ${sum(part, 'reached')}/${sum(part, 'total')}`,
  );
  print(`  all flows  ${widgets}  ${lines}  ${percent(flows.map((flow) => flow.lines))} %`);
}

/** A result as `--json` prints it. */
export function resultJson({ testCase, seconds, failures, seen }: TestResult): object {
  const { name, file, flowFile } = testCase;
  return {
    ...{ name, file, flow: flowFile, passed: failures.length === 0, seconds: Math.round(seconds * 1000) / 1000 },
    failures: failures.map(({ what, lines }) => ({ what, message: lines.join('\n') })),
    report: seen?.report ?? null,
    heard: seen?.prompts ?? [],
    requests: seen?.sent ?? [],
    unscripted: seen?.unscripted ?? [],
  };
}
