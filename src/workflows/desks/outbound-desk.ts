/**
 * Outbound calls of one account, placed when they are due and at its pace: one workflow an account. What is to be placed
 * is in the store; this only looks there, at the right moments. Contract F1.
 * @module
 */
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { OUTBOUND_DESK, type OutboundStanding } from '../../engine/outbound-desk.js';

const { placeOutbound } = proxyActivities<Activities>({
  startToCloseTimeout: '3 minutes',
  // With heartbeats every second: a worker that died holds up the pace for no longer.
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Something is to be placed, or a call has ended. */
const wake = defineSignal(OUTBOUND_DESK.wake);

/** Milliseconds of quiet after which a desk closes; a later request opens it again. */
const QUIET_MS = 60_000;
/** Milliseconds after which a request that woke the desk before it was written is seen. */
const SECOND_LOOK_MS = 5000;

/** The desk of an account's outbound calls. */
export async function outboundDesk(account: number): Promise<void> {
  let signalled = 1;
  let seen = 0;
  setHandler(wake, () => {
    signalled += 1;
  });
  for (;;) {
    const news = signalled > seen;
    seen = signalled;
    const standing = await placeOutbound.executeWithOptions({ summary: `calls of account ${account}` }, [account]);
    setCurrentDetails(described(standing));
    const pause = pauseAfter(standing, news);
    const quiet = !(await condition(() => signalled > seen, pause, { summary: 'until the next look' }));
    if (quiet && standing.againInMs === null && !news) return;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof outboundDesk>(account);
  }
}

function pauseAfter({ againInMs }: OutboundStanding, news: boolean): number {
  if (againInMs !== null && againInMs > 0) return news ? Math.min(againInMs, SECOND_LOOK_MS) : againInMs;
  if (againInMs === 0) return 1;
  return news ? SECOND_LOOK_MS : QUIET_MS;
}

function described({ underWay, waiting, againInMs }: OutboundStanding): string {
  const next = againInMs === null ? 'nothing to do' : `next look in ${Math.ceil(againInMs / 1000)} s`;
  return `${underWay} under way, ${waiting} waiting, ${next}`;
}
