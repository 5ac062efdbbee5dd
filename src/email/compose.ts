/**
 * The message as it goes over the wire. Contract W8 (its Message-ID), T2.
 * @module
 */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { EmailContent } from '../flow/messages/email-content.js';
import { parseSender } from '../flow/messages/email-address.js';

/** A message and where it goes. */
export interface Message {
  from: string;
  recipients: string[];
  bytes: Buffer;
}

/**
 * Composes a message. Its Message-ID comes from the idempotency key alone: one that is sent again after a crash is
 * recognised by the mail servers on its way and by the reader's program.
 */
export async function compose(content: EmailContent, sender: string, idempotencyKey: string): Promise<Message> {
  const from = parseSender(sender);
  if (!from) throw new TypeError('A valid account has a valid sender.');
  const plain = (address: string) => ({ name: '', address });
  const node = new MailComposer({
    from,
    to: content.to.map(plain),
    cc: content.cc.map(plain),
    ...{ subject: content.subject, text: content.text, html: content.html },
    messageId: messageIdOf(idempotencyKey, from.address),
    // No answering machine shall answer a machine (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  }).compile();
  const envelope = node.getEnvelope();
  return { from: envelope.from || from.address, recipients: envelope.to, bytes: await node.build() };
}

function messageIdOf(idempotencyKey: string, sender: string): string {
  const hash = createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40);
  return `<${hash}@${sender.slice(sender.lastIndexOf('@') + 1)}>`;
}
