import { Command } from 'commander';
import { startCodecServer } from '../codec-server/codec-server.js';
import { CODEC_TLS, codecServerSettings } from '../codec-server/codec-server-settings.js';
import { HooklineError } from '../flow/errors.js';
import { untilStopped } from '../stack/until-stopped.js';
import { codecSettings } from '../temporal/codec/codec-settings.js';
import { plainWarning } from '../crypto/tls-listener.js';
import { guarded, say } from './output.js';

/** `hookline codec-server`: lets Temporal's UI and CLI decrypt histories for authorised readers. Contract C6. */
export function codecServerCommand(): Command {
  return new Command('codec-server')
    .description("decrypt and encrypt payloads for Temporal's UI and CLI, until SIGTERM")
    .addHelpText(
      'after',
      `
The codec server uses the keys of HOOKLINE_CODEC_KEYS. It listens on this machine, and on another address only with
HOOKLINE_CODEC_TOKEN. HOOKLINE_CODEC_UI_ORIGIN names the UI, unless it is that of the development stack.`,
    )
    .action(guarded(serve));
}

async function serve(): Promise<number> {
  const codec = codecSettings();
  if (codec === null)
    throw new HooklineError('CODEC_REQUIRED', 'There is no key to decrypt with. Set HOOKLINE_CODEC_KEYS.');
  const settings = codecServerSettings(process.env);
  const server = await startCodecServer({ ...settings, codec, say });
  const warning = plainWarning(settings, CODEC_TLS);
  if (warning !== null) say(warning);
  const who = settings.token === null ? 'all users of this machine' : 'holders of the token';
  say(`the codec server is at ${server.url}, for ${who}, and for the UI at ${[...settings.origins].join(', ')}`);
  await untilStopped();
  await server.stop();
  return 0;
}
