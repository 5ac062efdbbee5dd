/**
 * One POST of a command to a bridge, and what its answer says. Contract B3, B4, B6.
 * @module
 */
import { type Dispatcher, request } from 'undici';
import type { BridgeCommand } from '../commands.js';
import { headerSafe, type Signature } from './signature.js';
import { USER_AGENT } from '../../http/user-agent.js';

/** Bytes of an answer that are read at most. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** Characters of a bridge's own words that are kept. */
const MAX_MESSAGE = 500;

/** What a bridge answers: a result, or a typed error. */
export type BridgeAnswer = { result: Record<string, unknown> } | { error: { type: string; message: string } };

/** The bridge gave no answer that counts. */
export class BridgeNotReached extends Error {
  override readonly name = 'BridgeNotReached';
  constructor(
    message: string,
    /** Whether trying again at once may help: nobody was there, or was too busy. */
    readonly again: boolean,
  ) {
    super(message);
  }
}

/** One POST. */
export interface BridgePost {
  url: string;
  command: BridgeCommand;
  /** Sent to the bridge, null when our API has no address. */
  eventsUrl: string | null;
  signature: Signature | null;
  dispatcher: Dispatcher;
  /** Ends the POST. */
  signal: AbortSignal;
}

/** Sends the command once; no redirect is followed. @throws {BridgeNotReached} */
export async function postToBridge(post: BridgePost): Promise<BridgeAnswer> {
  const { url, command, eventsUrl, signature, dispatcher, signal } = post;
  const body = JSON.stringify(command);
  const headers = {
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
    ...(eventsUrl !== null && { 'hookline-events-url': eventsUrl }),
    // The id is that of the command: a bridge may know by it alone that it has seen the command.
    ...(signature?.headers(command.commandId, body) ?? { 'webhook-id': headerSafe(command.commandId) }),
  };
  let status: number;
  let text: string;
  try {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
    status = answer.statusCode;
    text = await readCapped(answer.body);
  } catch (error) {
    if (error instanceof BridgeNotReached) throw error;
    if (signal.aborted) throw new BridgeNotReached('The bridge gave no answer in time.', false);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
    throw new BridgeNotReached(`The bridge could not be reached (${code}).`, true);
  }
  return read(status, text);
}

function read(status: number, text: string): BridgeAnswer {
  if (status >= 500 || status === 429) throw new BridgeNotReached(`The bridge answered ${status}.`, true);
  const answer = parsed(text);
  if (status >= 200 && status <= 299 && typeof answer.result === 'string') return { result: answer };
  const error = answer.error;
  if (status >= 400 && isObject(error) && typeof error.type === 'string') {
    const message = typeof error.message === 'string' ? error.message : `The bridge answered ${error.type}.`;
    return { error: { type: error.type.slice(0, MAX_MESSAGE), message: message.slice(0, MAX_MESSAGE) } };
  }
  throw new BridgeNotReached(`The bridge answered ${status}, with neither a result nor a typed error.`, false);
}

async function readCapped(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > MAX_ANSWER_BYTES) throw new BridgeNotReached('The answer of the bridge is too large.', false);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
