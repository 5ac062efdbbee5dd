/**
 * Asks Asterisk for its channels: one that holds the socket open but answers no more counts as away. Contract B5.
 * @module
 */
import type { AriSocket } from './ari-socket.js';

/** Milliseconds between two questions. */
const EVERY_MS = 5000;
/** Milliseconds without any answer after which Asterisk counts as away: two questions without one. */
const AWAY_MS = 12_000;

/** The watchdog of one socket. */
export class AriWatchdog {
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly socket: AriSocket) {}

  /** Begins to ask. */
  start(): void {
    this.#timer = setInterval(() => {
      if (!this.socket.connected) return;
      // Of all questions, this one stalls first in an Asterisk that is stuck (asterisk/asterisk#2078).
      this.socket.send('GET', 'channels').catch(() => this.socket.drop('Asterisk does not list its channels'));
    }, EVERY_MS);
  }

  /** Whether Asterisk has answered lately. */
  get alive(): boolean {
    return this.socket.silentMs < AWAY_MS;
  }

  /** Ends it. */
  stop(): void {
    clearInterval(this.#timer);
  }
}
