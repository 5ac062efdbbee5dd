/**
 * Which widgets and lines of flows their tests have reached.
 * @module
 */
import type { PathEntry } from '../engine/call-report.js';
import type { Flow } from '../flow/documents/flow.js';
import { lineNames, lineTarget } from '../flow/lines.js';
import { type Place, placeAt, placesOf } from '../flow/places.js';

/** How many there are, how many were reached, and those that never were. */
export interface Reached {
  total: number;
  reached: number;
  never: string[];
}

/** Coverage of one flow file. Widgets of a subflow are named `SUBFLOW ID/KEY`, lines `WIDGET:LINE`. */
export interface FlowCoverage {
  file: string;
  widgets: Reached;
  /** Only lines that lead to a widget: the others are the ends of the flow. */
  lines: Reached;
  /** Of the lines, as {@link percent} gives it. */
  percent: number;
}

/** Collects the paths of calls, flow by flow. */
export class Coverage {
  readonly #flows = new Map<string, { flow: Flow; seen: Set<string> }>();

  /** A test of this flow has run; its path is empty when the call did not end. */
  add(file: string, flow: Flow, path: readonly PathEntry[]): void {
    const { seen } = this.#flows.get(file) ?? { seen: new Set<string>() };
    this.#flows.set(file, { flow, seen });
    for (const { widget, line } of path) {
      const place = placeAt(flow, widget);
      if (!place) continue;
      seen.add(nameOf(place));
      if (line !== null) seen.add(`${nameOf(place)}:${line}`);
    }
  }

  /** Each flow, in the order of its first test. */
  flows(): FlowCoverage[] {
    return [...this.#flows].map(([file, { flow, seen }]) => {
      const places = placesOf(flow);
      const lines = places.flatMap((place) =>
        lineNames(place.widget)
          .filter((line) => lineTarget(place.widget, line) !== undefined)
          .map((line) => `${nameOf(place)}:${line}`),
      );
      const taken = reached(lines, seen);
      return { file, widgets: reached(places.map(nameOf), seen), lines: taken, percent: percent([taken]) };
    });
  }
}

/** Reached parts of a whole in per cent, with one decimal, rounded down: 100 means all. */
export function percent(parts: readonly Pick<Reached, 'total' | 'reached'>[]): number {
  const total = parts.reduce((sum, one) => sum + one.total, 0);
  const done = parts.reduce((sum, one) => sum + one.reached, 0);
  return total === 0 ? 100 : Math.floor((done / total) * 1000) / 10;
}

function nameOf({ subflow, key }: Place): string {
  return subflow === null ? key : `${subflow}/${key}`;
}

function reached(names: string[], seen: ReadonlySet<string>): Reached {
  const never = names.filter((name) => !seen.has(name));
  return { total: names.length, reached: names.length - never.length, never };
}
