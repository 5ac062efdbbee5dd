/**
 * A function for each type of state: the widget that does the same.
 * @module
 */
import { rowsIn, type StudioState, textOf } from './studio-document.js';

/** What a state is made with. */
export interface StateContext {
  state: StudioState;
  /** The key of a state, of any name. */
  key: string;
  /** A property as a template. */
  text(value: unknown): string;
  /** Where an event leads; undefined where it leads nowhere. */
  next(event: string): string | undefined;
  changed(message: string): void;
  missing(message: string): void;
}

type Make = (context: StateContext) => object;

/** Each type that becomes a widget. */
export const STATES: Readonly<Record<string, Make>> = {
  'say-play': (context) => {
    const loops = Number(textOf(context.state.properties['loop'])) || 1;
    if (loops === 0) context.missing('a prompt without end');
    const one = prompts(context);
    return {
      type: 'play',
      prompt: Array.from({ length: Math.min(loops, 10) }, () => one).flat(),
      lines: lines(context, { next: 'audioComplete' }),
    };
  },
  'gather-input-on-call': gather,
  'split-based-on': split,
  'set-variables': (context) => {
    const rows = rowsIn(context.state.properties['variables']);
    const assign = rows.map(({ key, value }) => ({ saveIn: `$flow.key.${nameOf(key)}`, value: context.text(value) }));
    return { type: 'storeVariable', assign, lines: lines(context, { next: 'next' }) };
  },
  'make-http-request': webhook,
  'http-request': webhook,
  'run-function': (context) => {
    context.changed(
      'the function is called as any URL: Twilio’s signature is not sent, so let it check a secret of your own',
    );
    const fields = rowsIn(context.state.properties['parameters']).map(({ key, value }) => ({
      key,
      value: context.text(value),
    }));
    const request = {
      method: 'POST',
      url: context.text(context.state.properties['url']),
      body: { type: 'form', fields },
    };
    return {
      type: 'webhook',
      request,
      response: { type: 'json' },
      lines: lines(context, { success: 'success', failure: 'fail' }),
    };
  },
  'connect-call-to': (context) => {
    const { noun, to, timeout, record } = context.state.properties;
    if (textOf(noun) !== 'number') context.missing(`a call to "${textOf(noun)}": only numbers are dialled`);
    const ringSeconds = between(Number(textOf(timeout)) || 30, 5, 120);
    const failed = {
      busy: 'callCompleted',
      noAnswer: 'callCompleted',
      rejected: 'callCompleted',
      unreachable: 'callCompleted',
    };
    return {
      ...{ type: 'makeCall', to: context.text(to), ringSeconds, record: textOf(record) === 'true' },
      lines: lines(context, { next: 'callCompleted', ...failed }),
    };
  },
  'record-voicemail': (context) => {
    const { max_length, timeout, finish_on_key, play_beep, transcribe } = context.state.properties;
    if (textOf(transcribe) === 'true') context.missing('the transcript of the recording');
    return {
      ...{
        type: 'record',
        saveIn: `$flow.key.${context.key}_url`,
        maxSeconds: between(Number(textOf(max_length)) || 120, 1, 3600),
      },
      ...{ silenceSeconds: between(Number(textOf(timeout)) || 5, 1, 60), beep: textOf(play_beep) !== 'false' },
      ...(textOf(finish_on_key) === '*' && { terminator: '*' }),
      lines: lines(context, { next: 'recordingComplete', noInput: 'noAudio' }),
    };
  },
  'send-message': (context) => {
    context.changed('the text message goes to the provider of the account’s "sms"');
    const { to, body } = context.state.properties;
    return { type: 'sms', to: context.text(to) || '$call.cli.number', text: context.text(body), onMissing: 'empty', lines: lines(context, { success: 'sent', failure: 'failed' }) }; // prettier-ignore
  },
  'enqueue-call': queue,
  'send-to-flex': queue,
  hangup: () => ({ type: 'hangUp' }),
};

/** A name of a variable or widget made of any text. */
export function nameOf(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}

function gather(context: StateContext): object {
  const { number_of_digits, timeout, finish_on_key, loop, hints } = context.state.properties;
  if (context.next('speech') !== undefined || textOf(hints) !== '')
    context.missing('what the caller says: only keys are understood');
  const terminator = textOf(finish_on_key);
  return {
    ...{ type: 'collectDigits', prompt: prompts(context), saveIn: `$flow.key.${context.key}` },
    ...{
      max: between(Number(textOf(number_of_digits)) || 20, 1, 64),
      attempts: between(Number(textOf(loop)) || 1, 1, 10),
    },
    ...(['#', '*', ''].includes(terminator) ? { terminator } : {}),
    firstDigitTimeout: between(Number(textOf(timeout)) || 5, 1, 60),
    lines: lines(context, { next: 'keypress', noInput: 'timeout', invalid: 'timeout' }),
  };
}

const OPERATORS: Readonly<Record<string, string>> = {
  ...{ equal_to: 'equals', not_equal_to: 'notEquals', contains: 'contains', does_not_contain: 'notContains' },
  ...{ starts_with: 'startsWith', less_than: 'less', greater_than: 'greater', regex: 'matches' },
};

function split(context: StateContext): object {
  const input = context.text(context.state.properties['input']);
  const matches = context.state.transitions.filter(({ event }) => event === 'match');
  const cases = matches.map(({ conditions }, index) => {
    const all = conditions.map((condition) => {
      const [given] = condition.arguments;
      return comparison(context, condition.type, given === undefined ? input : context.text(given), condition.value);
    });
    return { line: `c${index + 1}`, when: all.length === 1 ? all[0] : { all } };
  });
  const ways = matches.flatMap(({ next }, index) => (next ? [[`c${index + 1}`, next] as const] : []));
  const named = Object.fromEntries(
    ways.flatMap(([line, next]) => (context.next(`state:${next}`) ? [[line, context.next(`state:${next}`)]] : [])),
  );
  return { type: 'decision', cases, lines: { ...named, ...lines(context, { otherwise: 'noMatch' }) } };
}

function comparison(context: StateContext, type: string, left: string, value: string): object {
  const right = context.text(value);
  const list = () => right.split(',').map((one) => one.trim());
  if (type === 'is_blank') return { left, op: 'isEmpty' };
  if (type === 'is_not_blank') return { not: { left, op: 'isEmpty' } };
  if (type === 'matches_any_of') return { left, op: 'in', right: list() };
  if (type === 'does_not_match_any_of') return { not: { left, op: 'in', right: list() } };
  const op = OPERATORS[type];
  if (op !== undefined) return { left, op, right };
  context.missing(`the condition "${type}"`);
  return { left, op: 'equals', right };
}

function webhook(context: StateContext): object {
  const { method, url, body, content_type, parameters } = context.state.properties;
  const fields = rowsIn(parameters).map(({ key, value }) => ({ key, value: context.text(value) }));
  const verb = textOf(method).toUpperCase() || 'GET';
  const isJson = textOf(content_type).includes('json');
  const content = context.text(body);
  const sent = isJson && content !== '' ? { type: 'json', content, onMissing: 'empty' } : { type: 'form', fields };
  const request =
    verb === 'GET'
      ? { method: verb, url: context.text(url), query: fields }
      : { method: verb, url: context.text(url), body: sent };
  return {
    type: 'webhook',
    request,
    response: { type: 'json' },
    lines: lines(context, { success: 'success', failure: 'failed' }),
  };
}

function queue(context: StateContext): object {
  context.missing('the queue: free agents of the account are rung, nobody waits in order');
  return {
    type: 'agentConnect',
    lines: lines(context, { next: 'callComplete', overflow: 'failedToEnqueue', failure: 'callFailure' }),
  };
}

function prompts(context: StateContext): object[] {
  const { say, play, voice, language, digits } = context.state.properties;
  const style = {
    ...(textOf(language) !== '' && { language: textOf(language) }),
    ...(textOf(voice) !== '' && { voice: textOf(voice) }),
  };
  if (textOf(voice) !== '')
    context.changed(`the voice "${textOf(voice)}" is handed to the bridge, which has to know it`);
  if (textOf(digits) !== '') context.missing('keys that are played to the caller');
  if (textOf(play) !== '') {
    context.changed(`the sound ${textOf(play)} is a file of the bridge: load it there`);
    return [{ file: context.text(textOf(play).split('/').at(-1)) }];
  }
  return [{ text: context.text(say), ...style }];
}

/** Our lines, each by the event that takes it. */
function lines(context: StateContext, events: Readonly<Record<string, string>>): Record<string, string> {
  const led = Object.entries(events).map(([line, event]) => [line, context.next(event)] as const);
  return Object.fromEntries(led.flatMap(([line, next]) => (next === undefined ? [] : [[line, next] as const])));
}

function between(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.trunc(value)));
}
