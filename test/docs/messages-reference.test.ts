import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MAX_EMAIL_BYTES, MAX_SUBJECT } from '../../src/flow/messages/email-content.js';
import { MAX_RECIPIENTS, MAX_SMS_CHARACTERS } from '../../src/flow/documents/limits.js';
import { WEBHOOK_REASONS } from '../../src/flow/errors.js';
import { validateAccount, validateFlow } from '../../src/flow/validation/validate.js';

const page = await readFile(new URL('../../docs/reference/messages.md', import.meta.url), 'utf8');
const source = (path: string) => readFile(new URL(`../../src/${path}`, import.meta.url), 'utf8');
const [flow, account] = [...page.matchAll(/```json\n([^]*?)```/g)].map(([, text = '']) => JSON.parse(text) as unknown);
const cells = [...page.matchAll(/^\| (.+) \|$/gm)].map(([, row = '']) => row.split(' | ').map((cell) => cell.replace(/^`(.*)`$/, '$1'))); // prettier-ignore

describe('docs/reference/messages.md', () => {
  it('has examples that are valid together, without a warning', () => {
    const owner = validateAccount(account);
    expect(owner).toMatchObject({ errors: [], warnings: [] });
    expect(validateFlow(flow, owner.value)).toMatchObject({ errors: [], warnings: [] });
  });

  it('names the limits that the code has', async () => {
    const says = (text: string) => expect(page.replace(/\s+/g, ' ')).toContain(text);
    says(`more than ${MAX_SMS_CHARACTERS.toLocaleString('en')} characters of text`);
    says(`of more than ${MAX_SUBJECT} characters`);
    says(`more than ${MAX_RECIPIENTS} recipients`);
    says(`more than ${MAX_EMAIL_BYTES / 1024} KiB of text and HTML`);
    expect(await source('workflows/requests/asking.ts')).toMatch(/MESSAGE_WAIT: Wait = \{[^;]* timeout: 30,/);
    for (const widget of ['sms', 'email']) {
      expect(await source(`workflows/widgets/${widget}.ts`)).toContain('wait: MESSAGE_WAIT');
    }
    says('at most 30 seconds');
    expect(await source('workflows/widgets/sms.ts')).toContain('const RETRY = { attempts: 3,');
    expect(await source('email/run-email.ts')).toContain('const ATTEMPTS = 3;');
    expect(page.match(/three times in all/g)).toHaveLength(2);
    expect(await source('email/transmit.ts')).toContain('const CONNECT_TIMEOUT = 10_000;');
    says('Connecting and greeting have 10 s.');
  });

  it('explains reasons that exist, in the order of the catalogue', () => {
    const listed = cells.map(([code = '']) => code).filter((code) => /^[A-Z]+_?[A-Z_]+$/.test(code));
    expect(listed.length).toBeGreaterThan(8);
    expect(Object.keys(WEBHOOK_REASONS).filter((reason) => listed.includes(reason))).toEqual(listed);
  });
});
