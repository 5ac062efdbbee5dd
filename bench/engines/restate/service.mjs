// The job as a Restate workflow with two journalled steps, which the server calls over HTTP/2.
import { createServer } from 'node:http2';
import { createEndpointHandler, workflow } from '@restatedev/restate-sdk';
import { lookUp, tellEnd } from '../job.mjs';

const { PORT } = process.env;

async function run(ctx) {
  const call = ctx.key;
  const status = await ctx.run('lookup', () => lookUp(call));
  await ctx.run('flowEnd', () => tellEnd(call, status));
}

const job = workflow({ name: 'job', handlers: { run } });
// The SDK's own serve() listens on every address.
const server = createServer(createEndpointHandler({ services: [job] }));
server.listen(Number(PORT), '127.0.0.1', () => process.send({ port: server.address().port }));
