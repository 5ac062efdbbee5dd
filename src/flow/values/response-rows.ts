/**
 * The rows by which a webhook reads answers. Contract R4, R7.
 * @module
 */
import type { WidgetOf } from '../widgets/index.js';

type Response = WidgetOf<'webhook'>['response'];
/** The rows for one kind of answer, and how their paths are written: those of `response`, or of its `onFailure`. */
export type RowSet = Exclude<Response, { type: 'none' }> | NonNullable<Response['onFailure']>;

/** How successes are read, and how failures are, where they are. */
export function rowSetsOf(response: Response): RowSet[] {
  return [...(response.type === 'none' ? [] : [response]), ...(response.onFailure ? [response.onFailure] : [])];
}

/** The rows for successes and those for failures. */
export function rowsOf(response: Response): RowSet['map'][number][] {
  return rowSetsOf(response).flatMap<RowSet['map'][number]>(({ map }) => map);
}
