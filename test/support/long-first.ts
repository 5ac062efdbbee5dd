/**
 * The order of test files: a lane ends sooner when none of its long files begins last, as vitest's own order by size has it.
 * @module
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Files that wait for long. `api-session`, `tutorial` and `cli` take turns with the order service: they begin one after the other. */
const LONG = [
  'test/docs/api-session.test.ts',
  'test/durability/terminated.test.ts',
  'test/security/wired.test.ts',
  'test/durability/kill-worker.test.ts',
  'test/docs/tutorial.test.ts',
  'test/durability/server-away.test.ts',
  'test/durability/watched-node.test.ts',
  'test/contract/servers.test.ts',
  'test/security/sensitive.test.ts',
  'test/durability/database-away.test.ts',
  'test/e2e/cli.test.ts',
];

const missing = LONG.filter((file) => !existsSync(`${root}${file}`));
if (missing.length > 0) throw new Error(`These long files are not there: ${missing.join(', ')}`);

/** Vitest's order, but that the long files of a project come first. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = new Set(sorted.map(({ project }) => project.name));
    return [...projects].flatMap((name) =>
      sorted.filter(({ project }) => project.name === name).sort((a, b) => rank(a) - rank(b)),
    );
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((file) => moduleId.endsWith(`/${file}`));
  return at < 0 ? LONG.length : at;
}
