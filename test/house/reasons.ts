/**
 * Why what is unusual in `src/` stays: rooms of few or many files, names that stand twice, files that are short or long.
 * Paths are relative to `src/`; a folder ends with a slash and stands for all below it.
 * @module
 */
import type { Source } from './sources.js';

const ROOM_REASONS: Readonly<Record<string, string>> = {
  'flow/widgets': 'one file a widget, as many as there are widgets',
  'workflows/widgets': 'one file a widget, as many as there are widgets',
  store: 'one file a repository, and what repositories share',
  engine: 'one file for each thing that rooms say to each other',
};

/** Names that mean the same in each place: the noun is the product's, the room says which side of it. */
const NAME_REASONS: Readonly<Record<string, string>> = {
  'index.ts': 'what a room or a registry is made of',
  ...same('an account and what belongs to it: a table of the store, a group of routes, a command', [
    'accounts.ts',
    'agents.ts',
    'audit.ts',
    'contacts.ts',
    'deliveries.ts',
    'dids.ts',
    'endpoints.ts',
    'flows.ts',
    'links.ts',
    'outbound.ts',
    'reports.ts',
    'secrets.ts',
  ]),
  ...same('one desk or workflow: its names (engine), the workflow, its activities', [
    'agent-desk.ts',
    'bridge-watch.ts',
    'outbound-desk.ts',
    'call-record.ts',
    'reconciler.ts',
    'unfinished.ts',
    'resume-deliveries.ts',
  ]),
  ...same('the command that runs or shows what the other file is', [
    'api.ts',
    'bridge.ts',
    'call.ts',
    'codec-server.ts',
    'schema.ts',
    'start.ts',
    'timeline.ts',
    'validate.ts',
    'webhook.ts',
    'worker.ts',
  ]),
  ...same('a subject of the seam and the rules that a bridge is checked by', [
    'commands.ts',
    'dialling.ts',
    'events.ts',
    'legs.ts',
    'media.ts',
    'recordings.ts',
  ]),
  'flow-test.ts': 'the test file: its schema and its validation',
  'flow-end.ts': 'the schema of its payload, and the activities that send it',
  'prompts.ts': 'prompts judged in a document, filled in a call, and played by the simulator',
  'record.ts': 'the widget, and the recorded call put together',
  'spoken-forms.ts': 'values in words, and the activity that says them',
};

const SIZE_REASONS: readonly (readonly [place: string, reason: string])[] = [
  ['store/schema.ts', 'the tables of one database, which refer to each other and from which migrations are made'],
  ['flow-test/bench.ts', 'server, worker and simulator of one test as one thing with one life'],
  ['telephony/asterisk/ari/ari.ts', 'one method for each operation of ARI that a bridge needs'],
  ['flow/widgets/', 'the schema of one widget'],
  ['workflows/widgets/', 'the behaviour of one widget'],
  ['cli/', 'one command, or what several commands print or read'],
  ['engine/', 'the names and types of one subject, which several rooms share'],
  ['functions/', 'one internal function'],
  ['activities/', 'a thin adapter'],
  ['workflows/flow-end/resume-deliveries.ts', 'one workflow'],
  ['workflows/reconciler/reconciler.ts', 'one workflow'],
  ['workflows/pass-time.ts', 'one workflow'],
  ['workflows/', 'one concern of a call'],
  ['flow/documents/', 'one document, or what several documents share'],
  ['flow/', 'one rule of the language, which several files apply'],
  ['telephony/', 'one subject of the seam'],
  ['judging/', 'one way to carry work out'],
  ['http/', 'types or a constant that would make a circle elsewhere'],
  ['crypto/', 'one primitive, which several rooms use'],
  ['temporal/', 'one part of a connection or a worker'],
  ['observability/', 'types, or the one way to write a line'],
  ['api/', 'one group of routes, or one hook'],
  ['calls/', 'one question about a call'],
  ['email/', 'one step of an email'],
  ['outbound/', 'one rule of outbound calls'],
  ['recorded/', 'one reading of a history'],
  ['stack/', 'one part of a stack'],
  ['store/', 'one normal form that tables share'],
  ['flow-test/', 'one part of the scripted world'],
  ['client.ts', 'an entry point'],
  ['build.ts', 'an entry point'],
];

/** Why a room of under three or over about twenty files stays. */
export function roomReason(folder: string): string | undefined {
  return ROOM_REASONS[folder];
}

/** Why several files bear one name. */
export function nameReason(name: string, paths: readonly string[]): string | undefined {
  const isWidget = paths.every((path) => /(^|\/)widgets\/[^/]+$/.test(path));
  return isWidget ? 'one widget: its schema and its behaviour' : NAME_REASONS[name];
}

/** Why a file of over 250 or under 30 lines stays. */
export function sizeReason({ path, lines }: Source): string | undefined {
  const named = SIZE_REASONS.find(([place]) => path === place)?.[1];
  if (named || lines > 250) return named;
  return SIZE_REASONS.find(([place]) => place.endsWith('/') && path.startsWith(place))?.[1];
}

function same(reason: string, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, reason]));
}
