/**
 * `docs/reference/settings.md`: environment variables, the settings of our Temporal servers, search attributes.
 * @module
 */
import { SERVER_SETTINGS } from '../../../src/temporal/servers/dev-server-arguments.js';
import { searchAttributes } from '../../../src/engine/search-attributes.js';
import { code, table } from '../table.js';
import { SERVER_SETTING_REASONS } from '../texts/server-settings.js';
import { SETTINGS } from '../texts/settings.js';

/** Every environment variable of ours. */
export function settingTable(): string {
  const rows = Object.entries(SETTINGS).map(([name, [fallback, meaning]]) => [code(name), fallback, meaning]);
  return table(['variable', 'default', 'what it sets'], rows);
}

/** What our Temporal servers run with. */
export function serverSettingTable(): string {
  const names = Object.keys(SERVER_SETTINGS) as (keyof typeof SERVER_SETTINGS)[];
  const rows = names.map((name) => [code(name), code(String(SERVER_SETTINGS[name])), ...SERVER_SETTING_REASONS[name]]);
  return table(['setting', 'value', 'why', 'elsewhere'], rows);
}

/** By what calls are found in Temporal. */
const ATTRIBUTES: Readonly<Record<keyof typeof searchAttributes, string>> = {
  account: "the account's id",
  flow: "the flow's id",
  bridge: 'of calls whose [bridge node is watched](bridge.md#watched-nodes): the node, by a hash, `.`, its epoch',
  outcome: '`completed`, `hungUp`, `failed`, `cancelled` or `timedOut`, set when the call has ended',
  failedWidget: 'key of the widget that the call failed in',
  delivery:
    '`pending`, `delivered` or `dead`: a flow end that the call itself could not deliver; `delivered: attempt 1, HOST, status 204`: ' +
    'one that it delivered',
};

/** Every search attribute. */
export function searchAttributeTable(): string {
  const names = Object.keys(searchAttributes) as (keyof typeof searchAttributes)[];
  return table(['attribute', 'value'], names.map((name) => [code(searchAttributes[name].name), ATTRIBUTES[name]])); // prettier-ignore
}
