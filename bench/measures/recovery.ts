/**
 * How soon calls go on when a worker is killed: a run of `npm run chaos`, whose last line has it.
 * @module
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What came of the run. */
export interface RecoveryFigures {
  calls: number;
  kills: number;
  /** Calls that did not end, flow ends that did not come, repeats under another id. */
  faults: number;
  /** Seconds from the kill of a worker, another one being up, to the next step of its calls. */
  p50: number;
  p99: number;
}

const CHAOS = fileURLToPath(new URL('../../test/durability/chaos/chaos.ts', import.meta.url));
const LAST =
  /(\d+) lost, (\d+) missing flow ends, (\d+) new ids on duplicates(?:, (\d+) other faults)?, recovery p50 ([\d.]+) s, p99 ([\d.]+) s/;
/** The same moments each time, as `docs/chaos.md` has them. */
const SEED = '7';

/** Runs it. Rejects with what it said when it gives no figures. */
export async function measureRecovery({ calls, kills }: { calls: number; kills: number }): Promise<RecoveryFigures> {
  const args = ['--import', 'tsx', CHAOS, '--calls', String(calls), '--kills', String(kills), '--seed', SEED];
  const said = await new Promise<string>((resolve) => {
    // A run with faults ends with code 1, and has its figures.
    execFile(process.execPath, args, { maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  const found = LAST.exec(said);
  if (!found) throw new Error(`npm run chaos gave no figures:\n${said.slice(-2000)}`);
  const [lost = 0, missing = 0, newIds = 0, other = 0, p50 = NaN, p99 = NaN] = found
    .slice(1)
    .map((text) => Number(text ?? 0));
  return { calls, kills, faults: lost + missing + newIds + other, p50, p99 };
}
