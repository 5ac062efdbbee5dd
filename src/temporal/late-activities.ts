/**
 * Activities whose code is loaded while the thread of the workflows starts: the two take as long, and neither needs the other.
 * @module
 */
import type { Activities } from '../activities/index.js';

const NAMES = Object.keys({
  serverSteadyMs: true,
  openCall: true,
  postBridgeCommand: true,
  webhook: true,
  calculateDate: true,
  checkHours: true,
  speakForms: true,
  sendEmail: true,
  composeFlowEnd: true,
  claimAgent: true,
  releaseAgent: true,
  countDial: true,
  recordCall: true,
  endCall: true,
  noteDelivery: true,
  placeOutbound: true,
  countLostCalls: true,
  endLostCalls: true,
  findEndedCalls: true,
  readRemains: true,
  readStart: true,
  recordEnded: true,
  wakeDeliveries: true,
  deliverFlowEnd: true,
  createOutbound: true,
  shortURL: true,
  updateUserPreferences: true,
  updatePauseStatusForCLI: true,
} satisfies Record<keyof Activities, true>);

type Run = (...args: unknown[]) => Promise<unknown>;

/** All of them by name; one that is called waits until they are loaded. */
export function lateActivities(loading: Promise<Activities>): Activities {
  const late = (name: string): Run => {
    return async (...args) => ((await loading) as unknown as Record<string, Run>)[name]?.(...args);
  };
  return Object.fromEntries(NAMES.map((name) => [name, late(name)])) as unknown as Activities;
}
