/**
 * `record`: what the party says, until a key, silence or the full length ends it. Contract B3.
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandResult } from '../../commands.js';
import { BridgeError } from '../../bridge-error.js';
import { AriRefused } from '../ari/ari.js';
import { type CommandRun, done, idOf, silence } from '../command-run.js';

/** Seconds by which Asterisk's own limit lies beyond ours: it counts whole seconds. */
const NET_SECONDS = 3;
/** Milliseconds for the file of a recording that was stopped. */
const STOP_MS = 2000;

/** Carries it out. */
export function record(run: CommandRun<'record'>): Promise<CommandResult> {
  const { leg, node, command } = run;
  return leg.media.run(silence(run, leg), async (playing) => {
    const name = idOf(run.call.id, command.name);
    const keysBefore = leg.keys;
    const ends = node.waits.recording(name);
    if (!(await begin(run, name))) return done();
    const timer = new AbortController();
    const left = command.maxSeconds * 1000 - (Date.now() - (run.before?.since ?? Date.now()));
    const full = pause(Math.max(0, left), undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([ends, leg.over.done, playing.cut.done, full]);
    timer.abort();
    await node.ari.stopRecording(name);
    await Promise.race([ends, pause(STOP_MS)]);
    // Keys during a recording count for nothing.
    leg.keep(keysBefore);
    const url = await node.recordings.keep(node.ari, name, { silent: false });
    if (url === null) return done({ ended: 'noInput' });
    await run.call.emit(leg, { type: 'recordingReady', name: command.name, url });
    return done();
  });
}

async function begin({ node, leg, command, before, note }: CommandRun<'record'>, name: string): Promise<boolean> {
  // A recording of a process before this one goes on, or has ended.
  if (before) return true;
  note({ since: Date.now() });
  try {
    return await node.ari.record(leg.channel, {
      ...{ name, beep: command.beep, terminator: command.terminator },
      maxSeconds: Math.ceil(command.maxSeconds) + NET_SECONDS,
      silenceSeconds: Math.max(1, Math.round(command.silenceSeconds)),
    });
  } catch (error) {
    if (error instanceof AriRefused) throw new BridgeError('MEDIA_FAILED', 'Asterisk could not record.');
    throw error;
  }
}
