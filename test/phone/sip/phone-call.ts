/**
 * One call of a test phone: a SIP dialog with its sound. It answers what Asterisk asks, and does what the test says.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { Latch } from '../../../src/telephony/asterisk/latch.js';
import { RtpLine } from './rtp-line.js';
import { formSip, header, type Headers, type SipMessage } from './sip-message.js';

/** How a call ended. */
export interface CallEnd {
  /** Who ended it, or that it was refused. */
  how: 'bye' | 'cancelled' | 'refused' | 'us';
  /** The status of a refusal. */
  code?: number;
  /** The header `Reason`. */
  reason?: string;
}

/** What a call needs of its phone. */
export interface CallWay {
  send(message: string): void;
  /** Address of the phone: `127.0.0.1:PORT`. */
  address: string;
  user: string;
  /** Address of Asterisk. */
  server: string;
}

const random = () => randomBytes(6).toString('hex');

/** A call. */
export class PhoneCall {
  readonly answered = new Latch();
  readonly over = new Latch<CallEnd>();
  /** `performance.now()` of its begin. */
  readonly begun = performance.now();
  /** The statuses of responses to our INVITE, and the requests that came. */
  readonly log: string[] = [];
  readonly #tag = random();
  #from = '';
  #to = '';
  #target = '';
  #branch = random();
  #sequence = 1;
  #invite: SipMessage | undefined;

  private constructor(
    readonly id: string,
    readonly line: RtpLine,
    private readonly way: CallWay,
  ) {}

  /** Calls a number. */
  static async dial(way: CallWay, number: string): Promise<PhoneCall> {
    const call = new PhoneCall(random(), await RtpLine.open(), way);
    call.#from = `<sip:${way.user}@127.0.0.1>;tag=${call.#tag}`;
    call.#to = `<sip:${number}@127.0.0.1>`;
    call.#target = `sip:${number}@${way.server}`;
    call.#request('INVITE', { 'Content-Type': ['application/sdp'] }, call.line.description);
    return call;
  }

  /** Takes a call that comes in. */
  static async incoming(way: CallWay, invite: SipMessage): Promise<PhoneCall> {
    const call = new PhoneCall(header(invite, 'call-id'), await RtpLine.open(), way);
    call.#invite = invite;
    call.#from = `${header(invite, 'to')};tag=${call.#tag}`;
    call.#to = header(invite, 'from');
    call.#target = /<(.*?)>/.exec(header(invite, 'contact'))?.[1] ?? '';
    call.line.describedBy(invite.body);
    return call;
  }

  /** The number that was dialled and reached this phone. */
  get dialled(): string {
    return /sip:([^@]*)@/.exec(this.#invite?.first ?? '')?.[1] ?? '';
  }

  /** The number that is shown. */
  get shown(): string {
    return /sip:([^@]*)@/.exec(header(this.#invite ?? { first: '', headers: {}, body: '' }, 'from'))?.[1] ?? '';
  }

  ring(): void {
    this.#reply(this.#invite, '180 Ringing');
  }

  /** Sends sound before the answer. */
  early(): void {
    this.#reply(this.#invite, '183 Session Progress', this.line.description);
  }

  answer(): void {
    this.#reply(this.#invite, '200 OK', this.line.description);
  }

  /** Refuses, as `486 Busy Here`. */
  refuse(status: string): void {
    this.#reply(this.#invite, status);
    this.#end({ how: 'refused', code: Number.parseInt(status) });
  }

  /** Hangs up a call that is connected. */
  hangUp(headers: Headers = {}): void {
    this.#sequence++;
    this.#branch = random();
    this.#request('BYE', headers);
    this.#end({ how: 'us' });
  }

  /** Gives up a call that is not answered yet. */
  cancel(): void {
    this.#request('CANCEL', {});
  }

  /** The phone is switched off: no word to anybody. */
  die(): void {
    this.#end({ how: 'us' });
  }

  /** A response to a request of ours. */
  response(message: SipMessage): void {
    const code = Number(message.first.split(' ')[1]);
    const [, method] = header(message, 'cseq').split(' ');
    if (method !== 'INVITE') return;
    this.log.push(String(code));
    if (code <= 100) return;
    this.#to = header(message, 'to');
    if (code < 300 && message.body) this.line.describedBy(message.body);
    if (code < 200) return;
    if (code < 300) {
      this.#target = /<(.*?)>/.exec(header(message, 'contact'))?.[1] ?? this.#target;
      this.#branch = random();
    }
    this.#request('ACK', {});
    if (code < 300) this.answered.set();
    else this.#end({ how: 'refused', code, reason: header(message, 'reason') });
  }

  /** A request of Asterisk. */
  request(message: SipMessage): void {
    const [method = ''] = message.first.split(' ');
    const reason = header(message, 'reason');
    this.log.push(method);
    if (method === 'ACK') return this.over.isSet ? undefined : this.answered.set();
    if (method === 'INVITE' && message.body) this.line.describedBy(message.body);
    this.#reply(message, '200 OK', method === 'INVITE' ? this.line.description : '');
    if (method === 'BYE') this.#end({ how: 'bye', reason });
    if (method === 'CANCEL') {
      this.#reply(this.#invite, '487 Request Terminated');
      this.#end({ how: 'cancelled', reason });
    }
  }

  /** Ends its sound. */
  close(): void {
    this.line.close();
  }

  #request(method: string, headers: Headers, body = ''): void {
    const first = `${method} ${this.#target} SIP/2.0`;
    this.way.send(
      formSip(
        first,
        {
          Via: [`SIP/2.0/UDP ${this.way.address};branch=z9hG4bK${this.#branch};rport`],
          'Max-Forwards': ['70'],
          From: [this.#from],
          To: [this.#to],
          'Call-ID': [this.id],
          CSeq: [`${this.#sequence} ${method}`],
          Contact: [`<sip:${this.way.user}@${this.way.address}>`],
          ...headers,
        },
        body,
      ),
    );
  }

  #reply(message: SipMessage | undefined, status: string, body = ''): void {
    if (!message) throw new Error('This call was made by the phone itself.');
    const to = header(message, 'to');
    this.way.send(
      formSip(
        `SIP/2.0 ${status}`,
        {
          Via: message.headers.via,
          From: message.headers.from,
          To: [to.includes('tag=') ? to : `${to};tag=${this.#tag}`],
          'Call-ID': [this.id],
          CSeq: message.headers.cseq,
          Contact: [`<sip:${this.way.user}@${this.way.address}>`],
          ...(body !== '' && { 'Content-Type': ['application/sdp'] }),
        },
        body,
      ),
    );
  }

  #end(end: CallEnd): void {
    if (this.over.isSet) return;
    this.over.set(end);
    this.line.close();
  }
}
