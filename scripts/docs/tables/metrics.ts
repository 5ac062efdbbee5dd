/**
 * `docs/reference/metrics.md`: the catalogue of metrics.
 * @module
 */
import { METRICS, type MetricFacts, type MetricName } from '../../../src/observability/metric-catalogue.js';
import { code, codes, table } from '../table.js';

const METRIC_FACTS: [string, MetricFacts][] = Object.entries(METRICS);

/** Every metric of ours. */
export function metricTable(): string {
  const rows = METRIC_FACTS.map(([name, { kind, unit, labels, help }]) => [code(name), kind, unit, codes(Object.keys(labels)), help]); // prettier-ignore
  return table(['metric', 'kind', 'unit', 'labels', 'what it measures'], rows);
}

/** The names of all labels. */
type Label = { [N in MetricName]: keyof (typeof METRICS)[N]['labels'] }[MetricName];

/** Labels whose values need words; the compiler asks for each that the catalogue has. */
const LABELS: Readonly<Record<Label, string>> = {
  outcome:
    '`completed`, `hungUp`, `failed`, `cancelled`, and `refused`: the start was not valid (`hookline_calls_total`); a [result or error](bridge.md#results) (`hookline_bridge_commands_total`)',
  error: 'a code of [calls](errors.md), `none`, or `other` for a code that is not ours',
  reason: 'a reason of [webhooks](webhook.md#reasons), or `none`: it succeeded',
  target: 'the host of the webhook’s URL when the flow names it; `variable` when a variable gives it',
  method: 'the [internal function](functions.md)',
  type: 'the [command](bridge.md#commands), or `other`',
  state: '',
  result: '',
};

/** The values of each label; those without words of their own have the values that the catalogue lists. */
export function labelTable(): string {
  const rows = Object.entries(LABELS).map(([label, words]) => [code(label), words === '' ? valuesOf(label) : words]);
  return table(['label', 'values'], rows);
}

function valuesOf(label: string): string {
  const metrics = METRIC_FACTS.flatMap(([name, { labels }]) => {
    const values = labels[label];
    return values === undefined || values === 'any' ? [] : [`${codes(values)} (${code(name)})`];
  });
  return metrics.join('; ');
}
