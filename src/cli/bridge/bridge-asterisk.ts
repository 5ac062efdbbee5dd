import { Runtime } from '@temporalio/worker';
import { Command } from 'commander';
import { HooklineError, type Problem } from '../../flow/errors.js';
import { structuralErrors } from '../../flow/validation/structure.js';
import { knownServer } from '../../stack/home.js';
import { portTaken } from '../../stack/port-taken.js';
import { untilStopped } from '../../stack/until-stopped.js';
import type { AsteriskBridge } from '../../telephony/asterisk/asterisk-bridge.js';
import {
  type AsteriskSettings,
  asteriskSettings,
  didsFile,
  journalFile,
  servicesOf,
} from '../../telephony/asterisk/asterisk-settings.js';
import { startAsteriskWorker } from '../../telephony/asterisk/asterisk-worker.js';
import { ariPassword, requireAri } from '../../telephony/asterisk/ari/require-ari.js';
import { apiStarter, temporalStarter } from '../../telephony/asterisk/call-starters.js';
import { DidLookup } from '../../telephony/asterisk/did-lookup.js';
import { startHttpBridge } from '../../telephony/asterisk/http-bridge.js';
import { httpBridgeSettings } from '../../telephony/http/bridge-http-settings.js';
import { connectNative } from '../../temporal/connect-native.js';
import { connectClient } from '../../temporal/connect.js';
import { quietRuntime } from '../../temporal/runtime.js';
import { readDocument } from '../documents.js';
import { guarded, printProblems, say } from '../output.js';

interface Options {
  config: string;
  taskQueue?: string;
  port?: string;
  host?: string;
}

/** `hookline bridge asterisk`: a bridge node on an Asterisk. Contract B. */
export function bridgeAsteriskCommand(): Command {
  return new Command('asterisk')
    .description('run a bridge node on an Asterisk 22, until Ctrl-C: real telephones call, and are called')
    .requiredOption('--config <asterisk.json>', 'the settings of the node: docs/guides/asterisk.md')
    .option('--task-queue <queue>', 'the task queue on which it takes commands; default: bridge-<id of the node>')
    .option('--port <port>', 'take commands over HTTP instead, at this port; 0: any free port')
    .option('--host <address>', 'the address to listen on with --port; default: 127.0.0.1')
    .addHelpText(
      'after',
      `
The password of ARI is HOOKLINE_ARI_PASSWORD, or in the file that HOOKLINE_ARI_PASSWORD_FILE names. Over HTTP, messages are
signed with HOOKLINE_BRIDGE_SECRET, events and starts of calls go to HOOKLINE_API_URL, and no Temporal is needed.`,
    )
    .action(guarded(run));
}

async function run(options: Options): Promise<number> {
  const { errors, value } = await readDocument(options.config, (document) => {
    const parsed = asteriskSettings.safeParse(document);
    return parsed.success
      ? { errors: [], warnings: [], value: parsed.data }
      : { errors: structuralErrors(asteriskSettings, document), warnings: [] };
  });
  const faults = [...errors, ...optionFaults(options)];
  if (!value || faults.length > 0) {
    printProblems(faults, [], false);
    return 2;
  }
  const ari = { ...value.ari, url: value.ari.url.replace(/\/$/, ''), password: ariPassword(process.env) };
  await requireAri(ari, say);
  const metricsAddress = process.env.HOOKLINE_METRICS_ADDRESS || undefined;
  quietRuntime(metricsAddress);
  const meter = metricsAddress === undefined ? undefined : Runtime.instance().metricMeter;
  const node = { meter, ari, journal: journalFile(value), services: servicesOf(value), log };
  return options.port === undefined
    ? onTemporal(value, node, options.taskQueue ?? `bridge-${value.id}`)
    : overHttp(value, node, Number(options.port), options.host);
}

type Node = Pick<ConstructorParameters<typeof AsteriskBridge>[0], 'meter' | 'ari' | 'journal' | 'services' | 'log'>;

async function onTemporal(settings: AsteriskSettings, node: Node, taskQueue: string): Promise<number> {
  const { address, namespace } = knownServer();
  const { connection, client } = await connectClient(address, namespace);
  const native = await connectNative(address);
  const starter = temporalStarter(client, taskQueue, routes(settings));
  const running = await startAsteriskWorker({ ...node, connection: native, client, namespace, taskQueue, starter });
  say(`bridge ${settings.id} takes commands from task queue ${taskQueue} at ${address}; Ctrl-C stops`);
  await stoppedOrReplaced(running.bridge);
  await running.stop();
  await native.close();
  await connection.close();
  return 0;
}

async function overHttp(settings: AsteriskSettings, node: Node, port: number, host?: string): Promise<number> {
  const { signature, apiUrl } = httpBridgeSettings(process.env);
  const running = await startHttpBridge({
    ...node,
    ...{ signature, apiUrl, port, host },
    starter: (url) => (apiUrl === null ? undefined : apiStarter({ apiUrl, signature, url }, routes(settings))),
  }).catch(portTaken(port, '--port'));
  const signed = signature === null ? 'unsigned, because HOOKLINE_BRIDGE_SECRET is not set' : 'signed ones only';
  say(`bridge ${settings.id} takes commands at ${running.url} (${signed}); Ctrl-C stops`);
  if (apiUrl === null) say('calls that arrive are refused, because HOOKLINE_API_URL is not set');
  await stoppedOrReplaced(running.bridge);
  await running.stop();
  return 0;
}

async function stoppedOrReplaced(bridge: AsteriskBridge): Promise<void> {
  await Promise.race([
    untilStopped(),
    bridge.replaced.catch((error: Error) => {
      throw new HooklineError('BRIDGE_REPLACED', error.message);
    }),
  ]);
}

function routes(settings: AsteriskSettings) {
  const { id, can, numbers } = settings;
  const { signature, apiUrl } = httpBridgeSettings(process.env);
  const api = apiUrl === null ? null : { apiUrl, signature };
  if (api === null && numbers.length === 0)
    say('every call that arrives is refused: the settings have no numbers, and HOOKLINE_API_URL is not set');
  return { id, can, route: new DidLookup({ numbers, api, file: didsFile(settings), log }).route };
}

function log(message: string, error?: unknown): void {
  say(error === undefined ? message : `${message}: ${error instanceof Error ? error.message : JSON.stringify(error)}`);
}

function optionFaults({ port, host, taskQueue }: Options): Problem[] {
  const faults = [
    ...(port !== undefined && taskQueue !== undefined ? ['--task-queue and --port: give only one of them.'] : []),
    ...(port === undefined && host !== undefined ? ['--host: allowed only with --port.'] : []),
    ...(port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)
      ? ['--port: the value is 0 to 65535.']
      : []),
  ];
  return faults.map((message) => ({ code: 'INVALID_VALUE', pointer: '', message }));
}
