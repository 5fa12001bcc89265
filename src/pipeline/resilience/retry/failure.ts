import type { Operation } from '../../../core/call.ts';
import type { ErrorCode, GatewayError } from '../../../core/errors.ts';
import type { ResourceRequest } from '../../../core/resource.ts';

/** Who has to answer for a failure. Only `target` counts in its breaker, only `key` makes a key rest. */
export type Blame = 'target' | 'key' | 'client' | 'nobody';

/**
 * Where the request may be sent once more: `anywhere`, the same target too; `elsewhere-first`, the same target only
 * where there is no other; `elsewhere`, never the same one; `never`.
 */
export type Again = 'anywhere' | 'elsewhere-first' | 'elsewhere' | 'never';

export interface Verdict {
  readonly blames: Blame;
  readonly again: Again;
}

/** What of a failed attempt decides, beside its error. */
export interface FailureFacts {
  readonly operation: Operation;
  /** Of a `resource`. */
  readonly method: ResourceRequest['method'] | undefined;
  /** Some of the request may have reached the provider. */
  readonly sent: boolean;
  /** Its body goes upstream as it comes from the client, and can be read only once. */
  readonly streamedBody: boolean;
}

const CLIENT: Verdict = { blames: 'client', again: 'never' };
const NOBODY: Verdict = { blames: 'nobody', again: 'never' };
const TARGET: Verdict = { blames: 'target', again: 'anywhere' };
const KEY: Verdict = { blames: 'key', again: 'anywhere' };
const ELSEWHERE: Verdict = { blames: 'nobody', again: 'elsewhere' };

const BY_CODE: Readonly<Record<ErrorCode, Verdict>> = {
  request_invalid: CLIENT,
  auth_missing_key: CLIENT,
  auth_invalid_key: CLIENT,
  auth_forbidden: CLIENT,
  cache_miss: CLIENT,
  path_not_found: CLIENT,
  resource_not_found: CLIENT,
  conflict: CLIENT,
  operation_unsupported: CLIENT,
  capability_unsupported: CLIENT,
  request_too_large: CLIENT,
  content_type_unsupported: CLIENT,
  headers_too_large: CLIENT,
  client_aborted: CLIENT,
  deadline_exceeded: CLIENT,
  // These have chains of their own.
  context_length_exceeded: CLIENT,
  content_policy_violation: CLIENT,
  // The model may have been renamed or not be rolled out there; the provider is well.
  model_not_found: ELSEWHERE,
  provider_auth_failed: KEY,
  // A limit is the key's, not the target's health: other keys are served. The key rests for Retry-After, and pacing
  // learns the limit; a breaker would shut out all keys for 30 s. So do others: Envoy and Portkey count only 5xx by
  // default, LiteLLM rests the one deployment (which has one key).
  provider_rate_limited: KEY,
  provider_overloaded: TARGET,
  provider_error: TARGET,
  provider_unreachable: TARGET,
  provider_bad_response: TARGET,
  stream_interrupted: TARGET,
  // A target that was silent once will be again, and each time costs the client the whole wait.
  provider_timeout: { blames: 'target', again: 'elsewhere-first' },
  // Nothing was sent: the target is full or left alone.
  queue_full: ELSEWHERE,
  target_unavailable: ELSEWHERE,
  // What the caller may use has an end, wherever the request goes.
  access_blocked: NOBODY,
  limit_requests: NOBODY,
  limit_tokens: NOBODY,
  limit_concurrency: NOBODY,
  budget_exhausted: NOBODY,
  guard_blocked: NOBODY,
  guard_review: NOBODY,
  guard_failed: NOBODY,
  guard_output_invalid: NOBODY,
  cost_unbounded: NOBODY,
  counters_unavailable: NOBODY,
  gateway_overloaded: NOBODY,
  shutting_down: NOBODY,
  storage_unavailable: NOBODY,
  internal: NOBODY,
};

/** The provider did nothing: it was not reached, or refused before it began. */
const UNDONE: ReadonlySet<ErrorCode> = new Set([
  'provider_unreachable',
  'provider_auth_failed',
  'provider_rate_limited',
  'provider_overloaded',
]);

/** Who is to blame for a failed attempt, and whether the request may be sent again without doing harm. */
export function verdictOn({ code }: Pick<GatewayError, 'code'>, facts: FailureFacts): Verdict {
  const verdict = BY_CODE[code];
  if (verdict.again === 'never' || mayRepeat(code, facts)) return verdict;
  return { blames: verdict.blames, again: 'never' };
}

function mayRepeat(code: ErrorCode, { operation, method, sent, streamedBody }: FailureFacts): boolean {
  if (!sent) return true;
  if (streamedBody) return false;
  // What makes or changes a thing that is kept would make it twice.
  const writes = operation === 'resource' && method !== 'GET' && method !== 'DELETE';
  return !writes || UNDONE.has(code);
}
