import { type Call, type Target, targetName } from '../../core/call.ts';
import type { Cancellation } from '../../core/cancellation.ts';
import type { Clock } from '../../core/clock.ts';
import type { StreamEvent } from '../../core/events.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { Reply } from '../../core/reply.ts';
import type { Handler } from '../../core/stage.ts';
import { eventsIn } from '../answers/provider-wire.ts';
import { textIn } from '../answers/text-in.ts';
import type { ModelCatalog } from '../catalog.ts';
import {
  type OwnCallDeps,
  type OwnCaller,
  type OwnRequest,
  type Turn,
  chatRequest,
  moderationRequest,
  ownCall,
} from './own-call.ts';

export interface AskDeps {
  readonly clock: Clock;
  catalog(): ModelCatalog;
  /** Asks a target through records, budgets and the way along targets. */
  readonly ask: Handler;
}

/** Whom something is asked, for whom, and for how long. */
interface Asked {
  readonly endpoint: OwnCallDeps['endpoint'];
  /** On whose behalf; they pay for it. */
  readonly caller: OwnCaller;
  readonly target: Target;
  /** Milliseconds until it is given up. */
  readonly allowedMs: number;
  /** Ends it as well: of the call that waits for what it says. */
  readonly cancellation?: Cancellation;
}

/** One question to a chat model. */
export interface TextQuestion extends Asked {
  readonly system: string;
  readonly user: string;
}

/** A conversation that a chat model goes on with. */
export interface TurnsQuestion extends Asked {
  /** At least one. */
  readonly turns: readonly Turn[];
}

/** Texts for a moderation endpoint. */
export interface ModerationQuestion extends Asked {
  /** At least one. */
  readonly texts: readonly string[];
}

export interface TextAnswer {
  /** Undefined where it is no text and nothing else. */
  readonly text: string | undefined;
  /** Undefined where its price is not known. */
  readonly nanoUsd: NanoUsd | undefined;
}

/** What a model says to a question of the gateway's own. Undefined where it does not answer; never throws. */
export function askText(deps: AskDeps, { system, user, ...asked }: TextQuestion): Promise<TextAnswer | undefined> {
  const turns: Turn[] = [
    { role: 'system', text: system },
    { role: 'user', text: user },
  ];
  return askTurns(deps, { ...asked, turns });
}

/** The same, of a conversation. */
export function askTurns(deps: AskDeps, question: TurnsQuestion): Promise<TextAnswer | undefined> {
  const { target, turns } = question;
  return answerTo(deps, question, chatRequest(turns, target.model), (own, reply) => {
    const { nanoUsd, known } = own.attempts.cost;
    return { text: textIn(eventsOf(deps.catalog(), own, target, reply)), nanoUsd: known ? nanoUsd : undefined };
  });
}

/** What a moderation endpoint says, as it says it. Undefined where it does not answer; never throws. */
export function askModeration(deps: AskDeps, question: ModerationQuestion): Promise<JsonObject | undefined> {
  const request = moderationRequest(question.texts, question.target.model);
  return answerTo(deps, question, request, (_own, reply) => {
    if (reply.kind !== 'whole' || reply.status !== 200) return undefined;
    const json = parseJson(bytesOf(reply.body).toString('utf8'));
    return isJsonObject(json) ? json : undefined;
  });
}

async function answerTo<Answer>(
  deps: AskDeps,
  { endpoint, caller, target, allowedMs, cancellation }: Asked,
  request: OwnRequest,
  read: (own: Call, reply: Reply) => Answer | undefined,
): Promise<Answer | undefined> {
  const own = ownCall({ clock: deps.clock, endpoint }, caller, target, request, allowedMs);
  const forget = cancellation?.onCancel((by) => own.cancellation.cancel(by));
  try {
    return read(own, await deps.ask(own));
  } catch {
    return undefined;
  } finally {
    forget?.();
  }
}

function eventsOf(catalog: ModelCatalog, own: Call, target: Target, reply: Reply): readonly StreamEvent[] {
  if (reply.kind === 'translated') return reply.events;
  if (reply.kind !== 'whole' || reply.status !== 200) return [];
  return eventsIn(catalog, own, targetName(target), bytesOf(reply.body)) ?? [];
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
