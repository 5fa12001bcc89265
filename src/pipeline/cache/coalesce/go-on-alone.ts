import { abortedBy, requireStillWanted } from '../../../core/abort-error.ts';
import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import type { RetryPolicy } from '../../../core/route-policy.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Handler } from '../../../core/stage.ts';

export interface GoingOn {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** From 0 to just under 1. */
  readonly random: () => number;
}

/** Why the request failed that a call waited for. */
export interface Failed {
  readonly thrown: unknown;
  /** It failed by a deadline that was its sender's own. */
  readonly wasTimed: boolean;
}

/**
 * Whether a request failed by the deadline of who sent it, where the error does not say so: a queue turns away who
 * cannot wait for long enough. A deadline that left no time for a retry does not count: those who can wait retry after
 * the usual time.
 */
export function wasTimed({ deadlineAt }: Pick<Call, 'deadlineAt'>, { code }: Pick<GatewayError, 'code'>): boolean {
  return deadlineAt !== undefined && code === 'queue_full';
}

/**
 * Asks for a call by itself after the request that it waited for has failed, where that is worth it.
 * @throws how the call ended, or that same error
 */
export async function goOnAlone(
  options: GoingOn,
  call: Call,
  ask: Handler,
  { thrown, wasTimed: isTimed }: Failed,
): Promise<Reply> {
  requireStillWanted(call);
  const error = toGatewayError(thrown);
  const { clock, scheduler, random } = options;
  const waitMs = waitAfter(error, isTimed, call.assignment?.policy?.retries, random);
  const { deadlineAt = Number.POSITIVE_INFINITY } = call;
  // A client that gives up before is told now what is wrong.
  const isTooLate = waitMs === undefined || (waitMs > 0 && clock.monotonic() + waitMs >= deadlineAt);
  if (isTooLate) throw sharedError(error);
  if (waitMs > 0) await untilCancelled(call, (resolve) => scheduler.after(waitMs, resolve));
  requireStillWanted(call);
  return ask(call);
}

/** Waits for a timer, but no longer than for the end of the call. */
function untilCancelled({ cancellation }: Call, start: (resolve: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    const stop = start(() => {
      forget();
      resolve();
    });
    const forget = cancellation.onCancel(() => {
      stop();
      resolve();
    });
  });
}

/** The request itself is at fault, so that everybody who asks for the same gets the same error. */
function isOfTheRequest(error: GatewayError): boolean {
  return error.origin === 'client' && !error.row.retryable && abortedBy(error) === undefined;
}

/** The same error without what it says of who sent the request, such as how its limits stand. */
function sharedError(error: GatewayError): GatewayError {
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
 * @param isTimed the request failed by a deadline that was its sender's own
 */
function waitAfter(
  error: GatewayError,
  isTimed: boolean,
  retries: Pick<RetryPolicy, 'max' | 'baseDelay' | 'maxDelay'> | undefined,
  random: () => number,
): number | undefined {
  if (isOfTheRequest(error)) return undefined;
  if (error.origin === 'policy' || abortedBy(error) !== undefined || isTimed) return 0;
  if (!retries || retries.max <= 0 || !error.row.retryable) return undefined;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > retries.maxDelay) return undefined;
  return Math.max(random() * retries.baseDelay, retryAfterMs * (1 + SPREAD * random()));
}
