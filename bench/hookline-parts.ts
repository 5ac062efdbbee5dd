/**
 * What was measured of Hookline alone, as sections of the results.
 * @module
 */
import { spreadCells, table } from './markdown.js';
import type { Results } from './results.js';

/** The sections. */
export function hooklineParts({
  hooks,
  silence,
  widgets,
  answers,
  reading = [],
  waiting,
}: NonNullable<Results['hookline']>): string[] {
  return [
    '## Hookline: hooks and silence',
    '',
    table(
      ['milliseconds', 'p50', 'p95', 'p99'],
      [
        ['a request by undici alone', ...spreadCells(hooks.direct)],
        ["from one webhook's answer to the next one's request, one call", ...spreadCells(hooks.alone)],
        ['the same, 50 calls at once', ...spreadCells(hooks.fifty)],
        ['silence: from the answer to the next command at the bridge', ...spreadCells(silence.withoutHold)],
        ['the same while the hold tune plays', ...spreadCells(silence.withHold)],
        ['from the start of a call to its first command', ...spreadCells(silence.firstCommand)],
      ],
    ),
    '',
    `A worker process takes calls ${silence.workerStart} ms after it was started.`,
    '',
    '## Hookline: growth',
    '',
    table(
      ['widgets in a call', 'prompts: ms each', 'CPU ms each', 'stored variables: ms each', 'CPU ms each'],
      widgets.map(({ widgets: count, play, storeVariable: store }) => [
        ...[count, play.msEach, play.cpuMsEach, store.msEach, store.cpuMsEach],
      ]),
    ),
    '',
    table(
      ['bytes of an answer', 'silence p50, ms', 'CPU a call, ms'],
      answers.map(({ bytes, silence: ms, cpuMsPerCall }) => [bytes, ms, cpuMsPerCall]),
    ),
    '',
    ...(reading.length === 0
      ? []
      : [
          table(
            ['an answer read', 'bytes', 'main thread held, ms: in it', 'now', 'took, ms: in it', 'now'],
            reading.map(({ path, bytes, held, took }) => [
              path,
              bytes,
              held.inMainThread,
              held.now,
              took.inMainThread,
              took.now,
            ]),
          ),
          '',
        ]),
    '## Hookline: many calls at once',
    '',
    'In one worker; nine of ten in prompts, menus and delays, the others in webhooks whose target answers after 58 s. The ' +
      'first command of ten new calls, one after the other, in ms: before the webhooks, and while their requests hang.',
    '',
    table(
      [
        'calls',
        'worker, MiB',
        'server, MiB',
        'first command of a new call p50',
        'p99',
        'among webhooks p50',
        'p99',
        'webhooks',
        'of which at once',
        'sent twice',
        'not sent',
        'commands given twice',
      ],
      waiting.map(({ calls, workerMiB, serverMiB, firstCommand, firstAmongWebhooks, ...more }) => [
        ...[calls, workerMiB, serverMiB, firstCommand.p50, firstCommand.p99],
        ...[firstAmongWebhooks.p50, firstAmongWebhooks.p99],
        ...[more.webhooks, more.atOnce, more.repeated, more.missing, more.commandsRepeated],
      ]),
    ),
    '',
  ];
}
