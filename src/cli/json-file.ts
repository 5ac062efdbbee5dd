/**
 * JSON from a file, with line and column of the first fault.
 * @module
 */
import type { Problem } from '../flow/errors.js';

/** The value, or the problem with its place. */
export function parseJson(text: string): { value: unknown } | { problem: Problem } {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(reason)?.[1];
    const offset = position === undefined ? text.length : Number(position);
    const before = text.slice(0, offset).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    const what = text.trim() === '' ? 'The file is empty' : 'This is not JSON';
    return {
      problem: {
        code: 'INVALID_JSON',
        pointer: '',
        message: `${what}: ${place}.${expected(reason)}`,
      },
    };
  }
}

/** What JSON.parse expected there, if it says so. Its other messages quote the file, which may contain personal data. */
function expected(reason: string): string {
  const said = /^(Expected .+|Unexpected end of JSON input|Bad control character.+?)(?: in JSON at position|$)/.exec(
    reason,
  )?.[1];
  return said === undefined || said.includes('...') ? '' : ` ${said}.`;
}
