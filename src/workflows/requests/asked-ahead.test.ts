import { expect, it } from 'vitest';
import type { Flow } from '../../flow/documents/flow.js';
import { AskedAhead } from './asked-ahead.js';

it('H9, V6: answers that wait hold at most 1 MiB together; one beyond that is VARIABLE_LIMIT when it is collected', async () => {
  const widgets = { get: { type: 'awaitAnswer', of: 'ask' } };
  const all = new AskedAhead({ widgets, subflows: [] } as unknown as Flow);
  const common = { line: 'success', duration: 1, truncated: false, attempts: 1, statusCode: 200 } as const;
  const rows = Array.from({ length: 12 }, (_, n) => [`$flow.key.v${n}`, 'x'.repeat(60_000)] as [string, string]);
  const asked = { what: 'GET', persist: false, rows: [] };
  const keep = async (widget: string) => {
    all.keep(widget, asked, Promise.resolve({ ...common, rows }), () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    return all.of(widget)?.outcome;
  };
  expect(await keep('ask')).toMatchObject({ line: 'success' });
  expect(await keep('run/ask')).toMatchObject({ line: 'failure', reason: 'VARIABLE_LIMIT', rows: [], statusCode: 200 });
  expect(await keep('other')).toBeUndefined();
});
