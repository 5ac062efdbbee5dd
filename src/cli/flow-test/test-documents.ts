/**
 * Finds test files and reads every document that they name; reports all faults at once.
 * @module
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Account } from '../../flow/documents/account.js';
import type { Caller } from '../../flow/documents/caller.js';
import type { Flow } from '../../flow/documents/flow.js';
import { HooklineError, type Problem } from '../../flow/errors.js';
import type { FlowTest } from '../../flow/documents/flow-test.js';
import { flowTestFaults, validateFlowTest } from '../../flow/validation/flow-test.js';
import { storedReferences } from '../../flow/values/subflow-references.js';
import { DEFAULT_ACCOUNT, type Findings, validateCaller } from '../../flow/validation/validate.js';
import type { TestCase } from '../../flow-test/test-case.js';
import { readAccount, readDocument as read, readFlow } from '../documents.js';

const ENDING = '.test.json';

/** A finding and the file that it is in. */
export interface FileProblem extends Problem {
  file: string;
}

/** All tests, or everything that is wrong with them. */
export interface ReadTests {
  errors: FileProblem[];
  tests: TestCase[];
}

/**
 * Reads the tests below a folder, or one test file, sorted by file.
 * @param filter only tests whose file or name holds this text
 * @throws {HooklineError} NO_TESTS, FILE_UNREADABLE.
 */
export async function readTests(place: string, filter = ''): Promise<ReadTests> {
  const files = await testFiles(place);
  const reader = new TestReader(files.length === 1 && files[0] === resolve(place) ? '/' : resolve(place));
  for (const file of files) await reader.read(file, filter);
  if (reader.tests.length === 0 && reader.errors.length === 0) {
    const which = filter === '' ? '' : ` with "${filter}" in its path or name`;
    throw new HooklineError('NO_TESTS', `There is no test file (*${ENDING}) in ${place}${which}.`);
  }
  return { errors: unique(reader.errors), tests: reader.tests };
}

async function testFiles(place: string): Promise<string[]> {
  const found = await stat(place).catch(() => undefined);
  if (!found) throw new HooklineError('FILE_UNREADABLE', `${place} cannot be read: there is no such file or folder.`);
  if (found.isFile()) return [resolve(place)];
  const entries = await readdir(place, { recursive: true });
  const hidden = /(^|[\\/])(node_modules|\.[^\\/]+)([\\/]|$)/;
  return entries.filter((entry) => entry.endsWith(ENDING) && !hidden.test(entry)).map((entry) => resolve(place, entry)).sort(); // prettier-ignore
}

/** Reads test after test; documents that several tests share are read once. */
class TestReader {
  readonly tests: TestCase[] = [];
  readonly errors: FileProblem[] = [];
  readonly #documents = new Map<string, Promise<Findings<unknown>>>();

  /** @param top the folder above which nothing is looked for */
  constructor(private readonly top: string) {}

  async read(file: string, filter: string): Promise<void> {
    let name = basename(file).slice(0, -ENDING.length);
    const found = await this.#once(`test ${file}`, () =>
      read(file, (document) => {
        const given = (document as { name?: unknown } | null)?.name;
        if (typeof given === 'string') name = given;
        return validateFlowTest(document);
      }),
    );
    if (!shown(file).includes(filter) && !name.includes(filter)) return;
    const test = this.#value(file, found);
    if (!test) return;
    const documents = await this.#documentsOf(test, file);
    if (!documents) return;
    const faults = flowTestFaults(test, documents.flow, documents.subflows);
    this.#fail(file, faults);
    if (faults.length === 0) this.tests.push({ name, file: shown(file), test, ...documents });
  }

  async #documentsOf(test: FlowTest, file: string): Promise<Omit<TestCase, 'name' | 'file' | 'test'> | undefined> {
    const flowFile = await this.#find(test.flow, file, 'flow');
    const accountFile = await this.#accountFile(test, file, flowFile);
    const account = accountFile === null ? DEFAULT_ACCOUNT : await this.#account(accountFile);
    const flow = flowFile === undefined ? undefined : await this.#flow(flowFile, account, String(accountFile));
    const caller = flow && (await this.#caller(test.caller, file, flow));
    const subflows = flowFile && flow && (await this.#subflows(flow, flowFile, account, String(accountFile)));
    if (!flowFile || !flow || !account || !caller || !subflows) return undefined;
    return { flowFile: shown(flowFile), flow, account, caller, subflows };
  }

  /** The account's file. Null where the test has none; undefined where the one that it names is not there. */
  async #accountFile(test: FlowTest, file: string, flowFile: string | undefined): Promise<string | null | undefined> {
    if (test.account !== undefined) return this.#find(test.account, file, 'account');
    const beside = flowFile && join(dirname(flowFile), 'account.json');
    return beside && (await isFile(beside)) ? beside : null;
  }

  async #account(file: string | undefined): Promise<Account | undefined> {
    if (file === undefined) return undefined;
    return this.#value(file, await this.#once(`account ${file}`, () => readAccount(file)));
  }

  async #flow(file: string, account: Account | undefined, accountFile: string): Promise<Flow | undefined> {
    return this.#value(
      file,
      await this.#once(`flow ${file} ${accountFile}`, () =>
        readFlow(file, account && { errors: [], warnings: [], value: account }),
      ),
    );
  }

  /** The stored flows that a flow runs, and that these run in turn: `ID.json` beside it. */
  async #subflows(flow: Flow, flowFile: string, account: Account | undefined, accountFile: string) {
    const found: Record<string, Flow> = {};
    const queue = storedReferences(flow);
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { id } = next;
      if (Object.hasOwn(found, id)) continue;
      const file = join(dirname(flowFile), `${id}.json`);
      if (!(await isFile(file))) {
        const message = `The flow runs the stored flow "${id}": a test reads it from ${id}.json beside the flow, which is not there.`;
        this.#fail(flowFile, [{ code: 'FILE_NOT_FOUND', pointer: '', message }]);
        return undefined;
      }
      const stored = await this.#flow(file, account, accountFile);
      if (!stored) return undefined;
      found[id] = stored;
      queue.push(...storedReferences(stored));
    }
    return found;
  }

  async #caller(given: FlowTest['caller'], testFile: string, flow: Flow): Promise<Caller | undefined> {
    if (typeof given !== 'string') return given ?? validateCaller({}).value;
    const file = await this.#find(given, testFile, 'caller');
    if (file === undefined) return undefined;
    return this.#value(file, await read(file, (document) => validateCaller(document, flow)));
  }

  /** The file of this name beside the test, or in the nearest folder above that has it. */
  async #find(name: string, testFile: string, field: string): Promise<string | undefined> {
    for (let folder = dirname(testFile); ; folder = dirname(folder)) {
      const file = resolve(folder, name);
      if (await isFile(file)) return file;
      if (folder === this.top || folder === dirname(folder)) break;
    }
    const message = `There is no "${name}" beside the test, nor in a folder above it up to ${shown(this.top)}.`;
    this.#fail(testFile, [{ code: 'FILE_NOT_FOUND', pointer: `/${field}`, message }]);
    return undefined;
  }

  async #once<T>(key: string, load: () => Promise<Findings<T>>): Promise<Findings<T>> {
    const known = this.#documents.get(key) ?? load();
    this.#documents.set(key, known);
    return known as Promise<Findings<T>>;
  }

  #value<T>(file: string, { errors, value }: Findings<T>): T | undefined {
    this.#fail(file, errors);
    return value;
  }

  #fail(file: string, problems: Problem[]): void {
    this.errors.push(...problems.map((problem) => ({ file: shown(file), ...problem })));
  }
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}

/** A path as a person would write it. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short || '.';
}

/** Removes repeats: a fault of a document that several tests share is reported once. */
function unique(problems: FileProblem[]): FileProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
