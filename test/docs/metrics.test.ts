import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { METRICS, type MetricFacts } from '../../src/observability/metric-catalogue.js';

const page = await readFile(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
const catalogue: [string, MetricFacts][] = Object.entries(METRICS);

describe('docs/reference/metrics.md', () => {
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
