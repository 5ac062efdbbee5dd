import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { METRICS, type MetricFacts } from '../../src/observability/metric-catalogue.js';

const page = await readFile(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
const catalogue: [string, MetricFacts][] = Object.entries(METRICS);

describe('docs/reference/metrics.md', () => {
  it('lists every metric of the catalogue with its kind, unit, labels and words, and no other', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `hookline_'));
    const expected = catalogue.map(([name, { kind, unit, labels, help }]) => {
      const names = Object.keys(labels).map((label) => `\`${label}\``);
      return [`\`${name}\``, kind, unit, names.join(', '), help];
    });
    expect(rows.map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()))).toEqual(expected); // prettier-ignore
  });

  it('tells of every label', () => {
    const labels = new Set(catalogue.flatMap(([, facts]) => Object.keys(facts.labels)));
    const told = [...page.matchAll(/^\| (`[a-z]+`(?:, `[a-z]+`)*) \|/gm)].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', ')); // prettier-ignore
    expect([...labels].sort()).toEqual(told.sort());
  });

  it("names only metrics of Temporal's that its SDK has", async () => {
    const core = '../../node_modules/@temporalio/core-bridge/sdk-core/crates/';
    const files = ['common/src/telemetry/metrics.rs', 'sdk-core/src/telemetry/metrics.rs', 'client/src/metrics.rs'];
    const source = await Promise.all(files.map((file) => readFile(new URL(core + file, import.meta.url), 'utf8')));
    const named = [...page.matchAll(/^\| `temporal_(\w+)`/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(source.join('\n')).toContain(`"${name}"`);
  });
});

describe('the catalogue of metrics', () => {
  it('has names as Prometheus wants them: what is counted ends in _total, a time in _seconds', () => {
    for (const [name, { kind, unit, buckets }] of catalogue) {
      expect(name.endsWith('_total')).toBe(kind === 'counter');
      expect(name.endsWith('_seconds')).toBe(unit === 'seconds');
      expect(buckets !== undefined).toBe(kind === 'histogram');
    }
  });
});
