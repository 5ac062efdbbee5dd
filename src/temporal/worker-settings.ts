/**
 * The settings of a worker that its environment may change.
 * @module
 */
import { type ProxySettings, proxySettings } from '../http/connections/proxy-settings.js';
import { type SecretSettings, secretSettings } from '../http/secret-settings.js';
import type { CallLimits } from '../engine/opened-call.js';

/** Environment variable of each limit; `docs/reference/settings.md` lists them. */
const LIMITS: { [L in keyof Required<CallLimits>]: string } = {
  maxWidgets: 'HOOKLINE_MAX_WIDGETS',
  maxCallSeconds: 'HOOKLINE_MAX_CALL_SECONDS',
  holdAfterMs: 'HOOKLINE_HOLD_AFTER_MS',
  statusEverySeconds: 'HOOKLINE_STATUS_EVERY_SECONDS',
  waitBudgetSeconds: 'HOOKLINE_WAIT_BUDGET_SECONDS',
  renewAfterEvents: 'HOOKLINE_RENEW_AFTER_EVENTS',
};

/** Where the API of a stack listens when nothing else is said. */
export const DEFAULT_PUBLIC_URL = 'http://127.0.0.1:8180';

/** Reads the settings. @throws {RangeError} naming every variable that is no positive whole number, HOOKLINE_SECRETS, or what is wrong of the proxy. */
export function workerSettings(env: NodeJS.ProcessEnv): {
  limits: Partial<CallLimits>;
  accountTargetLists: boolean;
  publicUrl: string;
  secrets: SecretSettings;
  proxy: ProxySettings | undefined;
  buildId?: string;
} {
  const given = Object.entries(LIMITS).filter(([, variable]) => env[variable] !== undefined);
  const wrong = given.filter(([, variable]) => !/^[1-9]\d{0,8}$/.test(env[variable] ?? ''));
  if (wrong.length > 0)
    throw new RangeError(`Not a positive whole number: ${wrong.map(([, variable]) => variable).join(', ')}`);
  return {
    limits: Object.fromEntries(given.map(([limit, variable]) => [limit, Number(env[variable])])),
    ...(env.HOOKLINE_BUILD_ID && { buildId: env.HOOKLINE_BUILD_ID }),
    accountTargetLists: env.HOOKLINE_ACCOUNT_TARGET_LISTS !== 'off',
    secrets: secretSettings(env),
    proxy: proxySettings(env),
    publicUrl: (env.HOOKLINE_PUBLIC_URL || env.HOOKLINE_API_URL || DEFAULT_PUBLIC_URL).replace(/\/+$/, ''),
  };
}
