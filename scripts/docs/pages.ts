/**
 * Which tables each page has.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Links, linked } from './links.js';
import { filled } from './markers.js';
import { farEndTable, functionTable, outboundCodes, ruleTable } from './tables/catalogues.js';
import { commandTable, optionTable } from './tables/commands.js';
import * as documents from './tables/documents.js';
import { errorTable, reasonTable } from './tables/errors.js';
import * as flow from './tables/flow.js';
import { labelTable, metricTable } from './tables/metrics.js';
import { roomTable } from './tables/rooms.js';
import { searchAttributeTable, serverSettingTable, settingTable } from './tables/settings.js';

/** A page: its tables by the name of their markers, and the links in them. */
interface Page {
  tables: Readonly<Record<string, () => string | Promise<string>>>;
  links?: Readonly<Record<string, Links>>;
}

/** Every page that has tables written by the program, by its path in the repository. */
export const PAGES: Readonly<Record<string, Page>> = {
  'docs/architecture.md': { tables: { rooms: roomTable } },
  'docs/reference/bridge.md': { tables: { 'far-ends': farEndTable, rules: ruleTable } },
  'docs/reference/cli.md': {
    tables: { commands: commandTable, options: optionTable },
    links: {
      commands: {
        'tests of flows': 'testing.md',
        'webhook widget': 'webhook.md',
        'flow ends': 'flow-end.md',
        paused: 'flow-end.md#endpoints-that-fail-for-long',
        'record of a call': 'old-calls.md',
        'recorded calls': 'old-calls.md',
        'rules of the reference': 'bridge.md#proving-a-bridge',
        'HTTP API': 'api.md',
        'decrypt and encrypt payloads': 'encryption.md#reading-histories',
      },
    },
  },
  'docs/reference/errors.md': { tables: { errors: errorTable } },
  'docs/reference/flow.md': {
    tables: {
      flow: flow.flowFields,
      inputs: flow.inputFields,
      widgets: flow.widgetTable,
      'widget-fields': flow.widgetFields,
      account: flow.accountFields,
      caller: flow.callerFields,
      legs: flow.legFields,
    },
    links: {
      'widget-fields': {
        'What is calculated': '#operations',
        'Business hours': '#business-hours',
        'internal function': 'functions.md',
        'how long the call waits': 'webhook.md#fields',
      },
      account: {
        'outbound calls': 'outbound.md',
        'target check': 'webhook.md#sending',
        'read by the worker': 'secrets.md',
        'flow ends go': 'flow-end.md',
        'text messages': 'messages.md#account',
        'mail server': 'messages.md#account',
        'business hours, for': '#business-hours',
        'internal function': 'functions.md',
        'How calls are placed': 'outbound.md#the-account',
      },
    },
  },
  'docs/reference/flow-end.md': { tables: { payload: documents.flowEndFields } },
  'docs/reference/functions.md': { tables: { functions: functionTable } },
  'docs/reference/messages.md': {
    tables: { account: documents.messageFields },
    links: { account: { 'auth of a webhook': 'webhook.md#fields' } },
  },
  'docs/reference/metrics.md': { tables: { metrics: metricTable, labels: labelTable } },
  'docs/reference/outbound.md': { tables: { account: documents.outboundFields, codes: outboundCodes } },
  'docs/reference/settings.md': {
    tables: {
      settings: settingTable,
      'server-settings': serverSettingTable,
      'search-attributes': searchAttributeTable,
    },
  },
  'docs/reference/testing.md': {
    tables: {
      fields: documents.testFields,
      answers: documents.answerFields,
      expectations: documents.expectationFields,
      requests: documents.requestFields,
    },
    links: { fields: { 'caller file': 'flow.md#caller-file' } },
  },
  'docs/reference/webhook.md': { tables: { fields: documents.webhookFields, reasons: reasonTable } },
};

/** The pages whose tables are not as the code says, with the text that they should have. */
export async function stalePages(): Promise<{ path: string; text: string }[]> {
  const pages = await Promise.all(Object.entries(PAGES).map(([path, page]) => written(path, page)));
  return pages.filter(({ text, before }) => text !== before);
}

async function written(name: string, { tables, links = {} }: Page) {
  const path = fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const before = await readFile(path, 'utf8');
  try {
    const blocks = Object.entries(tables).map(async ([table, make]) => [
      table,
      linked(await make(), links[table] ?? {}),
    ]);
    return {
      path,
      before,
      text: filled(before, Object.fromEntries(await Promise.all(blocks)) as Record<string, string>),
    };
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  }
}
