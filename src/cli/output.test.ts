import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { print, printJson, say, writeResult } from './output.js';

/** Clears the screen, sets the title, colours, begins a line, turns the direction, as 7 and 8 bits. */
const HOSTILE = '\x1b[2J\x1b]0;title\x07\x1b[31mred\rnew\x9b2J\u202eback\u2028next\x00';

afterEach(() => vi.restoreAllMocks());

/** What was written meanwhile. */
function written(write: () => void): string {
  const said: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  write();
  vi.restoreAllMocks();
  return said.join('');
}

describe('C6: what commands print', () => {
  it.each([
    ['a line', print],
    ['progress', say],
    ['a document', (text: string) => printJson({ text })],
  ])('moves no cursor, whatever a target or a caller put into %s', (_, write) => {
    const text = written(() => write(HOSTILE))
      .replaceAll('\x1b[31m', '')
      .replaceAll(/\x1b\[[02]m/g, '');
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
    expect(text).toContain('\\u009b2J');
  });

  it('is the same JSON', () => {
    expect(JSON.parse(written(() => printJson({ text: HOSTILE })))).toEqual({ text: HOSTILE });
  });
});

describe('a file with callers\u2019 data', () => {
  it('is for its owner alone, also when it was there and open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-result-'));
    const file = join(folder, 'call.json');
    writeFileSync(file, 'before, and longer');
    chmodSync(file, 0o644);
    await writeResult(file, 'call', 0o600);
    expect([statSync(file).mode & 0o777, readFileSync(file, 'utf8')]).toEqual([0o600, 'call']);
    const before = statSync('/dev/null').mode;
    await writeResult('/dev/null', 'call', 0o600);
    expect(statSync('/dev/null').mode).toBe(before);
    rmSync(folder, { recursive: true });
  });
});
