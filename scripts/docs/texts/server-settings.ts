/**
 * Why our Temporal servers have each of their settings, and whether other servers should. For `docs/reference/settings.md`.
 * @module
 */
import type { SERVER_SETTINGS } from '../../../src/temporal/servers/dev-server-arguments.js';

/** The reason and the advice for a server of one's own; the compiler asks for each setting. */
export const SERVER_SETTING_REASONS: Readonly<
  Record<keyof typeof SERVER_SETTINGS, readonly [why: string, elsewhere: string]>
> = {
  'history.transferProcessorMaxPollRPS': ['the default makes each step of a busy call wait 50 ms', 'recommended'],
  'history.timerProcessorMaxPollRPS': ['as above', 'recommended'],
  'history.timerProcessorMaxTimeShift': [
    'by default no timer fires before a second is over, and the hold tune starts late',
    'recommended',
  ],
  'system.enableActivityEagerExecution': ['saves a round trip', 'recommended'],
  'matching.numTaskqueueReadPartitions': ['more partitions only add hops within one process', 'one server only'],
  'matching.numTaskqueueWritePartitions': ['as above', 'one server only'],
  'matching.enableFairness': ["of the tasks that wait for a worker, each account's come in turn", 'recommended'],
  'frontend.rps': ['the default is about 600 activities a second', 'as the load needs'],
  'frontend.namespaceRPS': ['as above', 'as the load needs'],
  'history.maximumSignalsPerExecution': [
    'a flood of events must not make a history that [takes too long to replay](../architecture.md#long-calls)',
    'recommended',
  ],
  'history.shardIOConcurrency': [
    "with one write at a time in a shard, steps also wait for what is not the database's part of a write; Cassandra takes one in any case",
    'recommended',
  ],
  'system.forceSearchAttributesCacheRefreshOnRead': [
    'a development server reads the search attributes from its database some ten times a call else',
    'the default there',
  ],
  'frontend.enableServerVersionCheck': ['asks the internet for news', 'as you like'],
};
