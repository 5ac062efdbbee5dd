/**
 * A name server of a test's own, and programs that ask it: they see another `/etc/resolv.conf` than the rest of the machine.
 * @module
 */
import { execFile, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An address of this machine on which nothing else listens. */
const ADDRESS = '127.0.0.77';
const ISOLATED = ['--mount', 'sh', '-c', 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"', 'sh'];

/** Whether this machine lets us run programs with a name server of their own. */
export function mayHaveOwnNames(): boolean {
  return spawnSync('unshare', [...ISOLATED, '/etc/resolv.conf', 'true']).status === 0;
}

/** What a program came to. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** A name server. */
export class OwnNames {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hookline-names-'));
  readonly #socket = createSocket('udp4');

  private constructor(private readonly answerTo: (name: string) => string[] | undefined) {}

  /** Starts one. @param answerTo gives the IPv4 addresses of a name; undefined: it never answers */
  static async start(answerTo: (name: string) => string[] | undefined): Promise<OwnNames> {
    const names = new OwnNames(answerTo);
    names.#socket.on('message', (query, { port, address }) => {
      const answer = names.#answer(query);
      if (answer) names.#socket.send(answer, port, address);
    });
    names.#socket.bind(53, ADDRESS);
    await once(names.#socket, 'listening');
    writeFileSync(join(names.#folder, 'resolv.conf'), `nameserver ${ADDRESS}\n`);
    return names;
  }

  /** Runs a program that asks this server, for two minutes at most. */
  run(command: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
    const args = [...ISOLATED, join(this.#folder, 'resolv.conf'), ...command];
    return new Promise((resolve) => {
      execFile('unshare', args, { env, timeout: 120_000, maxBuffer: 1e8 }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
      );
    });
  }

  async stop(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
    rmSync(this.#folder, { recursive: true });
  }

  /** One question, as resolvers ask it: a header of 12 bytes, labels, type and class. */
  #answer(query: Buffer): Buffer | undefined {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const end = at + 5;
    const isIPv4 = query.readUInt16BE(at + 1) === 1;
    const addresses = isIPv4 ? this.answerTo(labels.join('.')) : [];
    if (!addresses) return undefined;
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(addresses.length, 6);
    header.writeUInt32BE(0, 8);
    const records = addresses.map((address) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
    );
    return Buffer.concat([header, query.subarray(12, end), ...records]);
  }
}
