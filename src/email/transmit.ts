/**
 * One session with a mail server: connect, secure, log in, hand the message over. Contract W3, W11.
 * @module
 */
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import type { Account } from '../flow/documents/account.js';
import type { Message } from './compose.js';

/** Milliseconds for TCP and TLS of one connection, and for the server's greeting; the end of the time may come first. */
const CONNECT_TIMEOUT = 10_000;

/** Whom to talk to, and how. */
export interface Session {
  smtp: NonNullable<Account['smtp']>;
  /** The checked address of the host. */
  address: string;
  credentials: { user: string; pass: string } | undefined;
  /** Certificates of authorities that are trusted instead of the system's. */
  ca: string | undefined;
}

/**
 * Hands a message over, once.
 * @param signal ends the session at once, and rejects with its reason.
 * @param handingOver is called when the server has asked for the message: from then on it may be sent.
 * @throws what nodemailer says of a session that failed; it never leaves this folder, for it holds the server's words.
 */
export function transmit(
  { smtp, address, credentials, ca }: Session,
  message: Message,
  signal: AbortSignal,
  handingOver: () => void,
): Promise<SMTPConnectionSendInfo> {
  const connection = new SMTPConnection({
    ...{ host: address, port: smtp.port, secure: smtp.secure ?? smtp.port === 465 },
    // Credentials never go in clear, whatever the account says.
    requireTLS: smtp.requireTls || credentials !== undefined,
    ...(isIP(smtp.host) === 0 && { servername: smtp.host }),
    ...{ connectionTimeout: CONNECT_TIMEOUT, greetingTimeout: CONNECT_TIMEOUT, socketTimeout: 60_000 },
    ...(ca !== undefined && { tls: { ca } }),
  });
  const bytes = Readable.from(
    (function* () {
      handingOver();
      yield message.bytes;
    })(),
  );
  const run = new Promise<SMTPConnectionSendInfo>((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) return stop();
    const send = () => {
      const envelope = { from: message.from, to: message.recipients, size: message.bytes.length };
      connection.send(envelope, bytes, (error, info) => (error ? reject(error) : resolve(info)));
    };
    connection.on('error', reject);
    connection.connect((error) => {
      if (error) reject(error);
      else if (credentials) connection.login({ credentials }, (refused) => (refused ? reject(refused) : send()));
      else send();
    });
  });
  return run.finally(() => connection.close());
}
