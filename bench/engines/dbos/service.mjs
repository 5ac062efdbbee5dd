// The job as a DBOS workflow of two steps: each call is taken by POST /calls/ID and answered when DBOS has it.
import { createServer } from 'node:http';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { lookUp, tellEnd } from '../job.mjs';

const { DATABASE_URL } = process.env;

async function run(call) {
  const status = await DBOS.runStep(() => lookUp(call), { name: 'lookup', retriesAllowed: true });
  await DBOS.runStep(() => tellEnd(call, status), { name: 'flowEnd', retriesAllowed: true });
}

const workflow = DBOS.registerWorkflow(run, { name: 'job' });
DBOS.setConfig({
  name: 'hookline-bench-dbos',
  applicationVersion: '1',
  systemDatabaseUrl: DATABASE_URL,
  logLevel: 'error',
});
// This also goes on with the workflows that a killed process left behind.
await DBOS.launch();

async function take(call, response) {
  await DBOS.startWorkflow(workflow, { workflowID: call })(call);
  response.statusCode = 202;
  response.end();
}

const server = createServer((request, response) => {
  request.resume();
  take(request.url.split('/').at(-1), response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
