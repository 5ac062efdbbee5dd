// The job by hand: each call is taken by POST /calls/ID and answered before it runs.
import { createServer } from 'node:http';
import { lookUp, tellEnd } from '../job.mjs';

async function run(call) {
  await tellEnd(call, await lookUp(call));
}

const server = createServer((request, response) => {
  request.resume();
  response.statusCode = 202;
  response.end();
  run(request.url.split('/').at(-1)).catch((error) => console.error(error));
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
