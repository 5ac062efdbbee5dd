/**
 * An Asterisk with far ends and, in the process of the test, what a bridge between them needs.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AsteriskBridgeOptions } from '../../src/telephony/asterisk/asterisk-bridge.js';
import { asteriskSettings, journalFile, servicesOf } from '../../src/telephony/asterisk/asterisk-settings.js';
import { espeak, unpacked } from './asterisk/fetch-asterisk.js';
import { type RunningAsterisk, startAsterisk } from './asterisk/start-asterisk.js';
import { farEnds, farEndTrunks } from './sip/far-ends.js';
import type { Phone } from './sip/phone.js';

/** The rig. */
export interface TelephoneRig {
  asterisk: RunningAsterisk;
  /** The phones that are called. */
  phones: Phone;
  /** The settings of a node as its file has them. */
  settings(more?: object): { home: string };
  /** For one node; `log` collects what it says. */
  node(more?: object): Pick<AsteriskBridgeOptions, 'ari' | 'journal' | 'services' | 'log'> & { said: string[] };
  stop(): Promise<void>;
}

/** Starts it. `behave`: what further numbers do when they are called. */
export async function telephoneRig(root: string, behave: Parameters<typeof farEnds>[1] = {}): Promise<TelephoneRig> {
  const asterisk = await startAsterisk(root);
  const phones = await farEnds(asterisk.sipPort, behave);
  const home = mkdtempSync(join(tmpdir(), 'hookline-bridge-'));
  const settingsOf = (more: object = {}) => ({
    ...{ id: 'node', ari: { url: asterisk.url }, trunks: farEndTrunks(phones), tunes: ['default', 'second'], home },
    ...{ speech: { command: [...espeak(root), '--stdin', '--stdout'] }, sox: unpacked(root, 'usr/bin/sox') },
    ...more,
  });
  return {
    ...{ asterisk, phones, settings: settingsOf },
    node(more = {}) {
      const settings = asteriskSettings.parse(settingsOf(more));
      const said: string[] = [];
      const ari = { ...settings.ari, password: asterisk.password };
      const log = (message: string, error?: unknown) =>
        void said.push(error ? `${message}: ${JSON.stringify(error)}` : message);
      return { ari, journal: journalFile(settings), services: servicesOf(settings), log, said };
    },
    async stop() {
      phones.close();
      await asterisk.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
