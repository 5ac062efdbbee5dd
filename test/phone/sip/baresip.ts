/**
 * baresip: a phone that nobody here wrote. It registers, takes calls, and keeps what it heard; commands go over its control socket, as
 * netstrings of JSON.
 * @module
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../src/temporal/servers/ports.js';
import { BARESIP, unpacked } from '../asterisk/fetch-asterisk.js';
import { samplesIn, wav } from '../asterisk/tone-wav.js';
import { endProcess } from '../end-process.js';

/** Seconds of the silence that it says: its end would end the call. */
const SAYS_SECONDS = 120;
/** Milliseconds for its start, and for its end. */
const START_MS = 10_000;
const STOP_MS = 2000;

/** Who it is. */
export interface BaresipAccount {
  /** UDP port of Asterisk. */
  server: number;
  user: string;
  password: string;
}

/** The phone. */
export interface Baresip {
  /** The types of what happened in its calls, such as CALL_ESTABLISHED, in order. */
  events: string[];
  /** What it has written: how it was registered, among others. */
  said(): string;
  /** Gives a command of its menu. */
  command(command: string, params?: string): void;
  /** The samples of what it heard in its last call. */
  heard(): Int16Array;
  stop(): Promise<void>;
}

/** Starts it; it registers at once, and answers every call. */
export async function startBaresip(root: string, account: BaresipAccount): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-baresip-'));
  const control = await freePort();
  writeConfiguration(root, folder, control, account);
  const [program = '', ...args] = unpacked(root, 'usr/bin/baresip');
  const child = spawn(program, [...args, '-f', folder], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const stop = async () => {
    process.off('exit', onExit);
    await endProcess(child, 'SIGTERM', STOP_MS);
    rmSync(folder, { recursive: true, force: true });
  };
  const socket = await controlled(control).catch(async (error: unknown) => {
    await stop();
    throw new Error(`baresip did not start:\n${said}`, { cause: error });
  });
  const events: string[] = [];
  onMessages(socket, ({ event, type }) => event === true && events.push(String(type)));
  return {
    events,
    said: () => said,
    command(command, params = '') {
      const text = JSON.stringify({ command, params });
      socket.write(`${Buffer.byteLength(text)}:${text},`);
    },
    heard() {
      const dump = readdirSync(folder).find((name) => /^dump-.*-dec\.wav$/.test(name));
      return dump === undefined ? new Int16Array(0) : samplesIn(readFileSync(join(folder, dump)));
    },
    async stop() {
      socket.destroy();
      await stop();
    },
  };
}

function writeConfiguration(root: string, folder: string, control: number, account: BaresipAccount): void {
  const { server, user, password } = account;
  mkdirSync(folder, { recursive: true });
  const silence = join(folder, 'silence.wav');
  writeFileSync(silence, wav(new Int16Array(8000 * SAYS_SECONDS)));
  writeFileSync(
    join(folder, 'config'),
    [
      ...['poll_method epoll', 'sip_listen 127.0.0.1:0', 'net_interface 127.0.0.1', 'rtp_timeout 0'],
      ...[`audio_source aufile,${silence}`, `audio_player aufile,${join(folder, 'player.wav')}`],
      ...[
        `audio_alert aufile,${join(folder, 'alert.wav')}`,
        `snd_path ${folder}`,
        'ausrc_srate 8000',
        'auplay_srate 8000',
      ],
      ...[`module_path ${join(root, BARESIP.folder)}`, `ctrl_tcp_listen 127.0.0.1:${control}`],
      ...['g711.so', 'aufile.so', 'sndfile.so'].map((name) => `module ${name}`),
      ...['account.so', 'menu.so', 'ctrl_tcp.so'].map((name) => `module_app ${name}`),
      '',
    ].join('\n'),
  );
  const how = `auth_user=${user};auth_pass=${password};answermode=auto;regint=60;audio_codecs=PCMU/8000/1`;
  writeFileSync(join(folder, 'accounts'), `<sip:${user}@127.0.0.1:${server}>;${how}\n`);
  writeFileSync(join(folder, 'contacts'), '');
}

/** Its control socket, once it listens. */
async function controlled(port: number): Promise<Socket> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const there = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (there) return socket;
    if (Date.now() > deadline) throw new Error('its control socket is not there');
    await pause(50);
  }
}

/** Reads netstrings: `LENGTH:JSON,`. */
function onMessages(socket: Socket, take: (message: Record<string, unknown>) => void): void {
  let text = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text = Buffer.concat([text, chunk]);
    for (;;) {
      const colon = text.indexOf(':');
      const length = Number(text.subarray(0, colon).toString());
      if (colon < 0 || text.length < colon + length + 2) return;
      take(JSON.parse(text.subarray(colon + 1, colon + 1 + length).toString()) as Record<string, unknown>);
      text = text.subarray(colon + length + 2);
    }
  });
}
