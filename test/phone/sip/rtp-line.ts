/**
 * The sound of one call: RTP with PCMU both ways, and keys as RFC 4733 has them.
 * @module
 */
import { createSocket, type Socket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { RATE } from '../asterisk/tone-wav.js';
import type { HeardPacket } from './heard.js';
import { codeOf } from './ulaw.js';

const PCMU = 0;
const KEY = 101;
const PACKET_MS = 20;
const SAMPLES = 160;
const KEYS = '0123456789*#';
/** A key is down for so many packets; its last one is sent so many times more. */
const KEY_PACKETS = 5;
const KEY_END_PACKETS = 3;

const SILENCE = Buffer.alloc(SAMPLES, codeOf(0));

/** One line. */
export class RtpLine {
  readonly heard: HeardPacket[] = [];
  /** Hertz that the phone speaks; 0: silence. */
  tone = 0;
  /** Sends nothing at all, as a phone that is dead. */
  mute = false;
  #socket!: Socket;
  #closed = false;
  #port = 0;
  #peer = 0;
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  #sequence = 1;
  #timestamp = 0;
  #phase = 0;
  readonly #source = randomBytes(4).readUInt32BE();
  readonly #keys: { key: number; sent: number; begun: number }[] = [];

  /** Opens it on a free port of the loopback. */
  static async open(): Promise<RtpLine> {
    const line = new RtpLine();
    line.#socket = createSocket('udp4');
    await new Promise<void>((resolve) => line.#socket.bind(0, '127.0.0.1', resolve));
    line.#port = line.#socket.address().port;
    line.#socket.on('message', (packet) => line.#received(packet));
    return line;
  }

  /** The session description that offers this line. */
  get description(): string {
    return [
      ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
      ...[`m=audio ${this.#port} RTP/AVP 0 101`, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000'],
      ...['a=fmtp:101 0-16', 'a=ptime:20', 'a=sendrecv', ''],
    ].join('\r\n');
  }

  /** The other side's description: sound goes there from now on. */
  describedBy(description: string): void {
    const [, port] = /m=audio (\d+)/.exec(description) ?? [];
    if (port === undefined) return;
    this.#peer = Number(port);
    if (this.#timer) return;
    this.#next = performance.now();
    this.#timer = setInterval(() => {
      for (; performance.now() >= this.#next; this.#next += PACKET_MS) this.#tick();
    }, PACKET_MS / 2);
  }

  /** Presses keys, one after the other, 100 ms each. */
  press(keys: string): void {
    for (const key of keys) this.#keys.push({ key: KEYS.indexOf(key), sent: 0, begun: 0 });
  }

  /** Ends it; what is still on its way is heard. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    setTimeout(() => this.#socket.close(), 200).unref();
  }

  #received(packet: Buffer): void {
    if (((packet[1] ?? 0) & 127) !== PCMU) return;
    const [timestamp, source] = [packet.readUInt32BE(4), packet.readUInt32BE(8)];
    this.heard.push({ at: performance.now(), timestamp, source, data: packet.subarray(12) });
  }

  #tick(): void {
    const key = this.#keys[0];
    if (key && !this.mute) this.#sendKey(key);
    else if (!this.mute) this.#send(PCMU, this.#timestamp, false, this.#sound());
    this.#timestamp += SAMPLES;
  }

  #sendKey(key: { key: number; sent: number; begun: number }): void {
    if (key.sent++ === 0) key.begun = this.#timestamp;
    const length = Math.min(key.sent, KEY_PACKETS) * SAMPLES;
    const last = key.sent >= KEY_PACKETS ? 0x80 : 0;
    this.#send(KEY, key.begun, key.sent === 1, Buffer.from([key.key, last | 10, length >> 8, length & 255]));
    if (key.sent >= KEY_PACKETS + KEY_END_PACKETS) this.#keys.shift();
  }

  #sound(): Buffer {
    if (this.tone === 0) return SILENCE;
    const step = (2 * Math.PI * this.tone) / RATE;
    return Buffer.from(
      Array.from({ length: SAMPLES }, () => codeOf(Math.round(8000 * Math.sin((this.#phase += step))))),
    );
  }

  #send(type: number, timestamp: number, marker: boolean, data: Buffer): void {
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = type | (marker ? 128 : 0);
    head.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    head.writeUInt32BE(timestamp >>> 0, 4);
    head.writeUInt32BE(this.#source, 8);
    this.#socket.send(Buffer.concat([head, data]), this.#peer, '127.0.0.1');
  }
}
