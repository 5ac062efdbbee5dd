import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hookline } from './command.js';

/** Nobody is there: what is refused is refused before anything is sent. */
const NOWHERE = '127.0.0.1:1';

// Each starts processes, which mostly wait for a server that is not there.
describe.concurrent('C6: in production the codec is required', () => {
  it.each(['worker', 'api', 'codec-server'])(
    'hookline %s does not start without a key, and says what to do',
    async (command) => {
      const { code, stderr } = await hookline([command], { TEMPORAL_ADDRESS: NOWHERE });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^hookline: CODEC_REQUIRED: .*HOOKLINE_CODEC_KEYS/);
    },
  );

  it.each(['worker', 'api'])('hookline %s goes on without one when it is told to', async (command) => {
    const { stderr } = await hookline([command], { TEMPORAL_ADDRESS: NOWHERE, HOOKLINE_CODEC: 'off' });
    expect(stderr).toContain('TEMPORAL_UNREACHABLE');
  });

  it.each(['worker', 'api'])('D3: hookline %s warns at its start when secrets may lie anywhere', async (command) => {
    const start = async (more: object) => {
      const { stdout, stderr } = await hookline([command], {
        TEMPORAL_ADDRESS: NOWHERE,
        HOOKLINE_CODEC: 'off',
        ...more,
      });
      return (stdout + stderr).includes('HOOKLINE_SECRETS=anywhere');
    };
    expect(await start({ HOOKLINE_SECRETS: 'anywhere' })).toBe(true);
    expect(await start({})).toBe(false);
  });

  it('a key that is not valid is refused by every command, and not printed', async () => {
    const key = randomBytes(32).toString('base64').slice(0, -4);
    for (const command of [
      ['worker'],
      ['api'],
      ['codec-server'],
      ['start'],
      ['run', 'examples/tutorial/1-hello.json'],
    ]) {
      const { code, stdout, stderr } = await hookline(command, {
        TEMPORAL_ADDRESS: NOWHERE,
        HOOKLINE_CODEC_KEYS: `new=${key}`,
      });
      expect(`${command[0]} ${code} ${stderr}`).toMatch(new RegExp(`^${command[0]} 1 [^]*CODEC_KEYS_INVALID`));
      expect(stdout + stderr).not.toContain(key.slice(0, 12));
    }
  });
});
