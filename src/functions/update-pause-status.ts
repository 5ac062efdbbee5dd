import type { Store } from '../store/store.js';
import { failedAnswer, type FunctionAnswer } from './function-answer.js';
import type { FunctionTask } from '../engine/function-task.js';

const OUTPUT = '$flow.key.cli_pause_update';

/** Pauses an agent, or takes the pause back. Contract F4. */
export async function updatePauseStatusForCLI(task: FunctionTask, store: Store): Promise<FunctionAnswer> {
  const { id, countryCode, agents } = task.account;
  const pause = task.variables['$flow.key.pause']?.trim().toLowerCase();
  const cli = task.variables['$flow.key.cli'] ?? '';
  if (pause !== 'true' && pause !== 'false')
    return failedAnswer('INVALID_REQUEST', '"$flow.key.pause" is neither "true" nor "false".', { [OUTPUT]: 'false' });
  const paused = pause === 'true';
  if (await store.agents.setPaused(id, cli, paused, countryCode)) return { outputs: { [OUTPUT]: 'true' } };
  // A large package, which few calls need and no start of a worker is to wait for.
  const { normalNumber } = await import('../store/phone-number.js');
  const wanted = normalNumber(cli, countryCode);
  const number = agents.find((agent) => normalNumber(agent, countryCode) === wanted);
  if (number === undefined)
    return failedAnswer('INVALID_REQUEST', 'The account has no agent of this number.', { [OUTPUT]: 'false' });
  // The account came as a document, which the store does not know.
  await store.agents.note(id, { number, paused }, countryCode);
  return { outputs: { [OUTPUT]: 'true' } };
}
