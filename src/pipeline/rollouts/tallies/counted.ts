import type { Call } from '../../../core/call.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import type { CallRecord } from '../../../records/journal/record.ts';
import { isOfModels, isServiceFault } from '../../../records/served.ts';
import type { EndedRequest } from '../statistics/moments.ts';

/** Refusals that depend on who was asked: the other arm may have answered the same request. */
const OF_THE_TARGET: ReadonlySet<ErrorCode> = new Set([
  'context_length_exceeded',
  'content_policy_violation',
  'capability_unsupported',
  'operation_unsupported',
]);

/** Answers that were not asked for anew say nothing of the arm. */
const GIVEN_AGAIN: ReadonlySet<CallRecord['cache']> = new Set(['exact', 'semantic', 'coalesced']);

/**
 * What a request says of the arm that it fell into. Undefined where it says nothing: it was answered by a cache, its
 * client was wrong or went away, a policy refused it, or no model was asked.
 */
export function endedRequestOf(
  record: CallRecord,
  { cancellation }: Pick<Call, 'cancellation'>,
): Omit<EndedRequest, 'group'> | undefined {
  if (!isOfModels(record) || GIVEN_AGAIN.has(record.cache)) return undefined;
  const costNanoUsd = record.costKnown ? record.costNanoUsd : undefined;
  if (record.status === 'completed') {
    return { isError: false, costNanoUsd, latencyMs: record.latencyMs, ttftMs: record.ttftMs };
  }
  return isFaultOfArm(record, cancellation.by) ? { isError: true, costNanoUsd } : undefined;
}

/** Whoever set a deadline did not get an answer in time; whoever just left may have had their reasons. */
function isFaultOfArm(record: CallRecord, abortedBy: Call['cancellation']['by']): boolean {
  if (record.status === 'aborted') return abortedBy === 'deadline';
  return isServiceFault(record) || (record.error !== undefined && OF_THE_TARGET.has(record.error.code));
}
