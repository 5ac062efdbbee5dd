import { validateVariables } from '../flow/validation/validate.js';
import type { Store } from '../store/store.js';
import { failedAnswer, type FunctionAnswer } from './function-answer.js';
import type { FunctionTask } from '../engine/function-task.js';

/**
 * Saves the `$user.key` variables for a contact: its next call starts with them. For a caller who withholds the number nothing
 * is saved, and the function succeeds: the flow need not care. Contract F3, F8.
 */
export async function updateUserPreferences(task: FunctionTask, store: Store): Promise<FunctionAnswer> {
  const { variables, account } = task;
  if (variables['$user.syskey.accountID']?.trim() !== String(account.id))
    return failedAnswer('INVALID_REQUEST', '"$user.syskey.accountID" is not the account of the call.');
  const number = variables['$user.syskey.contactNumber'] ?? '';
  if (number.length > 100 || number.includes('\0'))
    return failedAnswer('INVALID_REQUEST', '"$user.syskey.contactNumber" is no number.');
  const kept = Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('$user.key.')));
  const before = await store.contacts.byNumber(account.id, number, account.countryCode);
  if (validateVariables({ ...before?.variables, ...kept }).length > 0)
    return failedAnswer('VARIABLE_LIMIT', 'The contact would hold more than a call can take.');
  await store.contacts.save(account.id, number, kept, account.countryCode, task.sensitive);
  return { outputs: {} };
}
