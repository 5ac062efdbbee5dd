/**
 * Looks ahead from a widget: the commands that follow, as far as nothing has to be decided between them that is not known yet.
 * Contract B7, C3.
 * @module
 */
import type { PathEntry } from '../engine/call-report.js';
import type { Listed } from '../engine/listed.js';
import { lineNames, lineTarget } from '../flow/lines.js';
import { holds } from '../flow/values/condition.js';
import { orAbsentAlone } from '../flow/values/fill.js';
import { Patterns } from '../flow/values/pattern.js';
import type { Assignment, Variables } from '../flow/values/variables.js';
import type { Widget } from '../flow/widgets/index.js';
import { CAUSE } from '../telephony/causes.js';
import { type CommandType, MAX_LISTED } from '../telephony/commands.js';
import { wholeCall } from './bridge/whole-call.js';
import type { CallState } from './call-state.js';
import { WidgetContext } from './widget-context.js';
import { firstCollect } from './widgets/collectDigits.js';
import { firstAsked } from './widgets/menu.js';
import { playing } from './widgets/play.js';

/** Characters of all commands of a list as JSON: Temporal takes 2 MiB in one piece, and one command may have most of that. */
const MAX_CHARACTERS = 128 * 1024;
/** The line on which commands follow each other. */
const NEXT = 'next';
/** Facts of a call that stay as they are. Any other variable that is no flow's or user's may change while a list is out. */
const LASTING = new Set(
  ['id', 'uuid', 'direction', 'cli', 'cli.number', 'dnis.number', 'start'].map((fact) => `$call.${fact}`),
);
const WRITTEN = /^\$(?:flow|user)\./;

/** Widgets that lead to each other. */
export interface Surroundings {
  widgets: Readonly<Record<string, Widget>>;
  /** What stands before their keys in the path. */
  prefix: string;
  /** Whether the branch ends where a line leads nowhere. */
  outermost: boolean;
}

/** What ends a list before a widget: it takes its turn when the results are there. */
class NotYetKnown extends Error {
  override readonly name = 'NotYetKnown';
}

/** Patterns have a budget for the whole call, which looking ahead must not spend. */
class NoPatterns extends Patterns {
  override find(): never {
    throw new NotYetKnown('a pattern');
  }
}

/** Looks ahead from one widget. */
class LookAhead {
  readonly #list: Listed[] = [];
  #characters = 0;
  #passed: PathEntry[] = [];
  #writes: Assignment[] = [];
  /** The variables as they will be; those of the call until a widget writes. */
  #variables: Variables | null = null;

  constructor(
    private readonly state: CallState,
    private readonly around: Surroundings,
  ) {}

  /**
   * The commands that may follow one of this widget on its line `next`, at most 15.
   * @param fields of its own command, which is in the list too
   * @param room widgets that the branch may still run
   */
  from(widget: Widget, fields: object, room: number): Listed[] {
    this.#characters = lengthOf(fields);
    let name = lineTarget(widget, NEXT);
    try {
      for (let left = room; this.#list.length < MAX_LISTED - 1; left--) {
        if (name === undefined) {
          if (this.around.outermost) this.#hangUp(null, CAUSE.normal);
          break;
        }
        const next: Widget | undefined = this.around.widgets[name];
        if (!next || left <= 0) break;
        const line = this.#through(next, `${this.around.prefix}${name}`);
        if (line === null) break;
        name = lineTarget(next, line);
      }
    } catch {
      // What fails here fails when the widget runs, which then says why.
    }
    return this.#list;
  }

  /** Adds what a widget does, and gives the line that it takes; null where the list ends with it, or before it. */
  #through(widget: Widget, key: string): string | null {
    const none = { find: () => undefined, run: () => Promise.reject(new NotYetKnown('a subflow')) };
    const call = new WidgetContext(this.state, widget, key, 0, none, undefined, this.#ahead);
    switch (widget.type) {
      case 'answerCall':
        return this.#add(
          { type: 'answer', fields: wholeCall(this.state.flow), sensitive: call.sensitive },
          key,
          entryOf(widget, key, NEXT),
        );
      case 'play':
        return this.#add(
          { type: 'play', fields: playing(widget, call), sensitive: call.sensitive },
          key,
          entryOf(widget, key, NEXT),
        );
      case 'storeVariable': {
        const variables = (this.#variables ??= this.state.variables.copy());
        for (const { saveIn, value, sensitive } of widget.assign) {
          const text = value === null ? undefined : call.fill(value, orAbsentAlone);
          const write: Assignment = [saveIn, text ?? null, sensitive || call.holdsSensitive(value)];
          variables.write([write]);
          this.#writes.push(write);
        }
        return this.#pass(widget, key, NEXT);
      }
      case 'decision': {
        const taken = widget.cases.find((one) => holds(one.when, this.#ahead.lookup, new NoPatterns()));
        return this.#pass(widget, key, taken?.line ?? 'otherwise');
      }
      case 'menu':
        this.#add({ type: 'collect', fields: firstAsked(widget, call), sensitive: call.sensitive }, key, null);
        return null;
      case 'collectDigits':
        this.#add({ type: 'collect', fields: firstCollect(widget, call), sensitive: call.sensitive }, key, null);
        return null;
      case 'hangUp':
        this.#hangUp(entryOf(widget, key, null), widget.cause);
        return null;
      default:
        return null;
    }
  }

  #add(command: Pick<Listed, 'type' | 'fields' | 'sensitive'>, widget: string | null, entry: PathEntry | null): string {
    this.#characters += lengthOf(command.fields);
    if (this.#characters > MAX_CHARACTERS) throw new NotYetKnown('a list that is too large');
    const listed = { ...command, widget, entry, passed: this.#passed, writes: this.#writes };
    this.#list.push(listed as Listed);
    [this.#passed, this.#writes] = [[], []];
    return NEXT;
  }

  #pass(widget: Widget, key: string, line: string): string {
    this.#passed.push(entryOf(widget, key, line));
    return line;
  }

  /** A hang-up ends every leg that is there; a list is for one leg. */
  #hangUp(entry: PathEntry | null, cause: number): void {
    const { all, first } = this.state.legs;
    if (all.some((leg) => leg !== first && leg.live)) return;
    this.#add({ type: 'hangUp', fields: { cause }, sensitive: false }, entry?.widget ?? null, entry);
  }

  /** The variables as they will be. */
  readonly #ahead = {
    lookup: (name: string) => {
      if (WRITTEN.test(name)) return this.#known.get(name);
      if (LASTING.has(name) || name.startsWith('$account.')) return this.state.lookup(name);
      throw new NotYetKnown(name);
    },
    isSensitive: (name: string) => this.#known.isSensitive(name) || this.state.legs.isSensitive(name),
  };

  get #known(): Variables {
    return this.#variables ?? this.state.variables;
  }
}

/**
 * Makes, for a command of this widget, the list that begins with it; empty where it is given alone.
 * @param room widgets that the branch may still run after this one
 */
export function listFrom(state: CallState, around: Surroundings, widget: Widget, key: string, room: number) {
  return (type: CommandType, fields: object, sensitive: boolean): readonly Listed[] => {
    if (!state.sequences || state.afterwards) return [];
    if (widget.type !== 'answerCall' && widget.type !== 'play') return [];
    const following = new LookAhead(state, around).from(widget, fields, room);
    if (following.length === 0) return [];
    const first = { type, fields, sensitive, widget: key, passed: [], writes: [], entry: entryOf(widget, key, NEXT) };
    return [first as unknown as Listed, ...following];
  };
}

function lengthOf(fields: object): number {
  return JSON.stringify(fields).length;
}

function entryOf(widget: Widget, key: string, line: string | null): PathEntry {
  return { widget: key, type: widget.type, line, lineNumber: line === null ? null : lineNames(widget).indexOf(line) };
}
