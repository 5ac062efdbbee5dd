import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { callWorkflowId } from '../../src/calls/call-id.js';
import { callInput } from '../../src/flow/documents/call-input.js';
import { validateAccount, validateFlow } from '../../src/flow/validation/validate.js';
import { BRIDGE_ERRORS } from '../../src/telephony/commands.js';
import { BRIDGE_EVENT_SIGNAL } from '../../src/telephony/events.js';
import { CALL_TASK_QUEUE, CALL_WORKFLOW } from '../../src/telephony/start.js';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = await read('docs/reference/bridge.md');
const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const firstCells = (heading: string) => [...section(heading).matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell.replaceAll('`', '')); // prettier-ignore

describe('docs/reference/bridge.md', () => {
  it('lists every command, and no other', async () => {
    const fields = /interface CommandFields \{([^]*?)\n\}/.exec(await read('src/telephony/commands.ts'))?.[1] ?? '';
    expect(firstCells('Commands')).toEqual([...fields.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name));
  });

  it('lists every event, and no other', async () => {
    const events = (await read('src/telephony/events.ts')).matchAll(/type: '(\w+)'/g);
    expect(firstCells('Events')).toEqual([...events].map(([, name]) => name));
  });

  it('lists every error that a bridge may raise, and no other', () => {
    const listed = firstCells('Results').filter((cell) => !cell.startsWith('{'));
    expect(listed.flatMap((cell) => cell.split(', '))).toEqual(BRIDGE_ERRORS);
  });

  it('has a start that is valid, and a recipe of its workflow id that is right', () => {
    const start = callInput.parse(JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? ''));
    const { errors, value } = validateAccount(start.account);
    expect([...errors, ...validateFlow(start.flow, value).errors]).toEqual([]);
    const hashed = /printf '(.+?)'/.exec(page)?.[1]?.replace('\\n', '\n') ?? '';
    expect(hashed).toBe(`${start.bridge.id}\n${start.call.id}`);
    const bits = [...createHash('sha256').update(hashed).digest()].map((byte) => byte.toString(2).padStart(8, '0'));
    const hash = bits.join('').match(/.{1,5}/g)?.map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(five.padEnd(5, '0'), 2)]); // prettier-ignore
    expect(callWorkflowId(1, start.bridge.id, start.call.id)).toBe(`call-1-${hash?.join('')}`);
    expect(page).toContain(`taskQueue: '${start.bridge.taskQueue}'`);
  });

  it('names workflow, task queue and signal as the code does', () => {
    expect(page).toContain(`--type ${CALL_WORKFLOW} --task-queue ${CALL_TASK_QUEUE} `);
    expect(page).toContain(`--name ${BRIDGE_EVENT_SIGNAL} `);
  });
});
