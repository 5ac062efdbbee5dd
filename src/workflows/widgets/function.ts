import type { FunctionTask } from '../../engine/function-task.js';
import { INTERNAL_FUNCTIONS, madeOfInputs, type ParameterGroup } from '../../flow/internal-functions.js';
import { CALL_FACTS } from '../../flow/values/reference.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { ask } from '../requests/asking.js';
import { idempotencyKey, needs, perform, present, requests } from '../requests/perform.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type InternalFunction = WidgetOf<'function'>;

/** Calls an internal function; line 0 is `success`, line 1 `failure`. Contract F1-F5. */
export const internalFunction: WidgetRun<InternalFunction> = (widget, call) => {
  const { method, wait, persist } = widget;
  const rows = madeOfInputs(method, call.state.isSensitive);
  return ask(
    { what: method, wait, persist, rows },
    call,
    () => (timeout) =>
      perform(call, {
        activity: requests[method],
        task: taskOf(widget, call, timeout),
        summary: `${method} for ${call.key}`,
        ...{ timeout, waited: wait.enabled },
        lost: `"${method}" was not done within ${timeout} seconds.`,
      }),
  );
};

function taskOf({ method, parameters, wait }: InternalFunction, call: WidgetContext, timeout: number): FunctionTask {
  const { id, securityId, countryCode, shortDomain, agents, functions } = call.state.account;
  const remote = functions[method];
  const groups = new Set<ParameterGroup>(parameters);
  // What is saved for a contact is all that the call has set for it (F3).
  if (method === 'updateUserPreferences') groups.add('user.key');
  const names = [...Object.keys(INTERNAL_FUNCTIONS[method].inputs), ...[...groups].flatMap(namesOf(call))];
  const known = present(names, call);
  return {
    method,
    idempotencyKey: idempotencyKey(call),
    timeout,
    waited: wait.enabled,
    ...known,
    // What is kept of a contact takes the marks of this call, also when there are none.
    ...(method === 'updateUserPreferences' && { sensitive: known.sensitive ?? [] }),
    account: {
      id,
      ...(securityId !== undefined && { securityId }),
      ...(countryCode !== undefined && { countryCode }),
      ...(shortDomain !== undefined && { shortDomain }),
      agents: method === 'updatePauseStatusForCLI' ? agents.map(({ number }) => number) : [],
    },
    ...(remote && { remote }),
    rules: needs(remote, call).rules,
  };
}

/** The names of the variables of a group. */
function namesOf(call: WidgetContext): (group: ParameterGroup) => string[] {
  const names = call.state.variables.entries().map(([name]) => name);
  return (group) =>
    group === 'call'
      ? CALL_FACTS.map((fact) => `$call.${fact}`)
      : names.filter((name) => name.startsWith(`$${group}.`));
}
