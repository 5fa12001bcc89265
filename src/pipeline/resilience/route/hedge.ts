import type { Operation, Call } from '../../../core/call.ts';
import { type GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { Leg } from './leg.ts';

/** Sent twice, these do no harm. */
const HEDGED: ReadonlySet<Operation> = new Set(['chat', 'completion', 'embeddings', 'rerank', 'moderation']);

export function mayHedge({ operation, form }: Call): boolean {
  return HEDGED.has(operation) && form === undefined;
}

/** A leg that did not answer. */
export interface Lost {
  readonly leg: Leg;
  readonly error: GatewayError;
}

export type Outcome =
  | { readonly leg: Leg; readonly reply: Reply; readonly lost?: undefined }
  | { readonly lost: readonly Lost[] };

/** What becomes of one leg. */
export async function only(leg: Leg): Promise<Outcome> {
  try {
    return { leg, reply: await leg.reply };
  } catch (thrown) {
    return { lost: [{ leg, error: toGatewayError(thrown) }] };
  }
}

/**
 * The first content of two legs wins, the other one is given up at once.
 * @param second starts the other one after `delayMs`; undefined where it cannot
 */
export function firstOf(
  first: Leg,
  delayMs: number,
  second: () => Leg | undefined,
  timer: Scheduler,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const legs = [first];
  const lost: Lost[] = [];
  let isOver = false;
  const watch = async (leg: Leg): Promise<void> => {
    const outcome = await only(leg);
    if (isOver) return;
    lost.push(...(outcome.lost ?? []));
    if (outcome.lost && lost.length < legs.length) return;
    isOver = true;
    stop();
    for (const other of legs) if (other !== leg) other.cancel('client');
    resolve(outcome.lost ? { lost } : outcome);
  };
  const stop = timer.after(delayMs, () => {
    const other = second();
    if (!other) return;
    legs.push(other);
    void watch(other);
  });
  void watch(first);
  return promise;
}
