/**
 * A worker like Hookline's, whose calls run the workflow by hand.
 * @module
 */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, bundleWorkflowCode } from '@temporalio/worker';
import { openStore } from '../../../src/store/store.js';
import { connectNative } from '../../../src/temporal/connect-native.js';
import { createCallWorker } from '../../../src/temporal/worker.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '', DATABASE_URL = '' } = process.env;
const bundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('workflow.ts', import.meta.url)),
  logger: new DefaultLogger('ERROR'),
});
const store = await openStore(DATABASE_URL);
const connection = await connectNative(address);
const worker = await createCallWorker({
  ...{ connection, namespace, bundle, searchAttributes: true },
  store: () => Promise.resolve(store),
});
const running = worker.run();
process.once('SIGTERM', () => worker.shutdown());
process.send?.('ready');
await running;
process.exit(0);
