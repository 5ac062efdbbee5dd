import { Command, InvalidArgumentError } from 'commander';
import { Coverage, percent } from '../../flow-test/coverage.js';
import { junitXml } from '../../flow-test/junit.js';
import { runTests } from '../../flow-test/run-tests.js';
import { quietRuntime } from '../../temporal/runtime.js';
import { colour, guarded, print, printJson, printProblems, say, writeResult } from '../output.js';
import { type FileProblem, readTests } from './test-documents.js';
import { detailsOf, printCoverage, printResult, resultJson } from './test-report.js';

interface Options {
  filter?: string;
  junit?: string;
  json?: boolean;
  minCoverage?: number;
  timeout: number;
}

/** Milliseconds before the start prints its progress. */
const PATIENCE_MS = 5000;

/** `hookline test`: runs the tests of flows, with scripted answers and in skipped time. */
export function testCommand(): Command {
  return new Command('test')
    .description('run the tests of flows: simulated callers, scripted answers, no network, no waiting')
    .argument('<dir>', 'a folder, to run every *.test.json below it, or one such file')
    .option('--filter <text>', 'run only tests with this text in their path or name')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option(
      '--min-coverage <percent>',
      'fail when the tests take a smaller part of the connected lines',
      number(0, 100),
    )
    .option('--timeout <seconds>', 'limit of real time for each call', number(1, 3600), 20)
    .option('--json', 'print results and coverage as one JSON document on stdout')
    .addHelpText(
      'after',
      `
A test is a JSON document beside a flow; \`hookline schema test\` prints its schema.
Exit codes: 0 all passed, 1 a test failed, the coverage is too low or there is no test, 2 a document is not valid.`,
    )
    .action(guarded(test, (_dir, options) => options.json === true));
}

async function test(dir: string, options: Options): Promise<number> {
  const json = options.json === true;
  const { errors, tests } = await readTests(dir, options.filter);
  if (errors.length > 0) {
    reportInvalid(errors, json);
    return 2;
  }
  quietRuntime();
  const results = await runTests(tests, {
    timeout: options.timeout,
    onResult: json ? () => undefined : printResult,
    say: json ? () => undefined : whenSlow(),
  });
  const coverage = new Coverage();
  for (const { testCase, seen } of results) coverage.add(testCase.flowFile, testCase.flow, seen?.report.path ?? []);
  const flows = coverage.flows();
  const reached = percent(flows.map(({ lines }) => lines));
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const tooLow = options.minCoverage !== undefined && reached < options.minCoverage;
  if (options.junit !== undefined)
    await writeResult(
      options.junit,
      junitXml(results, (result) => detailsOf(result).join('\n')),
    );
  if (json) {
    const passed = results.length - failed;
    printJson({
      passed,
      failed,
      tests: results.map(resultJson),
      coverage: { percent: reached, minimum: options.minCoverage ?? null, flows },
    });
  } else {
    printCoverage(flows);
    print();
    print(colour(failed > 0 ? 'red' : 'green', `${results.length - failed} passed, ${failed} failed`));
  }
  if (tooLow) {
    process.stderr.write(
      `hookline: ${reached} % of the connected lines are taken, less than ${options.minCoverage} %.\n`,
    );
  }
  return failed > 0 || tooLow ? 1 : 0;
}

/** Prints how a server is found only when that takes longer than `PATIENCE_MS`, as a download does. */
function whenSlow(): (line: string) => void {
  const until = performance.now() + PATIENCE_MS;
  let held: string[] = [];
  return (line) => {
    held.push(line);
    if (performance.now() < until) return;
    for (const one of held) say(one);
    held = [];
  };
}

function reportInvalid(errors: FileProblem[], json: boolean): void {
  if (json) return printJson({ errors, warnings: [] });
  for (const file of new Set(errors.map((problem) => problem.file))) {
    process.stderr.write(`${file}\n`);
    printProblems(
      errors.filter((problem) => problem.file === file),
      [],
      false,
    );
  }
}

function number(least: number, most: number): (value: string) => number {
  return (value) => {
    const given = value.trim() === '' ? Number.NaN : Number(value);
    if (!(given >= least && given <= most)) throw new InvalidArgumentError(`The value is ${least} to ${most}.`);
    return given;
  };
}
