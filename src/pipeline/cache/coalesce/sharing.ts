import { abortedBy } from '../../../core/abort-error.ts';
import type { CacheOutcome, Saving } from '../../../core/caching.ts';
import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import { addCausewayHeaders, costHeader } from '../../../core/reply-headers.ts';
import type { RetryPolicy } from '../../../core/route-policy.ts';

/** How many warnings of a call there were when it was asked for others as well: those after that are theirs, too. */
export type WarningMark = number;

/** Makes of an answer to `leader` one to `call`, which asked for the same and has sent nothing itself. */
export function shareWith(call: Call, leader: Call, mark: WarningMark, reply: Reply, now: number): Reply {
  call.cache = outcomeOf(call, leader, now);
  call.answeredBy = leader.answeredBy;
  for (const warning of leader.warnings.slice(mark)) {
    if (!call.warnings.includes(warning)) call.warnings.push(warning);
  }
  return { ...reply, headers: headersFor(call, reply) };
}

/** @param now monotonic milliseconds; an answer is shared when its first content is there */
function outcomeOf(call: Call, leader: Call, now: number): CacheOutcome {
  const { shown } = leader.attempts;
  const key = call.cache?.key;
  const shared = { state: 'coalesced', key, answeredAt: now } as const;
  if (!shown) {
    const { target, responseModel, simulated } = leader.cache ?? {};
    return { ...shared, target, responseModel, simulated };
  }
  const { target, simulated } = shown.opening;
  return { ...shared, target, responseModel: shown.responseModel, simulated };
}

/** Facts about rate limits and the provider's id of the request belong to who sent it. */
function headersFor(call: Call, { kind, headers }: Reply): Record<string, string> {
  const own: Record<string, string> = kind === 'stream' ? {} : costHeader(call);
  for (const name of OF_THE_ANSWER) {
    const value = headers[name];
    if (value !== undefined) own[name] = value;
  }
  return addCausewayHeaders(call, own);
}

const OF_THE_ANSWER = ['content-type', 'cache-control'] as const;

/** Books for `call` what the request of `leader` cost, once that is settled. */
export function bookSaving(call: Call, leader: Call): void {
  call.savings = [...(call.savings ?? []), savingBy(leader)];
}

/** What one call saves that is answered with what another one asked for. */
export function savingBy({ attempts, savings = [] }: Pick<Call, 'attempts' | 'savings'>): Saving {
  const handedOn = savings.find(({ mechanism }) => mechanism === 'coalesced');
  // It sent nothing either: another replica did.
  if (attempts.all.length === 0 && handedOn) return handedOn;
  const { cost, usage } = attempts;
  return {
    mechanism: 'coalesced',
    nanoUsd: cost.known ? cost.nanoUsd : undefined,
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
  };
}

/** The request itself is at fault, so that everybody who asks for the same gets the same error. */
function isOfTheRequest(error: GatewayError): boolean {
  return error.origin === 'client' && !error.row.retryable && abortedBy(error) === undefined;
}

/** The same error without what it says of who sent the request, such as how its limits stand. */
export function sharedError(error: GatewayError): GatewayError {
  const { code, message, status, param, retryAfterMs, refusal, cause } = error;
  return new GatewayError(code, {
    message,
    status,
    cause,
    ...(param !== undefined && { param }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(refusal && { refusal: { ...refusal, headers: typeOf(refusal.headers) } }),
  });
}

function typeOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const type = headers['content-type'];
  return type === undefined ? {} : { 'content-type': type };
}

/** What is added at random to a wait that a provider asked for, as a share of it. */
const SPREAD = 0.1;

/**
 * How long a call waits before it goes on by itself after the request that it waited for has failed, in milliseconds;
 * undefined where it gets that error. What failed because of who sent it says nothing about others. Anything else is a
 * failure of its own for each of them, after which it is sent again as its policy has it, and not all at once.
 * @param wasTimed the request failed under a deadline that was its sender's own
 */
export function waitAfter(
  error: GatewayError,
  wasTimed: boolean,
  retries: Pick<RetryPolicy, 'max' | 'baseDelay' | 'maxDelay'> | undefined,
  random: () => number,
): number | undefined {
  if (isOfTheRequest(error)) return undefined;
  if (error.origin === 'policy' || abortedBy(error) !== undefined || wasTimed) return 0;
  if (!retries || retries.max <= 0 || !error.row.retryable) return undefined;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > retries.maxDelay) return undefined;
  return Math.max(random() * retries.baseDelay, retryAfterMs * (1 + SPREAD * random()));
}
