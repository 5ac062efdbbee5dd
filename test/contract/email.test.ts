import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DROP,
  type EmailFacts,
  emailTask,
  runEmailTask,
  type Reply,
  SILENCE,
  SmtpServer,
  type Step,
} from '../support/smtp.js';

let server: SmtpServer;
let starttls: SmtpServer;
let implicit: SmtpServer;
beforeAll(async () => {
  [server, starttls, implicit] = await Promise.all([
    SmtpServer.start(),
    SmtpServer.start('starttls'),
    SmtpServer.start('implicit'),
  ]);
});
afterAll(() => Promise.all([server, starttls, implicit].map((one) => one.stop())));
beforeEach(() => [server, starttls, implicit].forEach((one) => one.reset()));
afterEach(() => vi.unstubAllEnvs());

const send = (facts: EmailFacts = {}, to = server) => runEmailTask(emailTask(to, facts));
const header = (name: string, mail = server.mails[0]) =>
  new RegExp(`^${name}: (.*(?:\r\n\\s.*)*)`, 'im').exec(mail?.data.split('\r\n\r\n')[0] ?? '')?.[1];
const bodyOf = (mail = server.mails[0]) => mail?.data.split('\r\n\r\n').slice(1).join('\r\n\r\n');

describe('R1, R2: an email that the mail server takes', () => {
  it('R1, R2: line success, with the code of SMTP', async () => {
    const outcome = await send({ email: { subject: 'Order $flow.key.n' }, variables: { '$flow.key.n': '1001 – ök' } });
    expect(outcome).toMatchObject({ line: 'success', statusCode: 250, attempts: 1 });
    expect(outcome).not.toHaveProperty('reason');
    expect(server.mails).toMatchObject([{ from: 'shop@example.com', to: ['ann@example.com'] }]);
    expect(header('From')).toBe('shop@example.com');
    expect(header('To')).toBe('ann@example.com');
    expect(header('Subject')).toBe('=?UTF-8?Q?Order_1001_=E2=80=93_=C3=B6k?=');
    expect(header('Auto-Submitted')).toBe('auto-generated');
    expect(bodyOf()).toBe('It is sent.');
  });

  it('W8: what is sent again has the same Message-ID, another visit has another', async () => {
    for (const key of ['call-1/mail/1', 'call-1/mail/1', 'call-1/mail/2']) await send({ idempotencyKey: key });
    const [first, again, other] = server.mails.map((mail) => header('Message-ID', mail));
    expect(first).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('goes to every address of a list, and shows the sender by name', async () => {
    const email = { to: ['ann@example.com', '$flow.key.b'], cc: 'cy@example.com' };
    await send({
      email,
      smtp: { from: 'Größe & Co <shop@example.com>' },
      variables: { '$flow.key.b': 'b@example.org' },
    });
    expect(server.mails[0]?.to).toEqual(['ann@example.com', 'b@example.org', 'cy@example.com']);
    expect(header('Cc')).toBe('cy@example.com');
    expect(header('From')).toBe('=?UTF-8?Q?Gr=C3=B6=C3=9Fe_=26_Co?= <shop@example.com>');
  });

  it('a refusal of some recipients is a failure that says so, and is not sent again', async () => {
    server.on('RCPT', '250 ok', '451 4.7.1 try ann2@example.com later');
    const outcome = await send({ email: { to: ['ann@example.com', 'ben@example.com'] } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'SERVER_ERROR', statusCode: 451, attempts: 1 });
    expect(outcome.detail).toBe('The email was sent, but 1 of 2 recipients were refused (451 4.7.1).');
    expect(server.mails).toHaveLength(1);
  });
});

describe('T2, T4, T6: what a value cannot do', () => {
  it.each([
    ['a line end in an address', { to: '$flow.key.x' }, 'ann@example.com\r\nBcc: eve@example.com'],
    ['a line feed after an address', { to: '$flow.key.x' }, 'ann@example.com\n'],
    ['a second address', { to: '$flow.key.x' }, 'ann@example.com, eve@example.com'],
    ['a second address, by a semicolon', { cc: '$flow.key.x' }, 'ann@example.com;eve@example.com'],
    ['an address inside a name', { to: '$flow.key.x' }, 'Ann <eve@example.com>'],
    ['a quoted address', { to: '$flow.key.x' }, '"ann eve@example.com"@example.com'],
    ['a group', { to: '$flow.key.x' }, 'all:ann@example.com'],
    ['a command of SMTP', { to: '$flow.key.x' }, 'ann@example.com> SIZE=1'],
    ['no domain', { to: ['ann@example.com', '$flow.key.x'] }, 'ann'],
    ['an address before another', { to: '${flow.key.x}@example.com' }, 'eve@example.com,ann'],
    ['a line end in the subject', { subject: 'Order $flow.key.x' }, '1\r\nBcc: eve@example.com'],
    ['a carriage return in the subject', { subject: 'Order $flow.key.x' }, '1\rBcc: eve@example.com'],
    ['a subject without end', { subject: '$flow.key.x' }, 'x'.repeat(501)],
    ['a text without end', { text: '$flow.key.x $flow.key.x $flow.key.x $flow.key.x $flow.key.x' }, 'x'.repeat(60_000)],
  ])('%s is INVALID_REQUEST, and nothing is sent', async (_what, email, value) => {
    const outcome = await send({ email, variables: { '$flow.key.x': value } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).not.toContain('eve');
    expect(server.connections).toBe(0);
  });

  it.each([
    ['an absent address', { to: '$flow.key.none' }],
    ['an empty address', { to: '$flow.key.empty' }],
    ['an absent address among others', { cc: ['ann@example.com', '$flow.key.none'] }],
    ['an absent value in the subject', { subject: 'Order $flow.key.none' }],
    ['an absent value in the text', { text: 'Order $flow.key.none' }],
    ['an absent value in the HTML', { html: '<p>$flow.key.none</p>' }],
    ['a blank text', { text: '$flow.key.empty ' }],
  ])('W5: %s is INVALID_FLOW_VAR, and nothing is sent', async (_what, email) => {
    const outcome = await send({ email, variables: { '$flow.key.empty': '' } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_FLOW_VAR', attempts: 0 });
    expect(server.connections).toBe(0);
  });

  it('a value stays text in the HTML, and is raw in the text', async () => {
    const x = `<img src=x onerror="alert('1')">&`;
    await send({ email: { text: '$flow.key.x', html: '<p title="$flow.key.x">$flow.key.x</p>' }, variables: { '$flow.key.x': x } }); // prettier-ignore
    const escaped = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
    const unwrapped = server.mails[0]?.data.replace(/=\r\n/g, '').replace(/=3D/g, '=');
    expect(unwrapped).toContain(`<p title="${escaped}">${escaped}</p>`);
    expect(unwrapped).toContain(x);
  });

  it.each(['\r\n', '\n', '\r'])('a lone dot between %j ends no message', async (end) => {
    const x = ['Hello', '.', 'MAIL FROM:<eve@example.com>', 'RCPT TO:<eve@example.com>', 'DATA', ''].join(end);
    expect(await send({ email: { text: '$flow.key.x' }, variables: { '$flow.key.x': x } })).toMatchObject({
      line: 'success',
    });
    expect(server.mails).toHaveLength(1);
    expect(server.lines.filter((line) => line.startsWith('MAIL'))).toEqual(['MAIL FROM:<shop@example.com>']);
    expect(server.mails[0]?.data.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
  });

  it('a value that names a file or an URL is only text', async () => {
    for (const x of ['file:///etc/passwd', '{"path":"/etc/passwd"}']) {
      await send({ email: { text: '$flow.key.x', html: '$flow.key.x' }, variables: { '$flow.key.x': x } });
    }
    expect(server.mails).toHaveLength(2);
    expect(server.mails.map((mail) => mail.data).join()).not.toContain('root:');
  });
});

describe('W3: TLS and credentials', () => {
  const auth = { username: 'shop', password: { secret: 'mail' } };
  const secrets = { mail: { env: 'HOOKLINE_SECRET_1_MAIL' } };

  it('W3: a secret is looked up at the moment of use, and goes over TLS only', async () => {
    const password = `pw-${randomBytes(6).toString('hex')}`;
    vi.stubEnv('HOOKLINE_SECRET_1_MAIL', password);
    const outcome = await send({ smtp: { requireTls: true, auth }, rules: { secrets } }, starttls);
    expect(outcome).toMatchObject({ line: 'success', statusCode: 250 });
    expect(starttls.mails).toMatchObject([{ tls: true }]);
    const encoded = Buffer.from(`\0shop\0${password}`).toString('base64');
    expect(starttls.lines.slice(0, 4)).toEqual([expect.stringMatching(/^EHLO/), 'STARTTLS', expect.stringMatching(/^EHLO/), `AUTH PLAIN ${encoded}`]); // prettier-ignore
  });

  it('R3, W3: refused credentials are AUTHENTICATION_FAILURE, and stand in no outcome', async () => {
    vi.stubEnv('HOOKLINE_SECRET_1_MAIL', 'hunter2secret');
    starttls.on('AUTH', '535 5.7.8 hunter2secret of shop is wrong');
    const outcome = await send({ smtp: { auth }, rules: { secrets } }, starttls);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'AUTHENTICATION_FAILURE', statusCode: 535, attempts: 1 });
    expect(outcome.detail).toBe('The mail server 127.0.0.1 did not accept the credentials: it answered 535 5.7.8.');
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  it('R3: a server that wants credentials of an account without is AUTHENTICATION_FAILURE', async () => {
    server.on('MAIL', '530 5.7.0 Authentication required');
    expect(await send()).toMatchObject({ reason: 'AUTHENTICATION_FAILURE', statusCode: 530, attempts: 1 });
  });

  it('W3: a secret that is not there is INVALID_REQUEST, and nothing is sent', async () => {
    const outcome = await send({ smtp: { auth }, rules: { secrets } }, starttls);
    expect(outcome).toMatchObject({ reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).toContain('SECRET_UNAVAILABLE');
    expect(starttls.connections).toBe(0);
  });

  it('credentials never go in clear, whatever the account says', async () => {
    const outcome = await send({ smtp: { requireTls: false, auth: { username: 'shop', password: 'x' } } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 1 });
    expect(server.lines.join()).not.toMatch(/AUTH|MAIL/);
  });

  it('by default nothing goes to a server without TLS', async () => {
    const outcome = await send({ smtp: { requireTls: true } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', statusCode: 502, attempts: 1 });
    expect(outcome.detail).toContain('offers no TLS');
    expect(server.lines.join()).not.toContain('MAIL');
  });

  it('TLS from the first byte', async () => {
    expect(await send({ smtp: { secure: true } }, implicit)).toMatchObject({ line: 'success' });
    expect(implicit.mails).toMatchObject([{ tls: true }]);
  });

  it('the certificate is checked for the name of the host, not for its address', async () => {
    const rules = { targetAllowList: ['localhost'] };
    for (const [smtp, to] of [
      [{ secure: true }, implicit],
      [{}, starttls],
    ] as const) {
      expect(await send({ smtp: { host: 'localhost', ...smtp }, rules }, to)).toMatchObject({ line: 'success' });
    }
  });

  it.each([
    ['from the first byte', true],
    ['by STARTTLS', false],
  ])('a certificate that is not trusted, %s, is CONNECTION_FAILURE', async (_how, secure) => {
    const to = secure ? implicit : starttls;
    const task = emailTask(to, { smtp: { secure }, timeout: 5 });
    // A trusted authority, but another than that of the server: none.
    const outcome = await runEmailTask(task, { ca: '' });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE' });
    expect(outcome.detail).toBe("The target's TLS certificate is self-signed, which is not trusted.");
    expect(to.mails).toEqual([]);
  });
});

describe('W11: the target check', () => {
  it.each(['127.0.0.1', 'localhost', '2130706433', '::ffff:127.0.0.1'])('W11: %s is refused', async (host) => {
    const outcome = await send({ smtp: { host }, rules: { targetAllowList: [] } });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
    expect(outcome.detail).toContain('targetAllowList');
    expect(server.connections).toBe(0);
  });

  it('W11: a name is judged by its address, and a deployment may ignore the lists', async () => {
    const task = emailTask(server, { smtp: { host: 'localhost' }, rules: { targetAllowList: ['127.0.0.0/8', '::1'] } });
    expect(await runEmailTask(task, { accountTargetLists: false })).toMatchObject({ reason: 'INVALID_REQUEST' });
    expect(server.connections).toBe(0);
  });
});

describe('R3, H4: a mail server that does not take it', () => {
  it.each<[Step, string, string, number]>([
    ['GREETING', '554 5.3.2 go away', 'CLIENT_ERROR', 554],
    ['MAIL', '550 5.7.1 not you, shop@example.com', 'CLIENT_ERROR', 550],
    ['RCPT', '550 5.1.1 no ann@example.com here', 'CLIENT_ERROR', 550],
    ['DATA', '554 no', 'CLIENT_ERROR', 554],
    ['END', '552-5.3.4 too large\r\n552 5.3.4 for ann@example.com', 'CLIENT_ERROR', 552],
  ])('R3: refused for good at %s (%s): %s', async (step, reply, reason, statusCode) => {
    server.on(step, reply);
    const outcome = await send();
    expect(outcome).toMatchObject({ line: 'failure', reason, statusCode, attempts: 1 });
    expect(outcome.detail).toContain(`refused the email for good: it answered ${statusCode}`);
    expect(outcome.detail).not.toContain('@');
  });

  it.each<[Step, Reply]>([
    ['GREETING', '421 busy'],
    ['GREETING', DROP],
    ['EHLO', '421 busy'],
    ['MAIL', '451 later'],
    ['RCPT', '450 4.2.0 later'],
    ['RCPT', DROP],
    ['DATA', '421 busy'],
    ['END', '451 later'],
  ])('H4: what is passing is tried again (%s: %s)', async (step, reply) => {
    server.on(step, reply, { GREETING: '220 hi', DATA: '354 go' }[step as string] ?? '250 ok');
    expect(await send()).toMatchObject({ line: 'success', statusCode: 250, attempts: 2 });
    expect(server.connections).toBe(2);
  });

  it('H4, R3: three times in all, then SERVER_ERROR', async () => {
    server.on('RCPT', '450 4.2.0 ann@example.com is greylisted');
    const outcome = await send();
    expect(outcome).toMatchObject({ line: 'failure', reason: 'SERVER_ERROR', statusCode: 450, attempts: 3 });
    expect(outcome.detail).toBe('The mail server 127.0.0.1 refused the email for now: it answered 450 4.2.0.');
  });

  it('H4: an email that may have been sent is not sent again', async () => {
    server.on('END', DROP);
    const outcome = await send();
    expect(outcome).toMatchObject({ line: 'failure', reason: 'CONNECTION_FAILURE', attempts: 1 });
    expect(outcome.detail).toMatch(/may have been sent/);
    expect(server.connections).toBe(1);
  });

  it.each<[Step, boolean]>([
    ['GREETING', false],
    ['RCPT', false],
    ['END', true],
  ])('R3: no answer at %s within the time is TIMEOUT', async (step, maybe) => {
    server.on(step, SILENCE);
    const outcome = await send({ timeout: 1 });
    expect(outcome).toMatchObject({ line: 'failure', reason: 'TIMEOUT', attempts: 1 });
    expect(outcome.duration).toBeLessThan(2);
    expect(/may have been sent/.test(outcome.detail ?? '')).toBe(maybe);
  });

  it('R3: what is not SMTP is INVALID_RESPONSE', async () => {
    server.on('GREETING', 'HTTP/1.1 400 Bad Request');
    expect(await send()).toMatchObject({ line: 'failure', reason: 'INVALID_RESPONSE' });
  });

  it('R3: a host that refuses connections, or has no address, is CONNECTION_FAILURE', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const refused = await send({ smtp: { port } });
    expect(refused).toMatchObject({ reason: 'CONNECTION_FAILURE', attempts: 3 });
    expect(refused.detail).toBe('The mail server 127.0.0.1 refused the connection.');
    expect(await send({ smtp: { host: 'nowhere.invalid' } })).toMatchObject({ reason: 'CONNECTION_FAILURE' });
  });
});

describe('the activity', () => {
  it('tells that it lives, and how far it is', async () => {
    server.on('END', { after: 1200, reply: '250 ok' });
    const environment = new MockActivityEnvironment();
    const beats: unknown[] = [];
    environment.on('heartbeat', (details) => beats.push(details));
    await runEmailTask(emailTask(server), {}, environment);
    expect(beats.length).toBeGreaterThanOrEqual(2);
    expect(beats[0]).toEqual({ attempt: 1, sent: 1 });
  });

  it('ends the session at once when it is cancelled', async () => {
    server.on('MAIL', SILENCE);
    const environment = new MockActivityEnvironment();
    const running = runEmailTask(emailTask(server), {}, environment);
    setTimeout(() => environment.cancel(), 300);
    await expect(running).rejects.toThrow(CancelledFailure);
  });
});
