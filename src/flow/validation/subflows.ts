/**
 * The flows inside a flow: each is looked at as the flow itself is. Contract C2, C4, D5.
 * @module
 */
import type { Problem } from '../errors.js';
import { MAX_SUGGESTIONS, suggestion } from './nearest.js';
import { isObject, pointer } from './pointer.js';

/** A document that has widgets, and its place in the whole. */
export interface Part {
  path: PropertyKey[];
  part: Record<string, unknown>;
}

/** The flow and its subflows. Works on any document, valid or not. */
export function partsOf(document: Record<string, unknown>): Part[] {
  return [{ path: [], part: document }, ...subflowsOf(document)];
}

/** Subflows of one id, `subflow` widgets that name none, and lines of theirs that are never taken. */
export function subflowErrors(document: Record<string, unknown>): Problem[] {
  const ids = idsOf(document);
  const known = new Set<string>();
  const repeated = ids.flatMap((id, index): Problem[] => {
    if (!known.has(id)) {
      known.add(id);
      return [];
    }
    return [
      { code: 'INVALID_VALUE', pointer: pointer('subflows', index, 'id'), message: `Another subflow is "${id}".` },
    ];
  });
  const missing = runsOf(document).filter(({ flow }) => !known.has(flow));
  const unknown = missing.map(({ path, flow }, index): Problem => {
    const hint = index < MAX_SUGGESTIONS ? suggestion(flow, ids) : '';
    const message = `The document has no subflow "${flow}".${hint}`;
    return { code: 'UNKNOWN_SUBFLOW', pointer: pointer(...path), message };
  });
  return [...repeated, ...unknown, ...returnedLineErrors(document)];
}

/** Lines of `subflow` widgets that no `return` of their subflow takes. Contract D2c. */
function returnedLineErrors(document: Record<string, unknown>): Problem[] {
  const taken = new Map(subflowsOf(document).map(({ part }) => [String(part.id), linesTaken(part)]));
  return runsOf(document).flatMap(({ path, flow, lines }) => {
    const known = ['next', 'failure', ...(taken.get(flow) ?? [])];
    if (!taken.has(flow)) return [];
    return Object.keys(lines)
      .filter((line) => !known.includes(line))
      .map((line): Problem => {
        const message = `The subflow "${flow}" has no "return" by the line "${line}".${suggestion(line, known)} Known here: ${known.join(', ')}.`;
        return { code: 'UNKNOWN_LINE', pointer: pointer(...path.slice(0, -1), 'lines', line), message };
      });
  });
}

/** The lines by which `return` widgets of a subflow end it. */
function linesTaken({ widgets }: Record<string, unknown>): string[] {
  return Object.values(isObject(widgets) ? widgets : {}).flatMap((widget) =>
    isObject(widget) && widget.type === 'return' && typeof widget.line === 'string' ? [widget.line] : [],
  );
}

/** Subflows that no widget runs. */
export function unusedSubflowWarnings(document: Record<string, unknown>): Problem[] {
  const run = new Set(runsOf(document).map(({ flow }) => flow));
  return idsOf(document).flatMap((id, index): Problem[] => {
    if (run.has(id)) return [];
    return [{ code: 'UNREACHABLE_WIDGET', pointer: pointer('subflows', index), message: `No widget runs "${id}".` }];
  });
}

function subflowsOf(document: Record<string, unknown>): Part[] {
  const subflows: unknown[] = Array.isArray(document.subflows) ? document.subflows : [];
  return subflows.flatMap((part, index) => (isObject(part) ? [{ path: ['subflows', index], part }] : []));
}

function idsOf(document: Record<string, unknown>): string[] {
  return subflowsOf(document).map(({ part }) => String(part.id));
}

/** The `subflow` widgets of all parts, each with the flow that it runs, and its lines. */
function runsOf(document: Record<string, unknown>): { path: PropertyKey[]; flow: string; lines: object }[] {
  return partsOf(document).flatMap(({ path, part }) =>
    Object.entries(isObject(part.widgets) ? part.widgets : {}).flatMap(([key, widget]) => {
      if (!isObject(widget) || widget.type !== 'subflow' || typeof widget.flow !== 'string') return [];
      const lines = isObject(widget.lines) ? widget.lines : {};
      return [{ path: [...path, 'widgets', key, 'flow'], flow: widget.flow, lines }];
    }),
  );
}
