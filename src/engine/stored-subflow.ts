/**
 * Stored flows that a call runs as subflows. Types only. Contract C2, D2c.
 * @module
 */
import type { Flow } from '../flow/documents/flow.js';

/** A stored flow as it was when the call started: it travels with the call. */
export interface StoredSubflow {
  id: string;
  /** As the `subflow` widget asks for it; null: the version that was published. */
  asked: number | null;
  version: number;
  flow: Flow;
}
