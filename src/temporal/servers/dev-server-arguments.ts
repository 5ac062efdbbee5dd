/**
 * The command line of a development server.
 * @module
 */
import { TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../register-search-attributes.js';
import { runCommand } from './run-command.js';

/** The namespace that every development server has. */
export const DEV_SERVER_NAMESPACE = 'default';

/** Dynamic configuration of a server for calls, each with the reason why its default does not do. */
export const SERVER_SETTINGS = {
  // The default of 20 a shard, and there is one shard, makes each activity of a busy call wait 50 ms.
  'history.transferProcessorMaxPollRPS': 5000,
  'history.timerProcessorMaxPollRPS': 5000,
  // With the default of one second no timer fires before a second is over, and the hold tune is to start after 0.3 s.
  'history.timerProcessorMaxTimeShift': '50ms',
  // An activity goes to the worker with the answer that asked for it, which saves a round trip.
  'system.enableActivityEagerExecution': true,
  // Four partitions only add hops within one process.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Of what waits, each account gets its turn.
  'matching.enableFairness': true,
  // The default of 2,400 is about 600 activities a second, then callers wait.
  'frontend.rps': 20000,
  'frontend.namespaceRPS': 20000,
  // A flood of events makes no history that cannot be replayed within the time that a task has.
  'history.maximumSignalsPerExecution': 1000,
  // With one write at a time a step also waits for what is not the database's part of a write.
  'history.shardIOConcurrency': 8,
  // A development server reads the search attributes from its database each time else, some ten times a call.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  // Asks the internet whether there is a newer server.
  'frontend.enableServerVersionCheck': false,
};

/** The ports of a development server; undefined or `false`: it does not listen there. */
export interface ServerPorts {
  port: number;
  uiPort: number | false;
  metricsPort: number | undefined;
}

/** The arguments with which a `temporal` program starts our development server. */
export async function devServerArguments(
  program: string,
  { port, uiPort, dbFilename, metricsPort }: ServerPorts & { dbFilename: string | undefined },
): Promise<string[]> {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--namespace', DEV_SERVER_NAMESPACE, '--log-level', 'error'],
    ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
    ...(dbFilename === undefined ? [] : ['--db-filename', dbFilename]),
    ...(uiPort === false ? ['--headless'] : ['--ui-port', String(uiPort), ...(await quietUi(program))]),
    ...Object.entries(SERVER_SETTINGS).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
    ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${TypedSearchAttributes.toMetadataType(type)}`,
    ]),
  ];
}

/** The UI's news come from the internet. Older programs do not know the flag and would refuse to start. */
async function quietUi(program: string): Promise<string[]> {
  const flag = '--ui-disable-news-fetch';
  const known = await runCommand(program, ['server', 'start-dev', '--help'], process.env, 20);
  return known.includes(flag) ? [flag] : [];
}
