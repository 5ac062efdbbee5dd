import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MAX_PARSED_BYTES, MAX_RAW_BYTES } from '../../src/http/answers/read.js';
import { mapAnswer } from '../../src/flow/mapping/map-answer.js';
import type { MapRow } from '../../src/flow/mapping/map-rows.js';
import type { JsonDialect } from '../../src/flow/mapping/map-json.js';
import { KEPT_ITEMS } from '../../src/flow/mapping/map-rows.js';
import { MAX_TOTAL_BYTES, MAX_VALUE_BYTES, MAX_VARIABLES } from '../../src/flow/values/variables.js';
import { RESULT_VARIABLES } from '../../src/flow/values/webhook-result.js';

const mapJson = (text: string, rows: MapRow[], dialect: JsonDialect) =>
  mapAnswer(text, rows, { type: 'json', dialect });

const mapXml = (text: string, rows: MapRow[], namespaces: Record<string, string>) =>
  mapAnswer(text, rows, { type: 'xml', namespaces });

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = await read('docs/reference/webhook.md');

/** The rows of the first table below a heading: cells as text, without backquotes around them. */
function rows(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const table = /(^\|.*\n)+/m.exec(section)?.[0].trim().split('\n').slice(2) ?? [];
  return table.map((line) => line.slice(2, -2).split(' | ').map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'))); // prettier-ignore
}

describe('docs/reference/webhook.md', () => {
  it('lists every result variable, in the order in which they are written', () => {
    expect(rows('Result variables').map(([name]) => `$flow.key.${name}`)).toEqual(RESULT_VARIABLES);
  });

  it('names the limits that the code has', async () => {
    const constant = async (file: string, name: string) => {
      const value =
        new RegExp(`const ${name} = ([\\d_]+(?: \\* [\\d_]+)*);`).exec(await read(`src/${file}`))?.[1] ?? '';
      return value.split(' * ').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
    };
    const pools = 'http/connections/target-pools.ts';
    const breaker = 'http/circuit-breaker.ts';
    const mib = 1024 * 1024;
    expect(Object.fromEntries(rows('Limits'))).toMatchObject({
      'answer that is parsed, decoded, as UTF-8': expect.stringMatching(`^${MAX_PARSED_BYTES / mib} MiB;`),
      'answer on the wire': `${(await constant('http/answers/read.ts', 'MAX_WIRE_BYTES')) / mib} MiB`,
      response_raw: expect.stringMatching(`^${MAX_RAW_BYTES / 1024} KiB,`),
      'a variable, as UTF-8': `${MAX_VALUE_BYTES / 1024} KiB`,
      'variables of a call': `${MAX_VARIABLES.toLocaleString('en')}, and ${MAX_TOTAL_BYTES / mib} MiB together`,
      'array items kept': expect.stringMatching(`^${KEPT_ITEMS},`),
      'charset, parsing and mapping': expect.stringMatching(
        `^${await constant('judging/verdicts.ts', 'LIMIT_MS')} ms and ${await constant('judging/verdicts.ts', 'LIMIT_MIB')} MiB`,
      ),
      'nesting of an XML answer or body': `${await constant('flow/xml/markup.ts', 'MAX_DEPTH')} elements`,
      'codings of one answer': `${await constant('http/answers/coding.ts', 'MAX_CODINGS')}`,
      'connecting (DNS, TCP, TLS)': expect.stringMatching(`^${(await constant(pools, 'CONNECT_TIMEOUT')) / 1000} s`),
      'connections of a worker to one origin': expect.stringMatching(`^${await constant(pools, 'CONNECTIONS')};`),
      'failed connections that open a circuit': `${await constant(breaker, 'FAILURES_TO_OPEN')} in a row, over at least ${(await constant(breaker, 'SPAN_TO_OPEN')) / 1000} s`, // prettier-ignore
      'an open circuit': expect.stringMatching(`^${(await constant(breaker, 'OPEN_FOR')) / 1000} s,`),
    });
  });

  it('each example of a JSON path finds what the page says', () => {
    const section = page.split('\n### JSON paths\n')[1]?.split('\n###')[0] ?? '';
    const answer = /answer\n`(.+)`:/.exec(section)?.[1] ?? '';
    const examples = [...section.matchAll(/^\| `(data[^`]*)` \| (`[^|]+`) \|$/gm)];
    expect(examples.length).toBeGreaterThan(8);
    for (const [, path = '', finds = ''] of examples) {
      const { rows: found } = mapJson(answer, [{ saveIn: 'x', path, mandatory: true }], 'rfc9535');
      const values = found.flatMap(([name, value]) => (name === 'x_size' || value === null ? [] : [`\`${value}\``]));
      expect(`${path} finds ${values.join(', ')}`).toBe(`${path} finds ${finds}`);
    }
  });

  it('each example of an XML path finds what the page says', () => {
    const examples = [...page.matchAll(/^\| `(<[^`]*)` \| `([^`]*)`(.*) \| `(.+)` \|$/gm)];
    expect(examples).toHaveLength(3);
    for (const [, answer = '', path = '', namespaces = '', finds = ''] of examples) {
      const declared: Record<string, string> = namespaces.includes('"p": "urn:o"') ? { p: 'urn:o' } : {};
      expect(mapXml(answer, [{ saveIn: 'x', path, mandatory: true }], declared).rows).toEqual([['x', finds]]);
    }
  });
});
