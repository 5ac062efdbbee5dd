/**
 * Errors that say that the Temporal server does not answer.
 * @module
 */
import { isGrpcServiceError } from '@temporalio/client';

/** gRPC's codes DEADLINE_EXCEEDED and UNAVAILABLE, which come as numbers. */
const AWAY = new Set([4, 14]);

/** What gRPC says of a failure, also inside the errors in which the client wraps it; undefined when it is none of gRPC. */
export function grpcFailure(error: unknown): { code: number; details: string } | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (isGrpcServiceError(cause)) return cause;
  return undefined;
}

/** Whether an error says that the Temporal server did not answer. */
export function isServerAway(error: unknown): boolean {
  const failure = grpcFailure(error);
  return failure !== undefined && AWAY.has(failure.code);
}
