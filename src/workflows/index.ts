/**
 * The workflows of Hookline: what the worker's bundle holds.
 * @module
 */
export { agentDesk } from './agent-desk.js';
export { call } from './call.js';
export { outboundDesk } from './outbound-desk.js';
export { flowEndDelivery } from './flow-end-delivery.js';
export { releaseDeliveries } from './release-deliveries.js';
export { reconciler } from './reconciler.js';
export { reconcileCall } from './reconcile-call.js';
export { bridgeProbe } from './bridge-probe.js';
export { passTime, type TimeActivities } from './pass-time.js';
