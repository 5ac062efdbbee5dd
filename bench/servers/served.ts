/**
 * What a Temporal server has done, read from its metrics.
 * @module
 */
import type { Served } from '../engine.js';

const SAMPLE = /^(service_requests|persistence_requests)(?:_total)?\{(.*)\} ([\d.e+]+)$/;
const WRITES = new Set(['CreateWorkflowExecution', 'UpdateWorkflowExecution']);

/** Sums up what is counted there so far. @param url of its metrics, in the format of Prometheus */
export async function servedBy(url: string): Promise<Served> {
  const text = await (await fetch(url)).text();
  const served: Served = { requests: 0, writes: 0 };
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    const label = (key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (name === 'service_requests' && label('service_name') === 'frontend') served.requests += Number(value);
    if (name === 'persistence_requests' && WRITES.has(label('operation'))) served.writes += Number(value);
  }
  return served;
}
