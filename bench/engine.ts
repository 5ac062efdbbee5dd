/**
 * What is measured: an engine that does the same job for every call.
 *
 * The job, to the letter: a call with an id is handed to the engine. It POSTs `{"call": id}` to `lookupUrl` and reads the JSON
 * of the answer. If `status` is `"sent"`, it POSTs a flow end with the id and `"sent"` to `flowEndUrl`; otherwise one with
 * `"other"`. That is all.
 * @module
 */

/** Says what is going on, in a line. */
export type Say = (line: string) => void;

/** Where the engine finds the target. */
export interface Job {
  lookupUrl: string;
  flowEndUrl: string;
}

/** What an engine told in its flow end. */
export interface FlowEnd {
  call: string;
  status: string;
}

/** One engine, which can be started and does the job. */
export interface Engine {
  /** As `--engines` has it. */
  readonly name: string;
  /** What it is and how it keeps calls, in a few words for the table. */
  readonly about: string;
  /** Reads its flow end. Default: the body is a {@link FlowEnd}. */
  readonly readFlowEnd?: (body: unknown) => FlowEnd;
  /** Gets what it needs from the package registries, once. Rejects with the reason when it cannot be had. */
  install?(say: Say): Promise<void>;
  /** Starts it with no call in it. */
  start(job: Job): Promise<RunningEngine>;
}

/** An engine that takes calls. */
export interface RunningEngine {
  /** Of the engine, and of what it runs on. */
  readonly versions: Record<string, string>;
  /** Hands it a call; resolves when it has taken it, which is not when the call is over. */
  call(id: string): Promise<void>;
  /** What the server did for a call that is over, where there is one. */
  steps?(id: string): Promise<Steps>;
  /** What its server has done since it was started, where it counts that. */
  served?(): Promise<Served>;
  /** Its processes by what they are; their CPU and memory are the engine's. */
  processes(): Record<string, number>;
  /** Ends by SIGKILL what runs the calls, not a database or a server beside it, and starts it again, as a supervisor would. */
  crash?(): Promise<void>;
  stop(): Promise<void>;
}

/** What a Temporal server counts. */
export interface Served {
  /** Requests to its frontend, polls included. */
  requests: number;
  /** Executions of workflows that it wrote: created, or updated. */
  writes: number;
}

/** What one call was made of. */
export interface Steps {
  workflowTasks: number;
  activities: number;
  events: number;
}
