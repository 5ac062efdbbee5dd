/**
 * For each rule a bridge that breaks it, and nothing else that matters: the simulator with one thing otherwise.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { BridgeCommand, BridgeErrorType, CommandResult } from '../../src/telephony/commands.js';
import type { BridgeEvent } from '../../src/telephony/events.js';
import { BridgeError } from '../../src/telephony/bridge-error.js';
import type { Obey, Otherwise } from './direct.js';

/** A bridge that breaks a rule. */
export interface BrokenBridge {
  rule: string;
  /** What it does. */
  how: string;
  /** Makes it, for each call by itself. */
  make: () => Otherwise;
}

type CommandOf<T extends BridgeCommand['type']> = Extract<BridgeCommand, { type: T }>;

const broken = (rule: string, how: string, make: () => Otherwise): BrokenBridge => ({ rule, how, make });

/** Changes commands of one type on their way. */
const given =
  <T extends BridgeCommand['type']>(type: T, change: (command: CommandOf<T>) => object) =>
  () => ({
    command: (command: BridgeCommand, obey: Obey) =>
      obey(command.type === type ? { ...command, ...change(command as CommandOf<T>) } : command),
  });

/** Does something else for commands of one type. */
const instead = (type: string, act: (command: BridgeCommand, obey: Obey) => Promise<unknown>) => () => ({
  command: (command: BridgeCommand, obey: Obey) =>
    (command.type as string) === type ? act(command, obey) : obey(command),
});

/** Changes what is answered. */
const answering = (change: (result: CommandResult, command: BridgeCommand) => unknown) => () => ({
  command: async (command: BridgeCommand, obey: Obey) => change(await obey(command), command),
});

/** Gives other errors. */
const failing = (change: (type: BridgeErrorType, command: BridgeCommand, obey: Obey) => unknown) => () => ({
  command: (command: BridgeCommand, obey: Obey) =>
    obey(command).catch((error: unknown) => {
      if (!(error instanceof BridgeError)) throw error;
      return change(error.type, command, obey);
    }),
});

/** Changes events, or drops those that become null. */
const reporting = (change: (event: BridgeEvent) => object | null) => () => ({
  event: async (event: BridgeEvent, send: (event: unknown) => Promise<void>) => {
    const said = change(event);
    if (said) await send(said);
  },
});

/** Sends events of one type only when their command has ended. */
const late = (type: BridgeEvent['type']) => () => ({
  event: async (event: BridgeEvent, send: (event: unknown) => Promise<void>) => {
    if (event.type !== type) return send(event);
    setTimeout(() => void send(event), 500);
  },
});

const answeredBy = (by: string) => (event: BridgeEvent) => (event.type === 'legAnswered' ? { ...event, by } : event);

const fail = (type: BridgeErrorType): never => {
  throw new BridgeError(type, 'broken');
};

/** Errors of one type become another. */
const mistaking = (from: BridgeErrorType, to: BridgeErrorType) => failing((type) => fail(type === from ? to : type));

/** Knows no command again. */
const forgetful = () => {
  let times = 0;
  return {
    command: (command: BridgeCommand, obey: Obey) => obey({ ...command, commandId: `${command.commandId}-${++times}` }),
  };
};

/** The table; rules in the order of the kit. */
export const BROKEN_BRIDGES: BrokenBridge[] = [
  broken('dial-answers', 'tells of the answer after the result', late('legAnswered')),
  broken('dial-repeated', 'rings again', () => {
    let dialled = false;
    return {
      async command(command, obey, send) {
        const result = await obey(command);
        if (command.type !== 'dial') return result;
        const again = {
          eventId: 'again',
          seq: 3,
          at: new Date().toISOString(),
          leg: '1',
          type: 'legAnswered' as const,
        };
        if (dialled) await send(again);
        dialled = true;
        return result;
      },
    };
  }),
  broken('dial-busy', 'says REJECTED', mistaking('BUSY', 'REJECTED')),
  broken('dial-rejected', 'says BUSY', mistaking('REJECTED', 'BUSY')),
  broken('dial-unreachable', 'says NO_ANSWER', mistaking('UNREACHABLE', 'NO_ANSWER')),
  broken('dial-refused-ends', 'sends legEnded after the error', late('legEnded')),
  broken(
    'dial-no-answer',
    'gives up at once',
    given('dial', () => ({ ringSeconds: 0.5 })),
  ),
  broken('dial-then-hang-up', 'calls it NO_ANSWER', answering((result, { type }) => type === 'dial' && result.result === 'legGone' ? fail('NO_ANSWER') : result)), // prettier-ignore
  broken('record-whole-call', 'records nothing', given('dial', () => ({ record: undefined }))), // prettier-ignore
  broken('dial-detects', 'reports a robot', reporting(answeredBy('robot'))),
  broken('dial-detects-machine', 'takes it for a person', reporting(answeredBy('human'))),

  broken('repeated-command', 'acts again', forgetful),
  broken('repeated-while-running', 'acts again', forgetful),
  broken('superseded', 'ignores seq', () => {
    let seq = 0;
    return { command: (command, obey) => obey({ ...command, seq: ++seq }) };
  }),
  broken(
    'unknown-command',
    'says yes to everything',
    instead('dance', async () => ({ result: 'done' })),
  ),
  broken(
    'unknown-leg',
    'takes every leg for the first',
    given('status', () => ({ leg: '1' })),
  ),
  broken('unknown-call', 'takes the call for one that is over', failing((type) => type === 'LEG_UNKNOWN' ? { result: 'legGone' } : fail(type))), // prettier-ignore
  broken('answer-connected', 'takes its time', instead('answer', async (command, obey) => pause(3000).then(() => obey(command)))), // prettier-ignore
  broken(
    'status',
    'stops what runs',
    given('status', () => ({ type: 'stop' })),
  ),
  broken('heartbeat', 'shows no sign of life', () => ({ beatMs: Infinity })),

  broken(
    'play-to-its-end',
    'lets any key cut it',
    given('play', () => ({ bargeIn: true })),
  ),
  broken('prompt-styles', 'plays nothing that it does not know', instead('play', async (command, obey) => {
    const known = command.type !== 'play' || command.prompts.every((prompt) => Object.keys(prompt).length === 1);
    return known ? obey(command) : fail('MEDIA_FAILED');
  })), // prettier-ignore
  broken(
    'barge-in',
    'lets no key cut it',
    given('play', () => ({ bargeIn: false })),
  ),
  broken('hold-at-once', 'completes after some seconds', instead('hold', async (command, obey) => pause(3000).then(() => obey(command)))), // prettier-ignore
  broken('media-replaces-hold', 'plays nothing during the tune', () => {
    let held = false;
    return {
      async command(command, obey) {
        if (command.type === 'hold') held = true;
        return command.type === 'collect' && held ? fail('MEDIA_FAILED') : obey(command);
      },
    };
  }),
  broken('media-replaces-media', 'plays one thing at a time', () => {
    let playing: Promise<unknown> = Promise.resolve();
    return {
      async command(command, obey) {
        if (command.type !== 'play' && command.type !== 'collect') return obey(command);
        const before = playing;
        const result = before.then(() => obey(command));
        playing = result;
        return result;
      },
    };
  }),
  broken(
    'stop',
    'plays on',
    given('stop', () => ({ type: 'status' })),
  ),

  broken('collect-digits', 'takes the terminator for a digit', answering((result) => 'digits' in result && result.digits === '12' ? { ...result, digits: '12#' } : result)), // prettier-ignore
  broken(
    'collect-max',
    'takes more than it should',
    given('collect', () => ({ max: 9 })),
  ),
  broken('collect-timeout', 'calls it complete', answering((result) => 'ended' in result ? { ...result, ended: 'complete' } : result)), // prettier-ignore
  broken('collect-no-input', 'leaves the digits out', answering((result) => 'digits' in result ? { ...result, digits: undefined } : result)), // prettier-ignore
  broken('digit-cuts-prompt', 'plays the prompt to its end', instead('collect', async (command, obey) => {
    const { prompts, commandId } = command as CommandOf<'collect'>;
    await obey({ ...command, type: 'play', prompts, commandId: `${commandId}-prompt` });
    return obey({ ...command, prompts: [], keepDigits: true } as unknown as BridgeCommand);
  })), // prettier-ignore
  broken(
    'early-digits-dropped',
    'keeps them',
    given('collect', () => ({ keepDigits: true })),
  ),
  broken(
    'early-digits-kept',
    'drops them',
    given('collect', () => ({ keepDigits: false })),
  ),

  broken('our-hang-up', 'forgets the cause', reporting((event) => event.type === 'legEnded' ? { ...event, cause: 16 } : event)), // prettier-ignore
  broken('remote-hang-up', 'says that it was us', reporting((event) => event.type === 'legEnded' ? { ...event, by: 'us' } : event)), // prettier-ignore
  broken('gone-at-once', 'knows the leg no more', answering((result) => result.result === 'legGone' ? fail('LEG_UNKNOWN') : result)), // prettier-ignore
  broken('hang-up-ends-command', 'lets the command run out', () => ({
    async command(command, obey) {
      const result = await obey(command);
      if (result.result === 'legGone') await pause(4000);
      return result;
    },
  })),
  broken('ended-before-result', 'sends legEnded after the result', late('legEnded')),

  broken('record', 'names it otherwise', reporting((event) => event.type === 'recordingReady' ? { ...event, name: 'recording' } : event)), // prettier-ignore
  broken('record-hang-up', 'drops it when the leg went', () => {
    let gone = false;
    return reporting((event) => {
      gone ||= event.type === 'legEnded';
      return gone && event.type === 'recordingReady' ? null : event;
    })();
  }),
  broken('record-silence', 'takes silence for a message', answering((result) => 'ended' in result && result.ended === 'noInput' ? { ...result, ended: 'silence' } : result)), // prettier-ignore
  broken('join-record', 'records no conversation', reporting((event) => event.type === 'recordingReady' ? null : event)), // prettier-ignore

  broken(
    'join',
    'does not tell of the second leg',
    reporting((event) => (event.leg === '2' ? null : event)),
  ),
  broken('join-gone', 'says legGone', failing((type) => type === 'LEG_UNKNOWN' ? { result: 'legGone' } : fail(type))), // prettier-ignore
  broken('transfer', 'says that the party left', reporting((event) => event.type === 'legEnded' ? { ...event, by: 'remote' } : event)), // prettier-ignore
  broken('transfer-with', 'tells the end of one leg', reporting((event) => event.type === 'legEnded' && event.leg === '2' ? null : event)), // prettier-ignore
  broken('transfer-refused', 'lets the party go', failing(async (type, command, obey) => {
    if (command.type === 'transfer')
      await obey({ ...command, type: 'hangUp', cause: 17, commandId: `${command.commandId}-hangUp` });
    return fail(type);
  })), // prettier-ignore

  broken('sequence-in-order', 'begins all at once', instead('sequence', async (command, obey) => {
    const { commands } = command as CommandOf<'sequence'>;
    return { result: 'done', results: await Promise.all(commands.map(obey)) };
  })), // prettier-ignore
  broken('sequence-times', 'says when it answered, and not when it was done', answering((result, { type }) =>
    type !== 'sequence' || !('results' in result)
      ? result
      : { ...result, results: result.results?.map((entry) => ({ ...entry, at: undefined })) })), // prettier-ignore
  broken('sequence-stops', 'goes on after an error', instead('sequence', async (command, obey) => {
    const results: unknown[] = [];
    for (const one of (command as CommandOf<'sequence'>).commands)
      results.push(await obey(one).catch(({ type, message }: BridgeError) => ({ error: { type, message } })));
    return { result: 'done', results: results.slice(0, 2) };
  })), // prettier-ignore
  broken('sequence-repeated', 'acts again', () => {
    let times = 0;
    return {
      command: (command, obey) => {
        times += 1;
        if (command.type !== 'sequence') return obey(command);
        const commands = command.commands.map((one) => ({ ...one, commandId: `${one.commandId}-${times}` }));
        return obey({ ...command, commands, commandId: `${command.commandId}-${times}` });
      },
    };
  }),
  broken('sequence-hang-up', 'forgets what was done', answering((result, { type }) =>
    type === 'sequence' && 'results' in result && result.results?.some((entry) => 'result' in entry && entry.result === 'legGone')
      ? { result: 'legGone' }
      : result)), // prettier-ignore
  broken('sequence-cut', 'answers when the time is up', () => ({
    async command(command, obey) {
      const result = await obey(command);
      if (command.type === 'sequence') await pause(4000);
      return result;
    },
  })),

  broken('leg-ended-once', 'tells it twice', () => ({
    async event(event, send) {
      await send(event);
      if (event.type === 'legEnded') await send({ ...event, eventId: `${event.eventId}-again`, seq: event.seq + 1 });
    },
  })),
  broken('event-shape', 'has an event of its own', reporting((event) => event.type === 'legAnswered' ? { ...event, type: 'answered' } : event)), // prettier-ignore
  broken(
    'event-ids-unique',
    'has one id for all',
    reporting((event) => ({ ...event, eventId: 'e' })),
  ),
  broken(
    'event-seq',
    'begins with 0',
    reporting((event) => ({ ...event, seq: event.seq - 1 })),
  ),
  broken(
    'event-times',
    'gives milliseconds',
    reporting((event) => ({ ...event, at: Date.parse(event.at) })),
  ),
  broken('watch', 'names no epoch', answering((result) => 'epoch' in result ? { ...result, epoch: undefined } : result)), // prettier-ignore
  broken('watch', 'says its epoch in words', answering((result) => 'epoch' in result ? { ...result, epoch: 'since noon' } : result)), // prettier-ignore
  broken('watch-same-epoch', 'has a new one after each call', () => {
    let ended = 0;
    return {
      async command(command, obey) {
        if (command.type === 'hangUp') ended += 1;
        const result = await obey(command);
        return command.type === 'watch' ? { ...result, epoch: String(ended) } : result;
      },
    };
  }),
  broken('watch-while-busy', 'does one thing at a time', () => {
    let doing: Promise<unknown> = Promise.resolve();
    return {
      async command(command, obey) {
        const result = doing.then(() => obey(command));
        doing = result.catch(() => undefined);
        return result;
      },
    };
  }),
  broken('unsigned-refused', 'obeys whoever asks', () => ({ forged: 'obeyed' })),
  broken('unsigned-refused', 'says 401, and obeys', () => ({ forged: 'obeyedWith401' })),
];
