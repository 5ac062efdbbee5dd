/**
 * How a command may end: done, or by a failure. Contract B3, B4.
 * @module
 */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { DeclaredFailure } from '../../flow/declared-failure.js';
import type { CommandResult, CommandType } from '../../telephony/commands.js';

/** The result of a command that was carried out. */
export type Done = Extract<CommandResult, { result: 'done' }>;

/** A widget needs a leg that is gone or has a later command: it takes its failure line, or ends the branch. Contract C1, B3. */
export class LegGone extends DeclaredFailure {
  override readonly name = 'LegGone';
}

/** The bridge could not do what was asked. Contract B4. */
export class BridgeFailure extends DeclaredFailure {
  override readonly name = 'BridgeFailure';
  constructor(
    /** One of BRIDGE_ERRORS; a bridge may raise others, which are taken alike. */
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a bridge said when it did not carry a command out; any other error as it is. Contract B4. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof ActivityFailure)) return error;
  const type = error.cause instanceof ApplicationFailure ? error.cause.type : undefined;
  return new BridgeFailure(type ?? 'MEDIA_FAILED', error.cause?.message ?? error.message);
}

/** The result of a command that was carried out. @throws {LegGone} when it was not, for its leg had gone or had a later command */
export function asDone(result: CommandResult, type: CommandType): Done {
  if (result.result === 'superseded')
    throw new LegGone(`The bridge did not carry "${type}" out: it had a later command for the leg.`);
  if (result.result !== 'done') throw new LegGone(`"${type}" came too late: the leg is gone.`);
  return result;
}
