import { readFile } from 'node:fs/promises';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS, type MetricFacts } from '../../src/observability/metric-catalogue.js';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = await read('docs/operations.md');
const known = await read('docs/reference/metrics.md');
const catalogue: Record<string, MetricFacts> = METRICS;

interface Rule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const rules = (parse(await read('ops/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules); // prettier-ignore
const { panels } = JSON.parse(await read('ops/grafana-dashboard.json')) as { panels: { title: string; targets?: { expr: string }[] }[] }; // prettier-ignore
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  // Grafana puts a duration there.
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', '1m')] as const)), // prettier-ignore
];

/** What a query selects: the name of each metric, with the labels that it asks for. */
function selectors(query: string): { metric: string; labels: [name: string, value: string][] }[] {
  return [...query.matchAll(/\b((?:hookline|temporal|asterisk)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', labels = '']) => ({
      metric,
      labels: [...labels.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    }),
  );
}

/** The metric that a series belongs to: a histogram has several. */
function metricOf(series: string): string {
  const whole = series.replace(/_(bucket|sum|count)$/, '');
  return whole in catalogue || known.includes(`| \`${whole}\` |`) ? whole : series;
}

describe('the alert rules and the dashboard', () => {
  it.each(queries)('%s: is PromQL', (_of, query) => {
    const faults: string[] = [];
    parser.parse(query).iterate({ enter: ({ type, from }) => void (type.isError && faults.push(query.slice(from))) });
    expect(faults).toEqual([]);
  });

  it.each(queries)('%s: names only metrics that there are, with labels and values that they have', (_of, query) => {
    const found = selectors(query);
    expect(found.length).toBeGreaterThan(0);
    for (const { metric: series, labels } of found) {
      const metric = metricOf(series);
      // That the SDK has those of the page is tested with the page.
      if (metric.startsWith('temporal_') || metric.startsWith('asterisk_'))
        expect(known).toContain(`| \`${metric}\` |`);
      else expect(Object.keys(catalogue)).toContain(metric);
      expect(series !== metric).toBe(isHistogram(metric));
      for (const [name, value] of metric in catalogue ? labels : []) {
        const values = catalogue[metric]?.labels[name] ?? [];
        if (values !== 'any') for (const one of value.split('|')) expect(values).toContain(one);
      }
    }
  });

  it.each(queries)('%s: groups by labels that its metrics have', (_of, query) => {
    const ours = selectors(query).map(({ metric }) => catalogue[metricOf(metric)]);
    for (const [, by = ''] of query.matchAll(/by \(([^)]*)\)/g)) {
      for (const label of by.split(',').map((one) => one.trim())) {
        for (const facts of ours)
          if (facts && label !== 'le' && label !== 'instance') expect(Object.keys(facts.labels)).toContain(label);
      }
    }
  });
});

function isHistogram(metric: string): boolean {
  return catalogue[metric]?.kind === 'histogram' || known.includes(`| \`${metric}\` | histogram |`);
}

describe('docs/operations.md', () => {
  it('says of every alert what to do, in the order of the rules, and of no other', () => {
    const told = [...page.matchAll(/^### (Hookline\w+)$/gm)].map(([, name]) => name);
    expect(told).toEqual(rules.map(({ alert }) => alert));
  });

  it('links only to sections that it has', () => {
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')); // prettier-ignore
    for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(anchor);
  });

  it('each rule says how urgent it is, and what happens, in words', () => {
    for (const { labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary?.length).toBeGreaterThan(10);
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});
