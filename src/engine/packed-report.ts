/**
 * Reports that are too large for Temporal as they are: a value that occurs several times is kept once. Contract D4, V6.
 * @module
 */
import type { CallProgress, CallReport, FlowEndPayload, FlowEndState, PathEntry } from './call-report.js';

/** Above this, in bytes of JSON, a report is packed; Temporal refuses results over 2 MiB. */
const MAX_PLAIN_BYTES = 1_000_000;

/** A path in which each different entry stands once. */
export interface PackedPath {
  entries: PathEntry[];
  /** Indices into `entries`. */
  order: number[];
}

/** A report whose values stand among its variables, wherever they are the same. */
export interface PackedReport extends Omit<CallReport, 'path' | 'persisted' | 'flowEnd'> {
  packed: true;
  path: PackedPath;
  /** A name alone: its value is that of the variable. */
  persisted: (string | [name: string, value: string])[];
  flowEnd: (Omit<FlowEndState, 'payload'> & { payload: Omit<FlowEndPayload, 'keys'> & { keys: PackedKey[] } }) | null;
}

/** The answer of the query `progress`. */
export type PackedProgress = Omit<CallProgress, 'report'> & { report: CallReport | PackedReport | null };

type PackedKey = string | FlowEndPayload['keys'][number];

/** The report as Temporal can take it: as it is, unless it is large. */
export function packReport(report: CallReport): CallReport | PackedReport {
  if (bytesOf(report) <= MAX_PLAIN_BYTES) return report;
  const { flowEnd, path, persisted, variables } = report;
  return {
    ...report,
    packed: true,
    path: packPath(path),
    persisted: Object.entries(persisted).map(([name, value]) => (variables[name] === value ? name : [name, value])),
    flowEnd: flowEnd && {
      ...flowEnd,
      payload: {
        ...flowEnd.payload,
        keys: flowEnd.payload.keys.map((key) => (variables[key.name] === key.value ? key.name : key)),
      },
    },
  };
}

/** The report again. */
export function unpackReport(report: CallReport | PackedReport): CallReport {
  if (!('packed' in report)) return report;
  const { call, error, flowEnd, outcome, path, persisted, undo, variables } = report;
  const valueOf = (name: string) => variables[name] ?? '';
  const keys = flowEnd?.payload.keys.map((key) => (typeof key === 'string' ? { name: key, value: valueOf(key) } : key));
  return {
    ...{ call, outcome, error, variables },
    ...(undo && { undo }),
    path: unpackPath(path),
    persisted: Object.fromEntries(persisted.map((one) => (typeof one === 'string' ? [one, valueOf(one)] : one))),
    flowEnd: flowEnd && { ...flowEnd, payload: { ...flowEnd.payload, keys: keys ?? [] } },
  };
}

/** A path of thousands of entries in little room. */
export function packPath(path: readonly PathEntry[]): PackedPath {
  const indices = new Map<string, number>();
  const entries: PathEntry[] = [];
  const order = path.map((entry) => {
    const text = JSON.stringify(entry);
    const index = indices.get(text) ?? entries.push(entry) - 1;
    indices.set(text, index);
    return index;
  });
  return { entries, order };
}

/** The path again. */
export function unpackPath({ entries, order }: PackedPath): PathEntry[] {
  return order.flatMap((index) => entries[index] ?? []);
}

/** The length of a value as JSON in UTF-8. */
export function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
