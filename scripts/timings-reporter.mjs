// A reporter of vitest: writes what each test file took, and what came of its tests, to the file that HOOKLINE_TIMINGS names.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export default class TimingsReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.HOOKLINE_TIMINGS;
    if (!file) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ files: modules.map(timingOf), unhandled: unhandledErrors.length }));
  }
}

/** Times are in seconds. `failed` counts a file that could not be loaded, or whose set-up failed, as one more failure. */
function timingOf(module) {
  const { duration, collectDuration } = module.diagnostic();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const again = [];
  for (const test of module.children.allTests()) {
    counts[test.result().state] += 1;
    if ((test.diagnostic()?.retryCount ?? 0) > 0) again.push(test.fullName);
  }
  const broken = module.state() === 'failed' && counts.failed === 0;
  return {
    file: module.relativeModuleId,
    project: module.project.name,
    seconds: seconds(duration),
    importSeconds: seconds(collectDuration),
    again,
    ...counts,
    failed: counts.failed + (broken ? 1 : 0),
  };
}

function seconds(milliseconds) {
  return Math.round(milliseconds / 10) / 100;
}
