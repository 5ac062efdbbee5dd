/**
 * The workflows of Hookline: what the worker's bundle holds.
 * @module
 */
export { agentDesk } from './desks/agent-desk.js';
export { call } from './call.js';
export { outboundDesk } from './desks/outbound-desk.js';
export { flowEndDelivery } from './flow-end/long-delivery.js';
// Temporal knows this workflow by its first name.
export { resumeDeliveries as releaseDeliveries } from './flow-end/resume-deliveries.js';
export { reconciler } from './reconciler/reconciler.js';
export { reconcileCall } from './reconciler/reconcile-call.js';
export { bridgeProbe } from './bridge/bridge-probe.js';
export { bridgeWatch } from './bridge/bridge-watch.js';
export { undoDelivery } from './requests/undo-delivery.js';
export { passTime, type TimeActivities } from './pass-time.js';
