/**
 * A real SMTP server for tests, whose replies are scripted, and the way to send an email task to it.
 * @module
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createSendEmail, type EmailOptions } from '../../src/activities/send-email.js';
import type { EmailTask } from '../../src/engine/email-task.js';
import type { RequestOutcome } from '../../src/engine/webhook-task.js';
import { smtp as smtpSchema } from '../../src/flow/documents/message-providers.js';
import { email as emailSchema } from '../../src/flow/widgets/email.js';
import { TEST_ONLY_CERTIFICATE, TEST_ONLY_KEY } from './target.js';

/** The steps of a session that a script answers; `END` is the end of the message. */
export type Step = 'GREETING' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'END';
/** A line to answer with, at once or after some milliseconds, or what is no answer. */
export type Reply = string | typeof SILENCE | typeof DROP | { after: number; reply: string };

/** No answer at all. */
export const SILENCE = Symbol('silence');
/** The connection ends. */
export const DROP = Symbol('drop');

/** One message that the server took, or was about to take when its script ended the session. */
export interface Mail {
  from: string;
  to: string[];
  /** As it came, without the dots that SMTP adds. */
  data: string;
  tls: boolean;
}

const USUAL: Record<Step, Reply> = {
  ...{ GREETING: '220 test ready', EHLO: '250 test', STARTTLS: '220 go ahead', AUTH: '235 welcome' },
  ...{ MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on', END: '250 2.0.0 queued' },
};

/** A server on 127.0.0.1 that answers as SMTP servers do, but for the steps that are scripted. */
export class SmtpServer {
  /** Messages whose end was seen. */
  readonly mails: Mail[] = [];
  /** Every line that came outside of messages, in clear or not. */
  readonly lines: string[] = [];
  connections = 0;
  readonly #scripts = new Map<Step, Reply[]>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(private readonly tls: 'none' | 'starttls' | 'implicit') {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      const session: Session = { mail: { from: '', to: [], data: '', tls: false }, inData: false, rest: '' };
      if (tls === 'implicit') this.#serve(secured(socket), { ...session, mail: { ...session.mail, tls: true } }, true);
      else this.#serve(socket, session, true);
    });
  }

  static async start(tls: 'none' | 'starttls' | 'implicit' = 'none'): Promise<SmtpServer> {
    const server = new SmtpServer(tls);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Scripts a step: one reply for each time in turn, the last for all that follow. */
  on(step: Step, ...replies: Reply[]): this {
    this.#scripts.set(step, replies);
    return this;
  }

  /** Forgets scripts and all that came. */
  reset(): void {
    this.#scripts.clear();
    this.mails.length = 0;
    this.lines.length = 0;
    this.connections = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket, session: Session, greet: boolean): void {
    socket.on('error', () => undefined);
    const say = (step: Step, then?: () => void) => {
      const script = this.#scripts.get(step);
      const reply = (script && script.length > 1 ? script.shift() : script?.[0]) ?? this.#usual(step, session);
      if (reply === SILENCE) return;
      if (reply === DROP) return void socket.destroy();
      const line = typeof reply === 'string' ? reply : reply.reply;
      const write = () => {
        if (!socket.destroyed) socket.write(`${line}\r\n`);
        if (/^[23]/.test(line)) then?.();
      };
      if (typeof reply === 'string') write();
      else setTimeout(write, reply.after);
    };
    if (greet) say('GREETING');
    socket.on('data', (chunk: Buffer) => {
      session.rest += chunk.toString('utf8');
      for (;;) {
        const end = session.rest.indexOf(session.inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const text = session.rest.slice(0, end);
        session.rest = session.rest.slice(end + (session.inData ? 5 : 2));
        if (session.inData) {
          session.inData = false;
          const mail = { ...session.mail, data: text.replace(/^\./gm, '') };
          say('END', () => undefined);
          this.mails.push(mail);
          session.mail = { ...session.mail, to: [] };
        } else this.#command(text, socket, session, say);
      }
    });
  }

  #command(line: string, socket: Socket, session: Session, say: (step: Step, then?: () => void) => void): void {
    this.lines.push(line);
    const [, address = ''] = /<(.*)>/.exec(line) ?? [];
    switch (line.split(/[ :]/)[0]?.toUpperCase()) {
      case 'EHLO':
        return say('EHLO');
      case 'STARTTLS':
        return say('STARTTLS', () => {
          socket.removeAllListeners('data');
          const mail = { ...session.mail, tls: true };
          this.#serve(secured(socket), { mail, inData: false, rest: '' }, false);
        });
      case 'AUTH':
        return say('AUTH');
      case 'MAIL':
        return say('MAIL', () => (session.mail = { ...session.mail, from: address, to: [] }));
      case 'RCPT':
        return say('RCPT', () => session.mail.to.push(address));
      case 'DATA':
        return say('DATA', () => (session.inData = true));
      default:
        socket.write('502 no such command\r\n');
    }
  }

  #usual(step: Step, { mail }: Session): Reply {
    if (step === 'EHLO' && this.tls === 'starttls' && !mail.tls) return '250-test\r\n250 STARTTLS';
    if (step === 'EHLO' && mail.tls) return '250-test\r\n250 AUTH PLAIN';
    if (step === 'STARTTLS' && this.tls !== 'starttls') return '502 no such command';
    return USUAL[step];
  }
}

interface Session {
  mail: Mail;
  inData: boolean;
  rest: string;
}

function secured(socket: Socket): TLSSocket {
  const secureContext = createSecureContext({ key: TEST_ONLY_KEY, cert: TEST_ONLY_CERTIFICATE });
  return new TLSSocket(socket, { isServer: true, secureContext });
}

/** What a test says of an email task; the rest has the defaults of the schemas. */
export interface EmailFacts extends Partial<Pick<EmailTask, 'variables' | 'timeout' | 'idempotencyKey'>> {
  email?: Record<string, unknown>;
  smtp?: Record<string, unknown>;
  rules?: Partial<EmailTask['rules']>;
}

/** A task for the activity. Unless told otherwise its account allows 127.0.0.1, and mail without TLS. */
export function emailTask(server: SmtpServer, { email, smtp, rules, ...facts }: EmailFacts = {}): EmailTask {
  const widget = { type: 'email', to: 'ann@example.com', subject: 'Order', text: 'It is sent.', ...email };
  const { to, cc, subject, text, html } = emailSchema.parse(widget);
  const account = { host: '127.0.0.1', port: server.port, requireTls: false, from: 'shop@example.com', ...smtp };
  return {
    ...{ idempotencyKey: 'call-1/mail/1', timeout: 10, waited: true, variables: {}, ...facts },
    email: { to, cc, subject, text, html },
    smtp: smtpSchema.parse(account),
    rules: { accountId: 1, httpEnabled: false, targetAllowList: ['127.0.0.1'], secrets: {}, ...rules },
  };
}

/** Runs a task as Temporal would; the certificate of the test is trusted. */
export async function runEmailTask(
  task: EmailTask,
  options: EmailOptions = {},
  environment = new MockActivityEnvironment(),
): Promise<RequestOutcome> {
  const send = createSendEmail({ ca: TEST_ONLY_CERTIFICATE, ...options });
  return environment.run<[EmailTask], RequestOutcome, typeof send>(send, task);
}
