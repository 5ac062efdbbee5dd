/**
 * Results as JUnit XML, as build servers read it.
 * @module
 */
import type { TestResult } from './test-case.js';

/** One testsuite a flow file. `details` describes a failed test, in plain text. */
export function junitXml(results: readonly TestResult[], details: (result: TestResult) => string): string {
  const flows = [...new Set(results.map(({ testCase }) => testCase.flowFile))];
  const suites = flows.map((flow) => {
    const own = results.filter(({ testCase }) => testCase.flowFile === flow);
    return element(
      'testsuite',
      { name: flow, ...counts(own) },
      own.map((result) => testcase(result, details)).join(''),
    );
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'hookline test', ...counts(results) }, suites.join(''))}`;
}

function testcase(result: TestResult, details: (result: TestResult) => string): string {
  const { testCase, seconds, failures } = result;
  const { name, file, flowFile } = testCase;
  const message = failures.map(({ what, lines }) => `${what}: ${lines.join(' ')}`).join('; ');
  const failure =
    failures.length === 0
      ? ''
      : element('failure', { type: failures[0]?.what ?? '', message }, escaped(details(result)));
  return element('testcase', { classname: flowFile, name, file, time: seconds.toFixed(3) }, failure);
}

function counts(results: readonly TestResult[]): Record<string, string> {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
  return {
    tests: String(results.length),
    failures: String(failed),
    errors: '0',
    skipped: '0',
    time: seconds.toFixed(3),
  };
}

function element(name: string, attributes: Record<string, string>, content: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${written.join('')}>${content}</${name}>\n`;
}

/** Text and attribute values; characters that XML 1.0 cannot hold become question marks. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
    .replaceAll('\r', '&#13;');
}
