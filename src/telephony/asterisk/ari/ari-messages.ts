/**
 * What Asterisk sends over the socket of ARI: the events that a bridge acts on, read loosely, for Asterisk adds fields.
 * @module
 */
import * as z from 'zod';

const channel = z.object({
  id: z.string(),
  name: z.string().default(''),
  state: z.string().default(''),
  caller: z.object({ number: z.string().default('') }).default({ number: '' }),
  dialplan: z
    .object({ context: z.string().default(''), app_name: z.string().default(''), app_data: z.string().default('') })
    .prefault({}),
});
/** A channel: one party's connection, as Asterisk has it. */
export type AriChannel = z.output<typeof channel>;
/** Reads a list of channels. */
export const channelList = z.array(channel);
/** Reads one channel. */
export const oneChannel = channel;

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

/** An event; `undefined` for those that no bridge needs. */
const events = z.discriminatedUnion('type', [
  event('StasisStart', { channel, args: z.array(z.string()).default([]) }),
  event('ChannelStateChange', { channel }),
  event('ChannelDtmfReceived', { channel, digit: z.string() }),
  event('ChannelHangupRequest', { channel, soft: z.boolean().default(false) }),
  event('ChannelDestroyed', { channel, cause: z.number().default(0) }),
  event('Dial', { peer: channel, dialstatus: z.string().default('') }),
  event('PlaybackFinished', { playback: z.object({ id: z.string(), state: z.string() }) }),
  event('RecordingFinished', { recording: z.object({ name: z.string() }) }),
  event('RecordingFailed', { recording: z.object({ name: z.string() }) }),
  event('ChannelLeftBridge', { channel, bridge: z.object({ id: z.string() }) }),
  event('ApplicationReplaced', {}),
]);
/** One of them. */
export type AriEvent = z.output<typeof events>;
/** The events that are read. */
export const EVENT_TYPES: readonly string[] = events.options.map((option) => option.shape.type.value);

/** The answer to a request that was sent over the socket. */
const response = z.object({
  type: z.literal('RESTResponse'),
  request_id: z.string(),
  status_code: z.number(),
  message_body: z.string().optional(),
});
/** One of them. */
export type AriResponse = z.output<typeof response>;

/** A message as an event that a bridge needs or an answer; `undefined` when it is neither. */
export function readMessage(text: string): AriEvent | AriResponse | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const answer = response.safeParse(value);
  if (answer.success) return answer.data;
  const happened = events.safeParse(value);
  return happened.success ? happened.data : undefined;
}

/** When Asterisk was started, as `GET /asterisk/info` says: another value, and its calls are gone. */
export const asteriskInfo = z.object({ status: z.object({ startup_time: z.string() }) });
