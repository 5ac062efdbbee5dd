/**
 * An Asterisk of our own on the loopback: configured from `ops/asterisk/`, a child process in a folder that is deleted afterwards.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../src/temporal/servers/ports.js';
import { endProcess } from '../end-process.js';
import { modulesFolder, unpacked } from './fetch-asterisk.js';
import { toneWav } from './tone-wav.js';

const TEMPLATES = fileURLToPath(new URL('../../../ops/asterisk/', import.meta.url));
/** Files without which Asterisk warns at its start; nothing of them is used. */
const QUIET: Record<string, string> = {
  ...files('[general]\nenable = no\n', ['cdr', 'cel']),
  ...files('[general]\nenabled = no\n', ['manager']),
  ...files('[general]\n', ['amd', 'ccss', 'features', 'udptl', 'res_http_media_cache']),
  ...files('', ['acl', 'stasis', 'pjproject', 'websocket_client', 'chan_websocket']),
};
/** Milliseconds for the start, and for the stop before it is killed. */
const START_MS = 20_000;
const STOP_MS = 5000;
/** Hertz of the hold tunes. */
export const TUNES = { default: 600, second: 900 };

/** A running Asterisk. */
export interface RunningAsterisk {
  /** Where ARI answers. */
  url: string;
  user: string;
  password: string;
  /** UDP port for SIP on 127.0.0.1. */
  sipPort: number;
  /** The password of the SIP user `demo`. */
  demoPassword: string;
  /** What it printed. */
  output(): string;
  readonly pid: number;
  /** Kills it with all its calls, and starts it again on the same ports. */
  killAndStart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on free ports; phones of others reach it at `address`, default: only those of this machine. */
export async function startAsterisk(root: string, address = '127.0.0.1'): Promise<RunningAsterisk> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-asterisk-'));
  const [http, sip] = [await freePort(), await freeUdpPort()];
  const [password, demoPassword] = [randomBytes(12).toString('hex'), randomBytes(6).toString('hex')];
  writeConfiguration({ root, folder, http, address, sip, password, demoPassword });
  const output: string[] = [];
  let child = run(root, folder, output);
  const url = `http://127.0.0.1:${http}`;
  const end = (signal: NodeJS.Signals) => endProcess(child, signal, STOP_MS);
  const onExit = () => child.kill('SIGKILL');
  process.once('exit', onExit);
  const stop = async () => {
    process.off('exit', onExit);
    await end('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(url, password, child, output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ url, user: 'hookline', password, sipPort: sip, demoPassword, stop },
    output: () => output.join(''),
    get pid() {
      return child.pid ?? 0;
    },
    async killAndStart() {
      await end('SIGKILL');
      child = run(root, folder, output);
      await answers(url, password, child, output);
    },
  };
}

interface Place {
  root: string;
  folder: string;
  http: number;
  address: string;
  sip: number;
  password: string;
  demoPassword: string;
}

function writeConfiguration({ root, folder, http, address, sip, password, demoPassword }: Place): void {
  const etc = join(folder, 'etc');
  for (const name of [
    'etc',
    'lib',
    'spool/recording',
    'spool/tmp',
    'run',
    'log',
    'moh/default',
    'moh/second',
    'data/sounds/en',
  ])
    mkdirSync(join(folder, name), { recursive: true });
  // Options are checked against the documentation.
  for (const name of ['documentation', 'rest-api'])
    symlinkSync(join(root, 'usr/share/asterisk', name), join(folder, 'data', name));
  for (const [tune, hertz] of Object.entries(TUNES))
    writeFileSync(join(folder, 'moh', tune, 'tune.wav'), toneWav(hertz, 4));
  writeFileSync(join(folder, 'data/sounds/en/beep.wav'), toneWav(1000, 0.2));
  cpSync(TEMPLATES, etc, { recursive: true });
  for (const [name, text] of Object.entries(QUIET)) writeFileSync(join(etc, name), text);
  const of = (name: string) => join(folder, name);
  writeFileSync(
    join(etc, 'asterisk.conf'),
    [
      '[directories]',
      ...[`astetcdir => ${etc}`, `astmoddir => ${modulesFolder(root)}`, `astdatadir => ${of('data')}`],
      ...['astvarlibdir', 'astdbdir', 'astkeydir', 'astagidir'].map((name) => `${name} => ${of('lib')}`),
      ...[`astspooldir => ${of('spool')}`, `astcachedir => ${of('spool')}`],
      ...[`astrundir => ${of('run')}`, `astlogdir => ${of('log')}`],
      ...['[options]', 'systemname = node', 'documentation_language = en_US', 'hideconnect = yes', ''],
    ].join('\n'),
  );
  change(join(etc, 'http.conf'), ['bindport = 8088', `bindport = ${http}`]);
  change(join(etc, 'ari.conf'), ['password = CHANGE', `password = ${password}`]);
  change(
    join(etc, 'pjsip.conf'),
    ['bind = 0.0.0.0:5060', `bind = ${address}:${sip}`],
    ['password = CHANGE', `password = ${demoPassword}`],
  );
  const moh = '[default]\nmode = files\ndirectory = /var/lib/asterisk/moh';
  const tunes = Object.keys(TUNES).map((tune) => `[${tune}]\nmode = files\ndirectory = ${of(`moh/${tune}`)}\n`);
  change(join(etc, 'musiconhold.conf'), [moh, tunes.join('')]);
  writeFileSync(join(etc, 'pjsip.conf'), PHONES, { flag: 'a' });
}

/** Whoever calls from the loopback; a dead peer is noticed after 6.4 s instead of 32 s. */
const PHONES = `
[system]
type = system
timer_t1 = 100
timer_b = 6400
[phones]
type = endpoint
context = in
disallow = all
allow = ulaw,alaw
direct_media = no
allow_transfer = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
[phones]
type = identify
endpoint = phones
match = 127.0.0.1
`;

function change(path: string, ...replacements: [from: string, to: string][]): void {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`${path} has no "${from}" any more.`);
    text = text.replace(from, to);
  }
  writeFileSync(path, text);
}

function run(root: string, folder: string, output: string[]): ChildProcess {
  const [program = '', ...args] = unpacked(root, 'usr/sbin/asterisk');
  const child = spawn(program, [...args, '-f', '-n', '-C', join(folder, 'etc/asterisk.conf')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us: we stop it in our order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  return child;
}

async function answers(url: string, password: string, child: ChildProcess, output: string[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`hookline:${password}`).toString('base64')}`;
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${url}/ari/asterisk/ping`, { headers: { authorization } }).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Asterisk did not start:\n${output.join('')}`);
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

function files(text: string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${name}.conf`, text]));
}
