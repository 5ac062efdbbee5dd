/**
 * What processes cost, read from Linux's `/proc`.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks in a second, on every Linux of today. */
const TICKS = 100;
const PAGE = 4096;

interface Stat {
  parent: number;
  /** Seconds of CPU, those of children that ended included. */
  cpu: number;
  /** Bytes in memory. */
  memory: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map(
      (at) => fields[at],
    );
    return { parent, cpu: (user + system + childUser + childSystem) / TICKS, memory: (fields[21] ?? 0) * PAGE };
  } catch {
    return undefined;
  }
}

/** A process and all that it started. */
function family(pid: number, all: ReadonlyMap<number, Stat>): Stat[] {
  const own = all.get(pid);
  if (!own) return [];
  const children = [...all].filter(([, { parent }]) => parent === pid).flatMap(([child]) => family(child, all));
  return [own, ...children];
}

function everyProcess(): Map<number, Stat> {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return new Map(
    pids.flatMap((pid) => {
      const stat = statOf(pid);
      return stat ? [[pid, stat]] : [];
    }),
  );
}

/** Seconds of CPU and bytes of memory of each process, with all that it started. */
export function costOf(processes: Record<string, number>): Record<string, { cpu: number; memory: number }> {
  const all = everyProcess();
  return Object.fromEntries(
    Object.entries(processes).map(([name, pid]) => {
      const stats = family(pid, all);
      const sum = (read: (stat: Stat) => number) => stats.reduce((total, stat) => total + read(stat), 0);
      return [name, { cpu: sum(({ cpu }) => cpu), memory: sum(({ memory }) => memory) }];
    }),
  );
}

/** Milliseconds of CPU that were spent between two looks, by process. */
export function spent(before: ReturnType<typeof costOf>, after: ReturnType<typeof costOf>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpu }]) => [name, Math.max(0, cpu - (before[name]?.cpu ?? 0)) * 1000]),
  );
}
