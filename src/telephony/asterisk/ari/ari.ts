/**
 * The operations of ARI that a bridge needs. Each may be repeated: what is there already, or gone already, is no error. What must not be
 * done twice (`play`, `dial`) fails with {@link AriAway} when its answer was lost, and its caller looks first.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import type { z } from 'zod';
import { type AriChannel, asteriskInfo, channelList, oneChannel } from './ari-messages.js';
import { AriAway, type AriPlace, type AriSocket } from './ari-socket.js';

/** Asterisk refused a request. */
export class AriRefused extends Error {
  override readonly name = 'AriRefused';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A leg that we dial. */
export interface Originated {
  endpoint: string;
  /** Seconds that it rings. */
  timeout: number;
  /** The number that is shown. */
  callerId: string;
}

/** A recording to be begun. */
export interface RecordingStart {
  name: string;
  maxSeconds: number;
  silenceSeconds?: number;
  terminator?: string;
  beep: boolean;
}

/** Milliseconds between looks whether the socket is there again. */
const RECONNECTED_MS = 50;

type Query = Record<string, string | number | undefined>;

/** The operations. */
export class Ari {
  constructor(
    private readonly socket: AriSocket,
    private readonly place: AriPlace,
  ) {}

  /** When Asterisk was started. */
  async startedAt(): Promise<string> {
    return (await this.#read('asterisk/info?only=status', asteriskInfo)).status.startup_time;
  }

  /** All channels. */
  channels(): Promise<AriChannel[]> {
    return this.#read('channels', channelList);
  }

  /** One channel; null when it is gone. */
  async channel(id: string): Promise<AriChannel | null> {
    const { status, body } = await this.#ask('GET', `channels/${id}`, {}, [200, 404]);
    return status === 200 ? oneChannel.parse(body) : null;
  }

  /** From now on the end of the channel is reported; false when it is gone. */
  async subscribe(id: string): Promise<boolean> {
    const place = `applications/${encodeURIComponent(this.place.app)}/subscription`;
    return (await this.#ask('POST', place, { eventSource: `channel:${id}` }, [200, 422])).status === 200;
  }

  /** Connects an incoming leg; false when it is gone. */
  async answer(id: string): Promise<boolean> {
    return (await this.#ask('POST', `channels/${id}/answer`, {}, [204, 404, 409, 412])).status === 204;
  }

  /** The caller hears that it rings. */
  async ring(id: string): Promise<void> {
    await this.#ask('POST', `channels/${id}/ring`, {}, [204, 404, 409, 412]);
  }

  /** Ends a channel with a Q.850 cause; false when it is gone already. */
  async hangUp(id: string, cause: number): Promise<boolean> {
    return (await this.#ask('DELETE', `channels/${id}`, { reason_code: cause }, [204, 404])).status === 204;
  }

  /** Rings a number and brings the leg to us when it answers; false when its endpoint does not exist. */
  async originate(id: string, { endpoint, timeout, callerId }: Originated): Promise<boolean> {
    const query = { endpoint, timeout, app: this.place.app, appArgs: 'out', callerId: callerId || undefined };
    return (await this.#ask('POST', `channels/${id}`, query, [200, 409, 400, 500])).status < 400;
  }

  /** Makes a leg that is not dialled yet, so that it can be heard before it answers; false when its endpoint does not exist. */
  async create(id: string, endpoint: string, callerId: string): Promise<boolean> {
    const query = { channelId: id, endpoint, app: this.place.app, appArgs: 'early' };
    const variables = callerId === '' ? {} : { 'CONNECTEDLINE(num)': callerId, 'CONNECTEDLINE(name)': callerId };
    return (await this.#ask('POST', 'channels/create', query, [200, 409, 400, 500], { variables })).status < 400;
  }

  /** Dials a created leg. Never to be repeated: a second one breaks the call. */
  async dial(id: string, timeout: number): Promise<void> {
    await this.#ask('POST', `channels/${id}/dial`, { timeout }, [204, 404], undefined, false);
  }

  /** Begins a playback. Never to be repeated: it would play twice. False when the channel is gone. */
  async play(channel: string, playback: string, media: string): Promise<boolean> {
    const place = `channels/${channel}/play/${playback}`;
    return (await this.#ask('POST', place, { media }, [201, 404, 409, 412], undefined, false)).status === 201;
  }

  /** Ends a playback. */
  async stopPlayback(playback: string): Promise<void> {
    await this.#ask('DELETE', `playbacks/${playback}`, {}, [204, 404]);
  }

  /** Whether a playback is under way. */
  async plays(playback: string): Promise<boolean> {
    return (await this.#ask('GET', `playbacks/${playback}`, {}, [200, 404])).status === 200;
  }

  /** Begins a hold tune, by its class. */
  async startTune(channel: string, tune: string): Promise<void> {
    await this.#ask('POST', `channels/${channel}/moh`, { mohClass: tune || undefined }, [204, 404, 409, 412]);
  }

  /** Ends the hold tune. */
  async stopTune(channel: string): Promise<void> {
    await this.#ask('DELETE', `channels/${channel}/moh`, {}, [204, 404, 409, 412]);
  }

  /** Begins a recording; false when the leg is gone. */
  async record(channel: string, start: RecordingStart): Promise<boolean> {
    const query = {
      ...{ name: start.name, format: 'wav', ifExists: 'fail', beep: String(start.beep) },
      ...{ maxDurationSeconds: start.maxSeconds, maxSilenceSeconds: start.silenceSeconds },
      terminateOn: start.terminator || 'none',
    };
    // 409: it is under way, or was made, by the same command.
    return (await this.#ask('POST', `channels/${channel}/record`, query, [201, 409, 404])).status !== 404;
  }

  /** Ends a recording, which is kept. */
  async stopRecording(name: string): Promise<void> {
    await this.#ask('POST', `recordings/live/${name}/stop`, {}, [204, 404]);
  }

  /** Leaves out what is said from now on. */
  async pauseRecording(name: string): Promise<void> {
    await this.#ask('POST', `recordings/live/${name}/pause`, {}, [204, 404, 409]);
  }

  /** Records again. */
  async resumeRecording(name: string): Promise<void> {
    await this.#ask('DELETE', `recordings/live/${name}/pause`, {}, [204, 404, 409]);
  }

  /** Makes a channel that hears both sides of another one, until that ends; false when that is gone. */
  async listenIn(channel: string, listener: string): Promise<boolean> {
    const query = { spy: 'both', app: this.place.app, appArgs: 'listener' };
    return (await this.#ask('POST', `channels/${channel}/snoop/${listener}`, query, [200, 404, 409])).status !== 404;
  }

  /** Whether a recording is under way. */
  async records(name: string): Promise<boolean> {
    return (await this.#ask('GET', `recordings/live/${name}`, {}, [200, 404])).status === 200;
  }

  /** The WAV file of a recording, null when there is none. Files do not go over the socket. */
  async recording(name: string): Promise<Buffer | null> {
    const { url, user, password } = this.place;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const answer = await request(`${url}/ari/recordings/stored/${name}/file`, { headers: { authorization } });
    const body = Buffer.from(await answer.body.arrayBuffer());
    return answer.statusCode === 200 ? body : null;
  }

  /** Deletes a recording. */
  async forgetRecording(name: string): Promise<void> {
    await this.#ask('DELETE', `recordings/stored/${name}`, {}, [204, 404]);
  }

  /** Makes a conversation of channels; false when one of them is gone. */
  async join(bridge: string, ...channels: string[]): Promise<boolean> {
    await this.#ask('POST', `bridges/${bridge}`, { type: 'mixing,dtmf_events' }, [200, 409]);
    const query = { channel: channels.join(',') };
    return (await this.#ask('POST', `bridges/${bridge}/addChannel`, query, [204, 400, 404, 409, 422])).status === 204;
  }

  /** Takes channels out of a conversation, which is over. */
  async part(bridge: string, ...channels: string[]): Promise<void> {
    for (const channel of channels)
      await this.#ask('POST', `bridges/${bridge}/removeChannel`, { channel }, [204, 400, 404, 409, 422]);
    await this.#ask('DELETE', `bridges/${bridge}`, {}, [204, 404]);
  }

  /** Records a conversation, both sides. */
  async recordBridge(bridge: string, name: string): Promise<void> {
    await this.#ask(
      'POST',
      `bridges/${bridge}/record`,
      { name, format: 'wav', ifExists: 'fail' },
      [201, 404, 409, 422],
    );
  }

  /** Whether a conversation is there. */
  async hasBridge(bridge: string): Promise<boolean> {
    return (await this.#ask('GET', `bridges/${bridge}`, {}, [200, 404])).status === 200;
  }

  /** Hands a channel and its peer to the dialplan, which lets them speak without us; false when the channel is gone. */
  async handOver(channel: string, peer: string): Promise<boolean> {
    const set = await this.#ask(
      'POST',
      `channels/${channel}/variable`,
      { variable: 'BRIDGE_PEER', value: peer },
      [204, 404, 409],
    );
    if (set.status !== 204) return false;
    const query = { context: 'handover', extension: 's', priority: 1 };
    return (await this.#ask('POST', `channels/${channel}/continue`, query, [204, 404, 409, 412])).status === 204;
  }

  /** Lets the dialplan find out who has answered, `beep`: and wait until a machine's greeting is over. */
  async detect(channel: string, beep: boolean): Promise<void> {
    const set = { variable: 'WAIT_BEEP', value: beep ? '1' : '0' };
    await this.#ask('POST', `channels/${channel}/variable`, set, [204, 404, 409]);
    const query = { context: 'detect', extension: 's', priority: 1 };
    await this.#ask('POST', `channels/${channel}/continue`, query, [204, 404, 409, 412]);
  }

  async #read<T>(uri: string, shape: z.ZodType<T>): Promise<T> {
    return shape.parse((await this.#ask('GET', uri, {}, [200])).body);
  }

  /** Sends a request, again after a reconnection where that is safe. @throws {AriRefused} for another status than those expected */
  async #ask(method: string, path: string, query: Query, expected: number[], body?: unknown, again = true) {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    const uri = given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path;
    for (;;) {
      try {
        const { status_code: status, message_body: text } = await this.socket.send(method, uri, body);
        if (!expected.includes(status))
          throw new AriRefused(status, `Asterisk answered ${status} to ${method} ${path}.`);
        return { status, body: text ? (JSON.parse(text) as unknown) : undefined };
      } catch (error) {
        if (!(error instanceof AriAway) || !again || this.socket.closed) throw error;
        do await pause(RECONNECTED_MS);
        while (!this.socket.connected && !this.socket.closed);
      }
    }
  }
}
