import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Target, answer, runTask, taskFor } from '../support/target.js';

let target: Target;
beforeAll(async () => {
  target = await Target.start();
});
afterAll(() => target.stop());

const nasty = `a/b?c=d&e#f %2e "quoted" <tag> & \\ back $flow.key.x`;
/** Sends one request with the value in `$flow.key.x` and gives what arrived, and what became of it. */
async function send(request: object, value: string) {
  target.on('/t', answer(200));
  const task = taskFor({ request: { url: target.url('/t'), ...request } }, { variables: { '$flow.key.x': value } });
  const before = target.received.length;
  const outcome = await runTask(task);
  return { outcome, received: target.received.slice(before) };
}

describe('T: values in a request, as a target gets them', () => {
  it('T1: a value in the path is one segment, in the query one value', async () => {
    const { received } = await send({ url: `${target.url('/t')}/$flow.key.x/end?q=$flow.key.x` }, nasty);
    const url = new URL(received[0]?.path ?? '', 'http://host');
    expect(url.pathname.split('/')).toEqual(['', 't', encodeURIComponent(nasty), 'end']);
    expect([...url.searchParams]).toEqual([['q', nasty]]);
  });

  it.each(['.', '..'])('T1: a value that makes a segment %s is refused, and nothing is sent', async (value) => {
    const { outcome, received } = await send({ url: `${target.url('/t')}/$flow.key.x/end` }, value);
    expect(outcome).toMatchObject({ line: 'failure', reason: 'INVALID_REQUEST', attempts: 0 });
    expect(received).toEqual([]);
  });

  it('T1, W2: a value that is the whole URL is checked like any URL', async () => {
    expect((await send({ url: '$flow.key.x' }, target.url('/t'))).received).toHaveLength(1);
    expect((await send({ url: '$flow.key.x' }, 'ftp://127.0.0.1/')).outcome).toMatchObject({
      reason: 'INVALID_REQUEST',
    });
  });

  it('V2, T1-T6: a default is put in as any value: encoded, escaped or typed by its place; the row is sent', async () => {
    const other = '${flow.key.none:-a/b <c>&}';
    const row = { key: 'q', value: other, mandatory: true };
    const request = { url: `${target.url('/t')}/${other}`, headers: [{ ...row, key: 'X-Q' }], query: [row] };
    const got = async (body: object) => (await send({ ...request, method: 'POST', body }, '')).received[0];
    const json = await got({
      type: 'json',
      content: `{"n": \${flow.key.none:-12}, "t": "${other}", "u": \${flow.key.none:-x}}`,
    });
    const url = new URL(json?.path ?? '', 'http://host');
    expect(url.pathname).toBe('/t/a%2Fb%20%3Cc%3E%26');
    expect(url.searchParams.get('q')).toBe('a/b <c>&');
    expect(json?.headers['x-q']).toBe('a/b <c>&');
    expect(JSON.parse(json?.body ?? '')).toEqual({ n: 12, t: 'a/b <c>&', u: 'x' });
    expect((await got({ type: 'xml', content: `<a>${other}</a>` }))?.body).toBe('<a>a/b &lt;c&gt;&amp;</a>');
    expect((await got({ type: 'text', content: other }))?.body).toBe('a/b <c>&');
    expect((await got({ type: 'form', fields: [row] }))?.body).toBe('q=a%2Fb+%3Cc%3E%26');
  });

  it('T2: a header value goes raw; one with a line break is refused', async () => {
    const headers = [{ key: 'X-Note', value: 'a $flow.key.x', mandatory: false }];
    expect((await send({ headers }, 'naïve "b"')).received[0]?.headers['x-note']).toBe('a naïve "b"');
    expect((await send({ headers }, 'b\r\nX-Evil: 1')).outcome).toMatchObject({
      reason: 'INVALID_REQUEST',
      attempts: 0,
    });
  });

  it('T3: in a JSON body a value stays inside its quotes, and outside them goes in as JSON', async () => {
    const body = { type: 'json', content: '{"text":"<$flow.key.x>","value":$flow.key.x}' };
    const quoted = await send({ method: 'POST', body }, nasty);
    expect(JSON.parse(quoted.received[0]?.body ?? '')).toEqual({ text: `<${nasty}>`, value: nasty });
    const number = await send({ method: 'POST', body }, '12345678901234567890');
    expect(number.received[0]?.body).toBe('{"text":"<12345678901234567890>","value":12345678901234567890}');
    const value = { type: 'json', content: { list: ['$flow.key.x', 5] } };
    expect(JSON.parse((await send({ method: 'POST', body: value }, nasty)).received[0]?.body ?? '')).toEqual({
      list: [nasty, 5],
    });
  });

  it('T4: in an XML body a value adds no element; a control character is refused', async () => {
    const body = { type: 'xml', content: '<a b="$flow.key.x">$flow.key.x</a>' };
    const { received } = await send({ method: 'POST', body }, '"/><evil/>');
    expect(received[0]?.body).toBe('<a b="&quot;/&gt;&lt;evil/&gt;">&quot;/&gt;&lt;evil/&gt;</a>');
    expect((await send({ method: 'POST', body }, '\u0007')).outcome).toMatchObject({ reason: 'INVALID_REQUEST' });
  });

  it('T5: form fields are rows, urlencoded by default and multipart on request', async () => {
    const fields = [{ key: 'note', value: '$flow.key.x', mandatory: true }];
    const urlencoded = await send({ method: 'POST', body: { type: 'form', fields } }, nasty);
    expect(urlencoded.received[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(urlencoded.received[0]?.body)]).toEqual([['note', nasty]]);
    const multipart = await send({ method: 'POST', body: { type: 'form', fields, encoding: 'multipart' } }, nasty);
    expect(multipart.received[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(multipart.received[0]?.body).toContain(nasty);
  });

  it('T6: a text body takes values raw', async () => {
    const { received } = await send({ method: 'POST', body: { type: 'text', content: 'Note: $flow.key.x' } }, nasty);
    expect(received[0]?.body).toBe(`Note: ${nasty}`);
  });
});

describe('W9: notes', () => {
  it('W9: notes of more than 1,000 characters are refused', async () => {
    const { validateFlow } = await import('../../src/flow/validation/validate.js');
    const flow = (length: number) => ({
      hookline: 1,
      id: 'testflow',
      start: 'a',
      widgets: {
        a: { type: 'webhook', notes: 'x'.repeat(length), request: { method: 'GET', url: 'https://example.com' } },
      },
    });
    expect(validateFlow(flow(1000)).errors).toEqual([]);
    expect(validateFlow(flow(1001)).errors).toMatchObject([{ pointer: '/widgets/a/notes' }]);
  });
});
