import { describe, expect, it } from 'vitest';
import { openLog } from './log.js';

/** What a log writes. */
function written(
  env: NodeJS.ProcessEnv,
  isTTY = false,
  ...usual: ['warn'] | []
): { lines: string[]; log: ReturnType<typeof openLog> } {
  const lines: string[] = [];
  return { lines, log: openLog('worker', env, usual[0], { isTTY, write: (line) => lines.push(line) }) };
}

describe('the log of a process', () => {
  it('is JSON, one line for each entry, with the process, the level and the time', () => {
    const { lines, log } = written({});
    log.warn({ call: 'call-1-a', widget: 'ask' }, 'a request\nfailed');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    const line = JSON.parse(lines[0] ?? '') as { time: string };
    expect(line).toMatchObject({ level: 'warn', process: 'worker', msg: 'a request\nfailed', call: 'call-1-a', widget: 'ask' }); // prettier-ignore
    expect(new Date(line.time).toISOString()).toBe(line.time);
  });

  it('is text at a terminal', () => {
    const { lines, log } = written({}, true);
    log.info({ call: 'call-1-a', error: 'Error\n  at x' }, 'the call ended');
    expect(lines[0]).toMatch(
      /^\d{4}-\S+Z \[INFO\] the call ended process=worker call=call-1-a\n {4}Error\n {6}at x\n$/,
    );
  });

  it('has the level of HOOKLINE_LOG_LEVEL, else the one that is usual there', () => {
    const levels = (env: NodeJS.ProcessEnv, ...usual: ['warn'] | []) => {
      const { lines, log } = written(env, false, ...usual);
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('x');
      return lines.map((line) => (JSON.parse(line) as { level: string }).level);
    };
    expect(levels({})).toEqual(['info', 'warn', 'error']);
    expect(levels({}, 'warn')).toEqual(['warn', 'error']);
    expect(levels({ HOOKLINE_LOG_LEVEL: 'debug' }, 'warn')).toEqual(['debug', 'info', 'warn', 'error']);
    expect(levels({ HOOKLINE_LOG_LEVEL: 'error' })).toEqual(['error']);
    expect(() => openLog('api', { HOOKLINE_LOG_LEVEL: 'loud' })).toThrow('HOOKLINE_LOG_LEVEL: not one of debug, info');
  });
});
