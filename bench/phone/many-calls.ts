/**
 * What many calls at once cost Asterisk and the bridge: every caller hears prompts, one after the other. The engine is the measuring
 * process, so that nothing but the two is measured.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { toneWav } from '../../test/phone/asterisk/tone-wav.js';
import { BridgeProcess } from '../../test/phone/bridge-process.js';
import { telephoneRig } from '../../test/phone/telephone-rig.js';
import { costOf } from '../processes.js';

/** What was measured. */
export interface ManyCalls {
  calls: number;
  /** Shares of a core. */
  asteriskCores: number;
  bridgeCores: number;
  /** Megabytes in memory at the end. */
  asteriskMb: number;
  bridgeMb: number;
  /** Commands that were not carried out. */
  failed: number;
}

/** The number of a phone that answers at once. */
const TO = '500';
/** Calls that begin in a second, seconds of a prompt, and seconds that are measured. */
const PER_SECOND = 20;
const PROMPT_SECONDS = 2;
const MEASURED_SECONDS = 20;

/** Makes the calls, and ends them after the measurement. */
export async function measureManyCalls(root: string, calls: number): Promise<ManyCalls> {
  const prompts = mkdtempSync(join(tmpdir(), 'hookline-bench-phone-'));
  writeFileSync(join(prompts, 'prompt.wav'), toneWav(440, PROMPT_SECONDS));
  const rig = await telephoneRig(root, { [TO]: (call) => call.answer() });
  const node = await BridgeProcess.start(rig, { prompts });
  let [failed, over] = [0, false];
  const speak = async () => {
    const call = node.call();
    if (!('result' in (await call.dial(TO)))) failed++;
    while (!over) {
      const said = await call.give('play', { prompts: [{ file: 'prompt.wav' }] });
      if (!('result' in said && said.result === 'done')) failed++;
    }
    await call.hangUp();
  };
  const speaking: Promise<void>[] = [];
  for (let n = 0; n < calls; n++) {
    speaking.push(speak());
    await pause(1000 / PER_SECOND);
  }
  const processes = { asterisk: rig.asterisk.pid, bridge: node.pid };
  const before = costOf(processes);
  await pause(MEASURED_SECONDS * 1000);
  const after = costOf(processes);
  over = true;
  await Promise.all(speaking);
  await node.stop();
  await rig.stop();
  rmSync(prompts, { recursive: true });
  const cores = (name: string) => ((after[name]?.cpu ?? 0) - (before[name]?.cpu ?? 0)) / MEASURED_SECONDS;
  const mb = (name: string) => (after[name]?.memory ?? 0) / 2 ** 20;
  return {
    ...{ calls, failed, asteriskCores: cores('asterisk'), bridgeCores: cores('bridge') },
    ...{ asteriskMb: mb('asterisk'), bridgeMb: mb('bridge') },
  };
}
