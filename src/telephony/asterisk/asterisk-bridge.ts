/**
 * A bridge node on Asterisk: calls, their channels, and what becomes of both when a part dies. It knows neither Temporal nor HTTP, which
 * bring commands and take events. Contract B1 to B6.
 * @module
 */
import type { MetricMeter } from '@temporalio/common';
import type { BridgeCommand } from '../commands.js';
import { CAUSE } from '../causes.js';
import { EndedCalls } from '../ended-calls.js';
import { FIRST_LEG } from '../start.js';
import { Ari } from './ari/ari.js';
import type { AriChannel, AriEvent } from './ari/ari-messages.js';
import { type AriPlace, AriSocket } from './ari/ari-socket.js';
import { AriWaits } from './ari/ari-waits.js';
import { BridgeMetrics } from './bridge-metrics.js';
import { AsteriskCall } from './asterisk-call.js';
import type { ChannelLeg } from './legs/channel-leg.js';
import { idOf, type NodeServices } from './command-run.js';
import { arrive, arrivingNumber, type CallStarter } from './incoming-call.js';
import { Journal, type Outcome } from './journal.js';
import { type JournaledCall, journaledCalls, resumeCommands } from './journaled-calls.js';
import type { SendEvent } from './outbox.js';
import { AriWatchdog } from './ari/ari-watchdog.js';
import { argumentsOf } from './legs/answered-by.js';

/** What a node is made of. */
export interface AsteriskBridgeOptions {
  ari: AriPlace;
  /** The file of its journal. */
  journal: string;
  services: Omit<NodeServices, 'ari' | 'waits'>;
  sendEvent: SendEvent;
  /** Starts calls that arrive; without it they are refused. */
  starter?: CallStarter;
  /** Takes the outcome of a command that a process before this one had begun, by the token it came with. */
  completes?: (token: string, outcome: Promise<Outcome>) => void;
  /** Where its metrics go, default: nowhere. */
  meter?: MetricMeter | undefined;
  /** Says what an operator should know; holds no number of a party. */
  log: (message: string, error?: unknown) => void;
}

/** Milliseconds after a reconnection at which legs that belong to no command are hung up. */
const ORPHANS_MS = 5000;

/** The node. */
export class AsteriskBridge {
  readonly #calls = new Map<string, AsteriskCall>();
  readonly #channels = new Map<string, ChannelLeg>();
  readonly #ended = new EndedCalls((callId) => this.#forget(callId));
  readonly #journal: Journal;
  readonly #socket: AriSocket;
  readonly #watchdog: AriWatchdog;
  readonly #node: NodeServices;
  readonly #journaled: readonly JournaledCall[];
  readonly #metrics: BridgeMetrics;
  #asteriskStart: string | undefined;
  #resumed = false;
  #connected!: () => void;
  readonly #ready = new Promise<void>((resolve) => (this.#connected = resolve));
  /** Rejects when another client has taken the application. */
  readonly replaced: Promise<never>;

  constructor(private readonly options: AsteriskBridgeOptions) {
    let replaced!: (error: Error) => void;
    this.replaced = new Promise((_, reject) => (replaced = reject));
    this.replaced.catch(() => undefined);
    this.#socket = new AriSocket(options.ari, {
      event: (event) => this.#happened(event),
      connected: () => void this.#resync().catch((error: unknown) => this.#socket.drop(String(error))),
      away: (why) => options.log(`Asterisk is away: ${why}`),
      replaced: () =>
        replaced(new Error(`Another bridge has connected as "${options.ari.app}": each node needs a name of its own.`)),
    });
    this.#watchdog = new AriWatchdog(this.#socket);
    this.#metrics = new BridgeMetrics(options.meter ?? null);
    this.#node = { ...options.services, ari: new Ari(this.#socket, options.ari), waits: new AriWaits() };
    const { journal, lines } = Journal.open(options.journal);
    this.#journal = journal;
    const { calls, asterisk } = journaledCalls(lines, (id, begins) => this.#newCall(id, begins));
    this.#asteriskStart = asterisk;
    this.#journaled = calls;
  }

  /** Connects; resolves when calls of a process before this one are taken up. */
  start(): Promise<void> {
    this.#socket.start();
    this.#watchdog.start();
    const watch = () => this.#metrics.watch(() => this.#now());
    watch();
    // An Asterisk that has just answered is up at once, and not 10 s later.
    void this.#ready.then(watch);
    return this.#ready;
  }

  /** Whether Asterisk answers: without that, no sign of life is given for a command. Contract B5. */
  get alive(): boolean {
    return this.#watchdog.alive;
  }

  /** Carries a command out. The `dial` of leg `"1"` begins a call. Contract B3. */
  async command(command: BridgeCommand, from: { eventsUrl?: string; token?: string } = {}): Promise<Outcome> {
    await this.#ready;
    const { callId, leg, type } = command;
    // Its calls are lost when Asterisk is started anew, and outlive this process. Contract B8.
    if (type === 'watch') return { result: 'done', epoch: idOf('asterisk', this.#asteriskStart ?? '') };
    const call = this.#calls.get(callId) ?? this.#begin(command, from.eventsUrl);
    if (!call) return { error: { type: 'LEG_UNKNOWN', message: 'The bridge has no such call.' } };
    call.eventsUrl = from.eventsUrl ?? call.eventsUrl;
    if (type === 'dial' && !call.legs.has(leg)) {
      this.#ended.delete(callId);
      call.addLeg(leg, idOf(callId, leg));
    }
    const outcome = await call.command(command, from.token);
    this.#metrics.command(type, outcome);
    return outcome;
  }

  /** Ends the connection; calls stay in Asterisk, for the next process. */
  close(): void {
    this.#watchdog.stop();
    this.#metrics.stop();
    this.#socket.close();
    for (const call of this.#calls.values()) call.drop();
    this.#journal.close();
  }

  #now() {
    const calls = [...this.#calls.values()];
    return {
      asteriskUp: this.#socket.connected && this.#watchdog.alive,
      calls: calls.filter(({ over }) => !over).length,
      eventsWaiting: calls.reduce((sum, { eventsWaiting }) => sum + eventsWaiting, 0),
    };
  }

  #begin({ type, leg, callId, commandId }: BridgeCommand, eventsUrl: string | undefined): AsteriskCall | undefined {
    if (type !== 'dial' || leg !== FIRST_LEG) return undefined;
    return this.#beginCall(callId, { workflowId: commandId.slice(0, commandId.lastIndexOf('/')), eventsUrl });
  }

  #beginCall(callId: string, begins: { workflowId: string; eventsUrl?: string | undefined }): AsteriskCall {
    this.#journal.write({ call: callId, begins });
    return this.#newCall(callId, begins);
  }

  #newCall(
    id: string,
    { workflowId, eventsUrl }: { workflowId: string; eventsUrl?: string | undefined },
  ): AsteriskCall {
    const { sendEvent, log } = this.options;
    const call: AsteriskCall = new AsteriskCall(id, workflowId, eventsUrl, {
      ...{ node: this.#node, journal: this.#journal, sendEvent, warn: log },
      channelOf: (leg, ours) => void (ours ? this.#channels.set(leg.channel, leg) : this.#channels.delete(leg.channel)),
      legEnded: () => {
        if (call.over) this.#ended.add(id);
      },
    });
    this.#calls.set(id, call);
    return call;
  }

  #forget(callId: string): void {
    this.#calls.get(callId)?.drop();
    this.#calls.delete(callId);
    this.#journal.write({ call: callId, forgotten: true });
  }

  #happened(event: AriEvent): void {
    this.#node.waits.happened(event);
    const channel = 'channel' in event ? event.channel : 'peer' in event ? event.peer : null;
    if (!channel) return;
    const leg = this.#channels.get(channel.id);
    if (leg) leg.happened(event);
    else if (event.type === 'StasisStart' && arrivingNumber(channel, this.options.ari.app) !== null)
      this.#arrived(channel);
  }

  /** A call arrives, or arrived while we were away. */
  #arrived(channel: AriChannel): void {
    const { starter, ari, log } = this.options;
    const known = this.#calls.get(channel.id);
    const to = arrivingNumber(channel, ari.app) ?? '';
    const begin = (workflowId: string): ChannelLeg => {
      const call = known ?? this.#beginCall(channel.id, { workflowId });
      return call.legs.get(FIRST_LEG) ?? call.addLeg(FIRST_LEG, channel.id);
    };
    arrive({ ari: this.#node.ari, starter, channel, to, begin, log }).then(
      (result) => result && this.#metrics.arrived(result),
      (error: unknown) => log('a call that arrived could not be started', error),
    );
  }

  /** After each connection: what Asterisk has is compared with what we know. Contract B3, B5. */
  async #resync(): Promise<void> {
    const { ari, waits } = this.#node;
    const startedAt = await ari.startedAt();
    const restarted = this.#asteriskStart !== undefined && this.#asteriskStart !== startedAt;
    if (startedAt !== this.#asteriskStart) this.#journal.write({ asterisk: startedAt });
    this.#asteriskStart = startedAt;
    const channels = new Map((await ari.channels()).map((channel) => [channel.id, channel]));
    for (const leg of [...this.#channels.values()]) {
      const channel = channels.get(leg.channel);
      if (restarted) leg.end(CAUSE.bridgeGone, 'remote');
      else if (channel) await this.#adopt(leg, channel);
      else if (leg.placed) leg.end(CAUSE.unspecified, 'remote');
    }
    await waits.probe(ari);
    if (!this.#resumed) resumeCommands(this.#journaled, this.options.completes);
    this.#resumed = true;
    this.#connected();
    for (const channel of channels.values()) if (this.#waits(channel)) this.#arrived(channel);
    setTimeout(() => void this.#hangUpOrphans().catch(() => undefined), ORPHANS_MS).unref();
  }

  async #adopt(leg: ChannelLeg, channel: AriChannel): Promise<void> {
    leg.placed = true;
    if (!(await this.#node.ari.subscribe(leg.channel))) leg.end(CAUSE.unspecified, 'remote');
    else if (channel.state === 'Up' && channel.dialplan.app_name === 'Stasis')
      leg.found(argumentsOf(channel.dialplan.app_data));
  }

  /** Whether a channel is a call that arrived and that no workflow has commanded yet. */
  #waits(channel: AriChannel): boolean {
    if (channel.dialplan.app_name !== 'Stasis' || arrivingNumber(channel, this.options.ari.app) === null) return false;
    return !this.#calls.get(channel.id)?.commanded;
  }

  /** Legs that a process before this one dialled, and that no command claims. */
  async #hangUpOrphans(): Promise<void> {
    const { ari } = this.#node;
    for (const { id, dialplan } of await ari.channels())
      if (id.startsWith('hl-') && dialplan.app_name === 'Stasis' && !this.#channels.has(id))
        await ari.hangUp(id, CAUSE.normal);
  }
}
