/**
 * What was measured of Hookline alone, as sections of the results.
 * @module
 */
import { spreadCells, table } from './markdown.js';
import type { Results } from './results.js';

/** The sections. */
export function hooklineParts({ silence, growth, waiting, recovery }: Results): string[] {
  return [
    ...(silence ? silenceSection(silence) : []),
    ...(growth ? growthSection(growth) : []),
    ...(waiting.length > 0 ? waitingSection(waiting) : []),
    ...(recovery ? recoverySection(recovery) : []),
  ];
}

function silenceSection({ hooks, hookline: now, before }: NonNullable<Results['silence']>): string[] {
  return [
    '## Hookline: hooks and silence',
    '',
    table(
      ['milliseconds', 'p50', 'p95', 'p99'],
      [
        ['a request by undici alone', ...spreadCells(hooks.direct)],
        ["from one webhook's answer to the next one's request, one call", ...spreadCells(hooks.alone)],
        ['the same, 50 calls at once', ...spreadCells(hooks.fifty)],
        ['silence: from the answer to the next command at the bridge', ...spreadCells(now.withoutHold)],
        ...(before ? [['the same with 0.6.0, in turns', ...spreadCells(before.withoutHold)]] : []),
        ['silence while the hold tune plays', ...spreadCells(now.withHold)],
        ['from the start of a call to its first command', ...spreadCells(now.firstCommand)],
        ...(before ? [['the same with 0.6.0', ...spreadCells(before.firstCommand)]] : []),
      ],
    ),
    '',
    `A worker process takes calls ${now.workerStart} ms after it was started.`,
    '',
  ];
}

function growthSection({ widgets, answers, reading }: NonNullable<Results['growth']>): string[] {
  return [
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
  ];
}

function waitingSection(waiting: Results['waiting']): string[] {
  const webhooks = waiting.flatMap(({ calls, webhooks: among }) => (among ? [{ calls, ...among }] : []));
  return [
    '## Hookline: many calls at once',
    '',
    'In one worker, at a bridge that is watched as a whole: prompts, menus and delays. Of all processes in 20 s in which nothing begins: ms of CPU a',
    'second, and that for a call. The first command of ten new calls, one after the other, in ms.',
    '',
    table(
      [
        ...['calls', 'worker, MiB', 'server, MiB', 'server, ms/s', 'for a call', 'worker, ms/s'],
        ...['first command p50', 'p99', 'commands given twice'],
      ],
      waiting.map(({ calls, workerMiB, serverMiB, restingMs, firstCommand, commandsRepeated }) => [
        ...[calls, workerMiB, serverMiB],
        ...(restingMs ? [restingMs.server, (restingMs.server / calls).toFixed(4), restingMs.worker] : ['-', '-', '-']),
        ...[firstCommand.p50, firstCommand.p99, commandsRepeated],
      ]),
    ),
    '',
    ...(webhooks.length === 0
      ? []
      : [
          'The same with a tenth of them in webhooks whose target answers after 58 s, and new calls while their requests hang.',
          '',
          table(
            ['calls', 'first command p50', 'p99', 'webhooks', 'of which at once', 'sent twice', 'not sent'],
            webhooks.map(({ calls, firstCommand, count, atOnce, repeated, missing }) => [
              ...[calls, firstCommand.p50, firstCommand.p99, count, atOnce, repeated, missing],
            ]),
          ),
          '',
        ]),
  ];
}

function recoverySection({ calls, kills, faults, p50, p99 }: NonNullable<Results['recovery']>): string[] {
  return [
    '## Hookline: recovery',
    '',
    `\`npm run chaos -- --calls ${calls} --kills ${kills} --seed 7\`: ${faults} faults. A worker was killed while another one was up: its calls ` +
      `had their next step after ${p50} s in the median, 99 of 100 within ${p99} s.`,
    '',
  ];
}
