/**
 * The files of a new folder: a flow that asks a service, its account, a test, schemas for editors, and what to do with them.
 * @module
 */
import { jsonSchema, SCHEMAS } from '../flow/documents/json-schema.js';

/** The id of a flow made of a name: its letters and digits, 8 of them. */
export function flowIdOf(name: string): string {
  return name
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 8)
    .padEnd(8, '0');
}

/** Each file by its path in the folder. */
export function initFiles(name: string): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const schemas = SCHEMAS.map((schema) => [`.schemas/${schema}.json`, json(jsonSchema(schema))] as const);
  return {
    'flow.json': json(flowOf(name)),
    'account.json': json({ id: 1, name, timeZone: 'UTC', values: { shop: name, orders: 'https://api.example.com' } }),
    'tests/known-order.test.json': json(KNOWN_ORDER),
    'tests/no-answer.test.json': json(NO_ANSWER),
    '.vscode/settings.json': json({ 'json.schemas': EDITOR }),
    ...Object.fromEntries(schemas),
    'README.md': readme(name),
  };
}

const flowOf = (name: string) => ({
  hookline: 1,
  id: flowIdOf(name),
  name,
  report: ['$flow.key.status'],
  start: 'answer',
  widgets: {
    answer: { type: 'answerCall', lines: { next: 'ask' } },
    ask: {
      type: 'collectDigits',
      prompt: { text: 'Welcome to $account.key.shop. Enter the number of your order, then hash.' },
      saveIn: '$flow.key.order',
      lines: { next: 'lookup', noInput: 'sorry', invalid: 'sorry', failure: 'sorry' },
    },
    lookup: {
      type: 'webhook',
      request: { method: 'GET', url: '$account.key.orders/orders/$flow.key.order' },
      response: { type: 'json', map: [{ saveIn: '$flow.key.status', path: 'data.status', mandatory: true }] },
      lines: { success: 'say', failure: 'sorry' },
    },
    say: { type: 'play', prompt: { text: 'Your order is $flow.key.status.' } },
    sorry: { type: 'play', prompt: { text: 'Sorry, please call later.' } },
  },
});

const KNOWN_ORDER = {
  name: 'an order that is known',
  flow: 'flow.json',
  caller: { steps: [{ press: '1001#' }] },
  answers: { lookup: { json: { status: 'on its way' } } },
  expect: {
    path: ['answer:next', 'ask:next', 'lookup:success', 'say:next'],
    heard: ['Enter the number', 'Your order is on its way.'],
    requests: { lookup: [{ url: '/orders/1001' }] },
  },
};

const NO_ANSWER = {
  name: 'a service that does not answer',
  flow: 'flow.json',
  caller: { steps: [{ press: '1001#' }] },
  answers: { lookup: { error: 'connection' } },
  expect: { passes: ['lookup:failure', 'sorry'], heard: ['Sorry, please call later.'] },
};

/** Which files an editor checks by which schema. */
const EDITOR = [
  { fileMatch: ['/flow.json'], url: './.schemas/flow.json' },
  { fileMatch: ['/account.json'], url: './.schemas/account.json' },
  { fileMatch: ['*.test.json'], url: './.schemas/test.json' },
];

const readme = (name: string) => `# ${name}

| file | |
|---|---|
| \`flow.json\` | the flow: it asks for the number of an order, looks it up, and says how it stands |
| \`account.json\` | the account; \`values\` is what differs between test and production |
| \`tests/\` | tests of the flow: what the caller does, what the service answers, what is expected |
| \`.schemas/\` | JSON Schemas of the documents; \`.vscode/settings.json\` tells the editor which is for which file |

\`\`\`sh
hookline validate flow.json --account account.json
hookline test .
hookline run flow.json --account account.json
\`\`\`

The last one makes a call with a simulated caller, who presses nothing; \`--caller FILE\` scripts one. \`hookline start\` brings up a
stack on which calls run, and \`hookline flows push\` stores the flow there.
`;
