/**
 * The workflows of Hookline: what the worker's bundle holds.
 * @module
 */
export { call } from './call.js';
export { flowEndDelivery } from './flow-end-delivery.js';
export { passTime, type TimeActivities } from './pass-time.js';
