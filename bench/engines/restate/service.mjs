// The job as a Restate workflow with two journalled steps, which the server calls over HTTP/2.
import { createServer } from 'node:http2';
import { createEndpointHandler, workflow } from '@restatedev/restate-sdk';

const { LOOKUP_URL, FLOW_END_URL, PORT } = process.env;

async function post(url, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function run(ctx) {
  const call = ctx.key;
  const { status } = await ctx.run('lookup', () => post(LOOKUP_URL, { call }));
  const flowEnd = { call, status: status === 'sent' ? 'sent' : 'other' };
  await ctx.run('flowEnd', () => post(FLOW_END_URL, flowEnd));
}

const job = workflow({ name: 'job', handlers: { run } });
// The SDK's own serve() listens on every address.
const server = createServer(createEndpointHandler({ services: [job] }));
server.listen(Number(PORT), '127.0.0.1', () => process.send({ port: server.address().port }));
