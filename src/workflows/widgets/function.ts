import { ActivityFailure, TimeoutFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { FunctionTask } from '../../engine/function-task.js';
import type { WebhookOutcome } from '../../engine/webhook-task.js';
import { INTERNAL_FUNCTIONS, type ParameterGroup } from '../../flow/internal-functions.js';
import { CALL_FACTS } from '../../flow/values/reference.js';
import type { WidgetOf } from '../../flow/widgets/index.js';
import { ask } from '../requests/asking.js';
import { failedOutcome, idempotencyKey, needs } from '../requests/webhook-request.js';
import type { WidgetContext, WidgetRun } from '../widget-context.js';

type InternalFunction = WidgetOf<'function'>;

/** Beyond the wait: time for the activity to tell of the time-out itself. */
const SLACK_MS = 5000;

const functions = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  cancellationType: 'TRY_CANCEL',
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 2, maximumInterval: '1 second' },
});

/** Calls an internal function; line 0 is `success`, line 1 `failure`. Contract F1-F5. */
export const internalFunction: WidgetRun<InternalFunction> = (widget, call) =>
  ask(widget, call, widget.method, (timeout) => perform(widget, call, timeout));

async function perform(widget: InternalFunction, call: WidgetContext, timeout: number): Promise<WebhookOutcome> {
  const { method, wait } = widget;
  const bounded = wait.enabled && { scheduleToCloseTimeout: timeout * 1000 + SLACK_MS };
  const options = {
    summary: `${method} for ${call.key}`,
    heartbeatTimeout: call.state.heartbeatTimeout * 1000,
    ...bounded,
  };
  try {
    return await functions[method].executeWithOptions(options, [taskOf(widget, call, timeout)]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || !(error.cause instanceof TimeoutFailure)) throw error;
    return failedOutcome('TIMEOUT', `"${method}" was not done within ${timeout} seconds.`, timeout, 0);
  }
}

function taskOf({ method, parameters, wait }: InternalFunction, call: WidgetContext, timeout: number): FunctionTask {
  const { id, securityId, countryCode, shortDomain, agents, functions } = call.state.account;
  const remote = functions[method];
  const groups = new Set<ParameterGroup>(parameters);
  // What is saved for a contact is all that the call has set for it (F3).
  if (method === 'updateUserPreferences') groups.add('user.key');
  const values = [...Object.keys(INTERNAL_FUNCTIONS[method].inputs), ...[...groups].flatMap(namesOf(call))].flatMap(
    (name) => {
      const value = call.state.lookup(name);
      return value === undefined ? [] : [[name, value] as const];
    },
  );
  return {
    method,
    idempotencyKey: idempotencyKey(call),
    timeout,
    waited: wait.enabled,
    variables: Object.fromEntries(values),
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
