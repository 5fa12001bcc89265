import { type Call, type Target, targetName } from '../../core/call.ts';
import type { Cancellation } from '../../core/cancellation.ts';
import type { Clock } from '../../core/clock.ts';
import type { StreamEvent } from '../../core/events.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler } from '../../core/stage.ts';
import { eventsIn } from '../answers/provider-wire.ts';
import { textIn } from '../answers/text-in.ts';
import type { ModelCatalog } from '../catalog.ts';
import { type OwnCallDeps, type OwnCaller, chatRequest, ownCall } from './own-call.ts';

export interface AskDeps {
  readonly clock: Clock;
  catalog(): ModelCatalog;
  /** Asks a target through records, budgets and the way along targets. */
  readonly ask: Handler;
}

/** One question to a chat model. */
export interface TextQuestion {
  readonly endpoint: OwnCallDeps['endpoint'];
  /** On whose behalf; they pay for it. */
  readonly caller: OwnCaller;
  readonly target: Target;
  readonly system: string;
  readonly user: string;
  /** Milliseconds until it is given up. */
  readonly allowedMs: number;
  /** Ends it as well: of the call that waits for what it says. */
  readonly cancellation?: Cancellation;
}

export interface TextAnswer {
  /** Undefined where it is no text and nothing else. */
  readonly text: string | undefined;
  /** Undefined where its price is not known. */
  readonly nanoUsd: NanoUsd | undefined;
}

/** What a model says to a question of the gateway's own. Undefined where it does not answer; never throws. */
export async function askText(deps: AskDeps, question: TextQuestion): Promise<TextAnswer | undefined> {
  const { endpoint, caller, target, system, user, allowedMs } = question;
  const own = ownCall(
    { clock: deps.clock, endpoint },
    caller,
    target,
    chatRequest(system, user, target.model),
    allowedMs,
  );
  const forget = question.cancellation?.onCancel((by) => own.cancellation.cancel(by));
  try {
    const text = textIn(eventsOf(deps.catalog(), own, target, await deps.ask(own)));
    const { nanoUsd, known } = own.attempts.cost;
    return { text, nanoUsd: known ? nanoUsd : undefined };
  } catch {
    return undefined;
  } finally {
    forget?.();
  }
}

function eventsOf(catalog: ModelCatalog, own: Call, target: Target, reply: Reply): readonly StreamEvent[] {
  if (reply.kind === 'translated') return reply.events;
  if (reply.kind !== 'whole' || reply.status !== 200) return [];
  const { buffer, byteOffset, byteLength } = reply.body;
  return eventsIn(catalog, own, targetName(target), Buffer.from(buffer, byteOffset, byteLength)) ?? [];
}
