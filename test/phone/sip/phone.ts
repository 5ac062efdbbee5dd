/**
 * A SIP phone for tests, in Node alone: many calls at once over UDP on the loopback.
 * @module
 */
import { createSocket, type Socket } from 'node:dgram';
import { PhoneCall } from './phone-call.js';
import { formSip, header, parseSip, type SipMessage } from './sip-message.js';

/** What it is. */
export interface PhoneOptions {
  /** UDP port of Asterisk on the loopback. */
  server: number;
  /** Its number. */
  user?: string;
  /** Takes a call that comes in; without it every one is refused. */
  onCall?: (call: PhoneCall) => void;
}

/** A phone. */
export class Phone {
  readonly calls = new Map<string, PhoneCall>();
  #socket!: Socket;
  port = 0;

  private constructor(private readonly options: PhoneOptions) {}

  /** Switches it on. */
  static async open(options: PhoneOptions): Promise<Phone> {
    const phone = new Phone(options);
    phone.#socket = createSocket('udp4');
    await new Promise<void>((resolve) => phone.#socket.bind(0, '127.0.0.1', resolve));
    phone.port = phone.#socket.address().port;
    phone.#socket.on('message', (packet, { port }) => void phone.#received(parseSip(packet), port));
    return phone;
  }

  /** Calls a number. `from`: the number of this call, default that of the phone. */
  async dial(number: string, from?: string): Promise<PhoneCall> {
    const way = this.#way(this.options.server);
    const call = await PhoneCall.dial({ ...way, user: from ?? way.user }, number);
    this.calls.set(call.id, call);
    return call;
  }

  /** Switches it off. */
  close(): void {
    for (const call of this.calls.values()) call.close();
    this.#socket.close();
  }

  async #received(message: SipMessage, port: number): Promise<void> {
    const known = this.calls.get(header(message, 'call-id'));
    if (message.first.startsWith('SIP/2.0')) return known?.response(message);
    if (known) return message.first.startsWith('INVITE') && !known.answered.isSet ? undefined : known.request(message);
    const { onCall } = this.options;
    if (!message.first.startsWith('INVITE') || !onCall) return this.#refuse(message, port);
    const call = await PhoneCall.incoming(this.#way(port), message);
    this.calls.set(call.id, call);
    onCall(call);
  }

  #refuse({ first, headers: { via, from, to, 'call-id': id, cseq } }: SipMessage, port: number): void {
    if (first.startsWith('ACK')) return;
    const status = first.startsWith('OPTIONS') ? '200 OK' : '481 Gone';
    const headers = { Via: via, From: from, To: to, 'Call-ID': id, CSeq: cseq };
    this.#socket.send(formSip(`SIP/2.0 ${status}`, headers), port, '127.0.0.1');
  }

  #way(port: number) {
    return {
      send: (message: string) => this.#socket.send(message, port, '127.0.0.1'),
      address: `127.0.0.1:${this.port}`,
      user: this.options.user ?? 'phone',
      server: `127.0.0.1:${this.options.server}`,
    };
  }
}
