/**
 * Whether Asterisk lets a bridge in, asked before it begins: over the socket a wrong password looks like an Asterisk that is away.
 * @module
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { textOf } from '../../../flow/documents/text-place.js';
import { HooklineError } from '../../../flow/errors.js';
import type { AriPlace } from './ari-socket.js';

/** The first version whose causes and requests over the socket a bridge can rely on. */
const OLDEST = 22;
/** Milliseconds that the answer may take. */
const ANSWER_MS = 5000;

const info = z.object({ system: z.object({ version: z.string() }) });

/** The password of ARI: `HOOKLINE_ARI_PASSWORD`, or the text of the file that `HOOKLINE_ARI_PASSWORD_FILE` names. */
export function ariPassword(env: NodeJS.ProcessEnv): string {
  const file = env.HOOKLINE_ARI_PASSWORD_FILE;
  const password = env.HOOKLINE_ARI_PASSWORD || (file && textOf(readFileSync(file)).trim());
  if (password) return password;
  throw new HooklineError('ARI_REFUSED', 'The password of ARI is missing: set HOOKLINE_ARI_PASSWORD.');
}

/** An Asterisk that is away is waited for. @throws {HooklineError} ARI_REFUSED when it lets us not in, or is too old */
export async function requireAri({ url, user, password }: AriPlace, say: (line: string) => void): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(`${url}/ari/asterisk/info`, {
    headers: { authorization },
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => undefined);
  if (!answer) return say(`Asterisk does not answer at ${url} yet: waiting for it`);
  if (answer.status !== 200)
    throw new HooklineError('ARI_REFUSED', `Asterisk at ${url} answered ${answer.status} to the user "${user}".`);
  const { version } = info.parse(await answer.json()).system;
  const [, major] = /^(?:certified\/)?(\d+)/.exec(version) ?? [];
  if (Number(major) < OLDEST)
    throw new HooklineError(
      'ARI_REFUSED',
      `Asterisk at ${url} is version ${version}: a bridge needs ${OLDEST} or later.`,
    );
}
