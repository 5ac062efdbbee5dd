/**
 * Which visit of a widget a command belongs to: a command names its widget, and the path of the call has the visits.
 * @module
 */
import type { PathEntry } from '../engine/call-report.js';
import type { Flow } from '../flow/documents/flow.js';
import { placeAt } from '../flow/places.js';
import type { BridgeCommand, CommandResult } from '../telephony/commands.js';

/** Follows the path of a call through its commands and requests. */
export class PathPlace {
  /** Index into the path of the widget that has last been noticed, -1 before the first. */
  current = -1;
  #collects = 0;
  #over = true;

  constructor(
    private readonly path: readonly Pick<PathEntry, 'widget'>[],
    private readonly flow: Flow,
  ) {}

  /** A command begins on behalf of a widget. */
  command(widget: string | null): number {
    if (widget === null) return this.current;
    if (!this.#over && this.path[this.current]?.widget === widget) return this.current;
    return this.#go(this.path.findIndex((entry, index) => index > this.current && entry.widget === widget));
  }

  /** A command has ended; the widget may be over with it, and a further command is of its next visit. */
  ended(command: BridgeCommand, result: CommandResult | undefined): void {
    const { type, widget } = command;
    if (this.path[this.current]?.widget !== widget) return;
    if (type === 'record' || (type === 'play' && !command.waiting)) this.#over = true;
    if (type !== 'collect') return;
    this.#collects += 1;
    const place = placeAt(this.flow, widget)?.widget;
    if (place?.type !== 'menu' && place?.type !== 'collectDigits') return;
    const digits = result?.result === 'done' ? (result.digits ?? '') : '';
    const taken = place.type === 'menu' ? Object.hasOwn(place.keys, digits) : digits.length >= place.min;
    this.#over = this.#collects >= place.attempts || (taken && !(place.type === 'collectDigits' && place.pattern));
  }

  /** A request begins, of a visit that it names. */
  request(widget: string, visit: number): number {
    let seen = 0;
    return this.#go(this.path.findIndex((entry) => entry.widget === widget && ++seen === visit));
  }

  #go(place: number): number {
    // A widget that the path does not name is none that a caller could wait for.
    if (place < 0) return this.current;
    this.current = place;
    this.#collects = 0;
    this.#over = false;
    return place;
  }
}
