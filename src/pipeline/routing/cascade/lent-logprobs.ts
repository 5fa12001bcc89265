import type { Attempt } from '../../../core/attempts.ts';
import { BoundedMap } from '../../../core/bounded-map.ts';
import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { toGatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import type { Handler } from '../../../core/stage.ts';
import { relayingWire } from '../../../models/answers/provider-wire.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { ASK_LOGPROBS } from './checks/logprobs.ts';

const REMEMBERED_MS = 5 * 60_000;
const MOST_REMEMBERED = 1000;

/** Who refuses to be asked for log probabilities, as far as that was seen a short while ago. */
export class LogprobRefusals {
  readonly #clock: Clock;
  /** By `provider/model`: monotonic milliseconds. */
  readonly #seenAt = new BoundedMap<number>(MOST_REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param target `provider/model` */
  note(target: string): void {
    this.#seenAt.set(target, this.#clock.monotonic());
  }

  has(target: string): boolean {
    const seenAt = this.#seenAt.get(target);
    return seenAt !== undefined && this.#clock.monotonic() - seenAt < REMEMBERED_MS;
  }
}

/** Asks for log probabilities with a request whose client did not; what is asked is listed on the attempts. */
export async function askForLogprobs(catalog: ModelCatalog, call: Call, next: Handler): Promise<Reply> {
  const { attempts, body } = call;
  const before = attempts.all.length;
  const takeBack = body.lend(ASK_LOGPROBS);
  try {
    return await next(call);
  } finally {
    takeBack();
    for (const attempt of attempts.all.slice(before)) listLent(catalog, call, attempt);
  }
}

function listLent(catalog: ModelCatalog, call: Call, attempt: Attempt): void {
  const isRelayed = relayingWire(catalog, call, attempt.opening.target) !== undefined;
  if (isRelayed) attempt.patches = [...ASK_LOGPROBS, ...attempt.patches];
}

/**
 * Whether a refusal may be of what was asked beside the request, since it speaks of that. All others are about what the
 * client sent, and are for the client.
 */
export function mayBeOfLogprobs(thrown: unknown): boolean {
  const { code, param, message, cause } = toGatewayError(thrown);
  if (code !== 'request_invalid') return false;
  // Servers that list what is wrong in a form of their own say it in nothing but their body.
  const words = [param, message, cause instanceof Error ? cause.message : undefined];
  return words.some((text) => text !== undefined && /\blogprobs\b/i.test(text));
}

const UNBROKEN = new WeakMap<RoutePolicy, RoutePolicy>();

/** A stream that is to go on elsewhere is written anew, without the probabilities; a held one need not go on. */
export function unbroken(policy: RoutePolicy): RoutePolicy {
  const known = UNBROKEN.get(policy) ?? { ...policy, continue: false };
  UNBROKEN.set(policy, known);
  return known;
}
