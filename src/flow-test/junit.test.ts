import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { junitXml } from './junit.js';
import type { TestResult } from './test-case.js';

const result = (flowFile: string, name: string, failures: TestResult['failures'] = []) =>
  ({ testCase: { name, file: `${name}.test.json`, flowFile }, seconds: 0.25, failures, seen: null, timeline: [] }) as unknown as TestResult; // prettier-ignore

function parsed(results: TestResult[], details = '') {
  const faults: string[] = [];
  const parser = new DOMParser({ onError: (_level, message) => void faults.push(message) });
  const document = parser.parseFromString(
    junitXml(results, () => details),
    'text/xml',
  );
  expect(faults).toEqual([]);
  return document;
}

describe('JUnit XML', () => {
  it('has one testsuite for each flow, with its counts', () => {
    const failed = [{ what: 'path', lines: ['- a', '+ b'] }];
    const document = parsed([result('a.json', 'one'), result('b.json', 'two', failed), result('a.json', 'three')]);
    const suites = [...document.getElementsByTagName('testsuite')];
    const counts = suites.map((suite) => ['name', 'tests', 'failures'].map((name) => suite.getAttribute(name)));
    expect(counts).toEqual([['a.json', '2', '0'], ['b.json', '1', '1']]); // prettier-ignore
    expect(document.documentElement?.getAttribute('tests')).toBe('3');
    expect(document.getElementsByTagName('failure')[0]?.getAttribute('message')).toBe('path: - a + b');
  });

  it('stays well formed whatever stands in names and messages', () => {
    const name = `<a> & "b" 'c' ]]> \u0000\u001b[31m\ufffe\r`;
    const document = parsed([result('a.json', name, [{ what: 'heard', lines: [name] }])], `${name}\n- <x>`);
    expect(document.getElementsByTagName('testcase')[0]?.getAttribute('name')).toContain(`<a> & "b" 'c' ]]> `);
    expect(document.getElementsByTagName('failure')[0]?.textContent).toContain('\n- <x>');
  });
});
