/**
 * The metrics of a call. Contract C6.
 * @module
 */
import { metricMeter } from '@temporalio/workflow';
import { CALL_ERRORS } from '../../flow/errors.js';
import type { LabelsOf } from '../../observability/metric-catalogue.js';
import { count } from '../../observability/record-metric.js';

type Labels = LabelsOf<'hookline_calls_total'>;

/** Counts a call that ended. @param code of its error, when it has one */
export function countCall(outcome: Labels['outcome'], code: string | undefined): void {
  count(metricMeter, 'hookline_calls_total', { outcome, error: code === undefined ? 'none' : labelOf(code) });
}

/** Why a number was not dialled. */
export type NotDialled = LabelsOf<'hookline_dials_refused_total'>['reason'];

/** Counts a number that was not dialled for the limits of the account. Contract D3. */
export function countNotDialled(reason: NotDialled): void {
  count(metricMeter, 'hookline_dials_refused_total', { reason });
}

/** What is no code of the catalogue may be anything. */
function labelOf(code: string): Labels['error'] {
  return Object.hasOwn(CALL_ERRORS, code) ? (code as keyof typeof CALL_ERRORS) : 'other';
}
