/**
 * `hookline/client`: for bridges and integrators in TypeScript. It speaks HTTP, and needs no Temporal.
 * @module
 */
export { AccountClient } from './client/account-client.js';
export type { AccountClientOptions, LiveCall, PlaceCall, PlacedCall, Report } from './client/account-client.js';
export { BridgeClient } from './client/bridge-client.js';
export type { BridgeCallState, BridgeClientOptions } from './client/bridge-client.js';
export { DeliveryClient } from './client/delivery-client.js';
export type { Delivery, DeliveryAttempt, DeliveryFilter, FailingEndpoint } from './client/delivery-client.js';
export { DidClient, type Did } from './client/did-client.js';
export { SecretClient, type StoredSecretName } from './client/secret-client.js';
export { verifyFlowEnd, type VerifiedFlowEnd } from './client/verify-flow-end.js';
export { HooklineApiError } from './client/api-request.js';
export type { FlowEndPayload } from './engine/call-report.js';
export type { BridgeCommand, CommandResult } from './telephony/commands.js';
export type { BridgeEvent } from './telephony/events.js';
export type { CallInput } from './telephony/start.js';
