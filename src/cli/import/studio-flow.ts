/**
 * A Twilio Studio flow as documents of ours.
 * @module
 */
import { createHash } from 'node:crypto';
import type { Finding } from './findings.js';
import { templateOf } from './liquid.js';
import { type StudioDocument, type StudioState } from './studio-document.js';
import { nameOf, STATES, type StateContext } from './studio-states.js';

/** What an import gives. */
export interface Imported {
  flow: Record<string, unknown>;
  account: Record<string, unknown>;
  findings: Finding[];
}

/** Values of the call, of the channel and of the start. */
const FACTS: Readonly<Record<string, string>> = {
  ...{ 'trigger.call.From': '$call.cli.number', 'contact.channel.address': '$call.cli.number' },
  ...{ 'trigger.call.To': '$call.dnis.number', 'flow.channel.address': '$call.dnis.number' },
  ...{ 'trigger.call.CallSid': '$call.id', 'trigger.call.Sid': '$call.id' },
};

type Widget = Record<string, unknown>;

/** Converts a flow. Nothing is left out silently: what has no place here is a finding of kind `missing`. */
export function importStudio(document: StudioDocument, name: string, markMissing: boolean): Imported {
  return new Import(document, markMissing).result(name);
}

class Import {
  readonly #findings: Finding[] = [];
  readonly #widgets: Record<string, Widget> = {};
  readonly #keys = new Map<string, string>();
  readonly #inputs: Record<string, object> = {};
  /** The rows that texts need of each webhook, by its key: variable to path. */
  readonly #rows = new Map<string, Map<string, string>>();
  readonly #taken = new Set(['answer']);
  #operations = 0;

  constructor(
    private readonly document: StudioDocument,
    private readonly markMissing: boolean,
  ) {
    for (const { name } of document.states) this.#keys.set(name, this.#freeKey(name));
  }

  result(name: string): Imported {
    const trigger = this.document.states.find((state) => state.name === this.document.initial_state);
    for (const state of this.document.states) if (state !== trigger) this.#convert(state);
    for (const [key, rows] of this.#rows) this.#map(key, rows);
    const first = this.#startOf(trigger);
    this.#widgets['answer'] = { type: 'answerCall', lines: first.next === undefined ? {} : { next: first.next } };
    const id = createHash('sha256').update(`${name}\n${this.document.description}`).digest('hex').slice(0, 8);
    const sends = Object.values(this.#widgets).some(({ type }) => type === 'sms');
    return {
      flow: {
        ...{ hookline: 1, id, name: name.slice(0, 200), type: first.type },
        ...(Object.keys(this.#inputs).length > 0 && { inputs: this.#inputs }),
        ...{ start: 'answer', widgets: this.#widgets },
      },
      account: { id: 1, name: name.slice(0, 200), ...(sends && { sms: { url: 'https://sms.example.com/messages' } }) },
      findings: this.#findings,
    };
  }

  #startOf(trigger: StudioState | undefined): { next: string | undefined; type: 'inbound' | 'outbound' } {
    const to = (event: string) => this.#next(trigger, event);
    if (to('incomingMessage') !== undefined) this.#add(trigger?.name ?? '', 'missing', 'messages that come in');
    const call = to('incomingCall') ?? to('incomingParent');
    return call === undefined ? { next: to('incomingRequest'), type: 'outbound' } : { next: call, type: 'inbound' };
  }

  #convert(state: StudioState): void {
    const key = this.#keys.get(state.name) ?? '';
    const make = Object.hasOwn(STATES, state.type) ? STATES[state.type] : undefined;
    const before = this.#findings.length;
    const operations: { name: string; operation: object }[] = [];
    const missing = (message: string) => this.#add(state.name, 'missing', message);
    const context: StateContext = {
      ...{ state, key, missing },
      changed: (message) => this.#add(state.name, 'changed', message),
      next: (event) => this.#next(state, event),
      text: (value) =>
        templateOf(
          typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value),
          {
            variable: (path) => this.#variable(path),
            operation: (operation) => {
              const name = `$flow.key.import_${++this.#operations}`;
              operations.push({ name, operation });
              return name;
            },
            missing,
          },
        ),
    };
    if (!make) missing(`a state of type "${state.type}"`);
    const widget = (make?.(context) ?? {
      type: 'storeVariable',
      assign: [{ saveIn: `$flow.key.${key}`, value: null }],
    }) as Widget;
    const found = this.#findings.slice(before).filter(({ kind }) => kind === 'missing');
    if (this.#findings.length === before) this.#add(state.name, 'kept', `${state.type} is ${String(widget['type'])}`);
    const notes =
      this.markMissing && found.length > 0
        ? { notes: `MISSING: ${found.map(({ message }) => message).join('; ')}`.slice(0, 1000) }
        : {};
    this.#place(key, { ...widget, name: state.name.slice(0, 200), ...notes }, operations);
  }

  /** The widget under its key, or under another one behind the operations that its texts need. */
  #place(key: string, widget: Widget, operations: readonly { name: string; operation: object }[]): void {
    const keys = [key, ...operations.map(() => this.#freeKey(`${key}_then`))];
    for (const [index, { name, operation }] of operations.entries()) {
      const lines = { next: keys[index + 1], failure: keys[index + 1] };
      this.#widgets[keys[index] ?? key] = { type: 'operation', operation, saveIn: name, lines };
    }
    this.#widgets[keys.at(-1) ?? key] = widget;
    if (operations.length > 0) this.#moved.set(key, keys.at(-1) ?? key);
  }

  readonly #moved = new Map<string, string>();

  #map(key: string, rows: ReadonlyMap<string, string>): void {
    const widget = this.#widgets[this.#moved.get(key) ?? key];
    if (widget?.['type'] !== 'webhook') return;
    widget['response'] = { type: 'json', map: [...rows].map(([saveIn, path]) => ({ saveIn, path })) };
  }

  /** The variable of a path of Liquid; undefined where nothing here holds it. */
  #variable(path: string): string | undefined {
    const fact = Object.hasOwn(FACTS, path) ? FACTS[path] : undefined;
    if (fact !== undefined) return fact;
    const [, given] =
      /^(?:flow\.data|trigger\.request\.parameters|trigger\.parent\.parameters)\.([\w-]+)$/.exec(path) ?? [];
    if (given !== undefined) {
      this.#inputs[`$flow.key.${nameOf(given)}`] = {};
      return `$flow.key.${nameOf(given)}`;
    }
    const [, variable] = /^flow\.variables\.([\w-]+)$/.exec(path) ?? [];
    if (variable !== undefined) return `$flow.key.${nameOf(variable)}`;
    const [, widget = '', what = ''] = /^widgets\.([^.]+)\.(.+)$/.exec(path) ?? [];
    return this.#ofWidget(widget, what);
  }

  #ofWidget(name: string, what: string): string | undefined {
    const key = this.#keys.get(name);
    const type = this.document.states.find((state) => state.name === name)?.type;
    if (key === undefined) return undefined;
    if (what === 'Digits' && type === 'gather-input-on-call') return `$flow.key.${key}`;
    if (what === 'RecordingUrl' && type === 'record-voicemail') return `$flow.key.${key}_url`;
    if (!['make-http-request', 'http-request', 'run-function'].includes(type ?? '')) return undefined;
    if (what === 'body') return this.#row(key, `$flow.key.${key}_body`, 'data');
    if (!what.startsWith('parsed.')) return undefined;
    const parts = what
      .slice('parsed.'.length)
      .replace(/\[(\d+)\]/g, '.$1')
      .split('.');
    const variable = `$flow.key.${nameOf([key, ...parts].join('_'))}`;
    return this.#row(key, variable, `data${parts.map(pathPart).join('')}`);
  }

  #row(key: string, variable: string, path: string): string {
    const rows = this.#rows.get(key) ?? new Map<string, string>();
    rows.set(variable, path);
    this.#rows.set(key, rows);
    return variable;
  }

  #next(state: StudioState | undefined, event: string): string | undefined {
    const target = event.startsWith('state:')
      ? event.slice('state:'.length)
      : state?.transitions.find((one) => one.event === event)?.next;
    return target ? this.#keys.get(target) : undefined;
  }

  #add(state: string, kind: Finding['kind'], message: string): void {
    this.#findings.push({ state, kind, message });
  }

  #freeKey(name: string): string {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 50);
    const base = /^[A-Za-z]/.test(plain) ? plain : `s${plain}`;
    let key = base;
    for (let number = 2; this.#taken.has(key); number++) key = `${base}_${number}`;
    this.#taken.add(key);
    return key;
  }
}

function pathPart(part: string): string {
  if (/^\d+$/.test(part)) return `[${part}]`;
  return /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `['${part.replace(/['\\]/g, '\\$&')}']`;
}
