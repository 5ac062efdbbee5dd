// A reporter of vitest: writes what each test file took, what came of its tests, and why those that failed did, to the file that
// HOOKLINE_TIMINGS names.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/** How many lines of an error's message are kept. */
const MESSAGE_LINES = 12;

export default class TimingsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.HOOKLINE_TIMINGS;
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ files: modules.map(timingOf), unhandled: unhandledErrors.map(reasonOf) }));
  }
}

/** Times are in seconds. `failed` counts a file that could not be loaded, and a set-up that failed, as one more failure each. */
function timingOf(module) {
  const { duration, collectDuration } = module.diagnostic();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const again = [];
  const failures = failuresOf(module, module.relativeModuleId);
  for (const suite of module.children.allSuites()) failures.push(...failuresOf(suite, suite.fullName));
  for (const test of module.children.allTests()) {
    const { state, errors = [] } = test.result();
    counts[state] += 1;
    if (state === 'failed') failures.push({ name: test.fullName, reasons: errors.map(reasonOf) });
    if ((test.diagnostic()?.retryCount ?? 0) > 0) again.push(test.fullName);
  }
  const broken = module.state() === 'failed' ? 1 : 0;
  return {
    file: module.relativeModuleId,
    project: module.project.name,
    seconds: seconds(duration),
    importSeconds: seconds(collectDuration),
    again,
    failures,
    ...counts,
    failed: Math.max(failures.length, broken),
  };
}

/** What failed outside of tests: a file that could not be loaded, a set-up, an end. */
function failuresOf(entity, name) {
  const reasons = entity.errors().map(reasonOf);
  return reasons.length > 0 ? [{ name, reasons }] : [];
}

/** The message of an error, and the line of ours that threw it. */
function reasonOf({ name, message = '', stacks = [] }) {
  const lines = `${name ? `${name}: ` : ''}${message}`.split('\n');
  const at = stacks.find(({ file }) => !file.includes('node_modules'));
  return [
    ...lines.slice(0, MESSAGE_LINES),
    ...(lines.length > MESSAGE_LINES ? [`and ${lines.length - MESSAGE_LINES} lines more`] : []),
    ...(at ? [`at ${relative(process.cwd(), at.file)}:${at.line}`] : []),
  ];
}

function seconds(milliseconds) {
  return Math.round(milliseconds / 10) / 100;
}
