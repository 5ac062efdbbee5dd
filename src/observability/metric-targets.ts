/**
 * What the label `target` of a metric may hold. Flows choose hosts freely, so what they choose is bounded. Contract C6.
 * @module
 */
import { isIP } from 'node:net';
import { literalHost } from '../flow/values/literal-host.js';

/** Hosts that a process names; each one costs a series for each reason and bucket. */
const MAX_HOSTS = 50;
/** A host with so many digits in a row may be somebody's number. */
const NUMBER = /\d{6}/;

/** The label of a URL whose host is the value of a variable. */
export const VARIABLE_TARGET = 'variable';
/** The label of all hosts that get none of their own. */
export const OTHER_TARGET = 'other';

/** The targets that one process names in its metrics. */
export class TargetLabels {
  readonly #named = new Set<string>();

  constructor(private readonly maxHosts = MAX_HOSTS) {}

  /**
   * The label for the URL of a flow, before its variables are filled in: its host when that stands there literally, has no
   * long number in it, and is among the first that came.
   */
  of(template: string): string {
    const host = targetOf(template);
    if (host === VARIABLE_TARGET || host === OTHER_TARGET || this.#named.has(host)) return host;
    if (this.#named.size >= this.maxHosts) return OTHER_TARGET;
    this.#named.add(host);
    return host;
  }
}

/** The host of a URL of a flow, before its variables are filled in, when it stands there literally and has no long number in it. */
export function targetOf(template: string): string {
  const host = literalHost(template)?.toLowerCase();
  if (host === undefined) return VARIABLE_TARGET;
  return isIP(host.replace(/^\[|\]$/g, '')) === 0 && NUMBER.test(host.replace(/[.-]/g, '')) ? OTHER_TARGET : host;
}
