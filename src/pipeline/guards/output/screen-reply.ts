import { type Call, targetName } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import {
  type Reply,
  type StreamedReply,
  type TranslatedReply,
  type WholeReply,
  endedStream,
} from '../../../core/reply.ts';
import { eventsIn } from '../../../models/answers/provider-wire.ts';
import type { Policies } from '../engine/guard-policy.ts';
import { AnswerScreen } from './answer-screen.ts';
import { blockedTerminal, refusalText } from './blocked-answer.ts';
import type { Given, OutputDeps } from './deps.ts';
import { groundAnswer, noteUnsourced } from './ground-answer.ts';
import { holdAnswer } from './held-answer.ts';
import { hasScreenedAnswer, planOf } from './output-plan.ts';
import { restoredBody } from './restored-body.ts';
import { ScreenedStream } from './screened-stream.ts';
import { type WholeContext, type WholeScreened, screenWhole } from './whole-answer.ts';

/**
 * Puts the guards of answers on a reply. Verdicts are on the record when the reply has ended, however it did. What is
 * only looked at goes on as it came.
 * @throws guard_failed where a guard fails without which nothing goes through, and how a stream ended that had to be held
 */
export async function screenReply(
  deps: OutputDeps,
  call: Call,
  policies: Policies,
  given: Given,
  reply: Reply,
  plan = planOf(call, policies, given),
): Promise<Reply> {
  if (!hasScreenedAnswer(call)) return restoredBody(reply, given.vault);
  if (reply.kind === 'vectors') return reply;
  if (given.sources.length === 0) noteUnsourced(call, policies);
  if (plan.isIdle) return reply;
  const context: WholeContext = { deps, call, plan, given, rewritten: isRewritten(reply) };
  if (reply.kind === 'stream') return plan.holds ? held(context, reply) : streamed(context, reply);
  return whole(context, reply);
}

/** Bytes of the client's own dialect are written anew with all that they say. */
function isRewritten(reply: Reply): boolean {
  if (reply.kind === 'translated') return reply.rewritten === true;
  return reply.kind !== 'stream' || !reply.translated || reply.rewritten === true;
}

function streamed({ deps, call, plan, given, rewritten }: WholeContext, reply: StreamedReply): StreamedReply {
  const screen = new AnswerScreen({ call, plan, given, isWhole: false });
  const { stream } = new ScreenedStream({
    inner: reply.stream,
    screen,
    rewrites: plan.rewrites,
    refusalOf: ({ stop }) => (stop?.kind === 'blocked' ? refusalText(stop.policy, given.language) : ''),
    used: () => call.attempts.shown?.closing?.usage,
    ground: () => groundAnswer(deps, { call, plan, given, answers: screen.answers, isHeld: false }),
  });
  return plan.rewrites
    ? { ...reply, stream, translated: true, ...(rewritten ? { rewritten } : {}) }
    : { ...reply, stream };
}

async function held(context: WholeContext, reply: StreamedReply): Promise<Reply> {
  const { call, deps, rewritten } = context;
  const { events, terminal } = await holdAnswer(call, reply);
  const screened = await screenWhole(context, events);
  call.heldUntil = deps.clock.monotonic();
  if (screened.later) return screened.later;
  const { events: cleared, isBlocked, usage } = screened;
  const stream = endedStream([{ events: cleared }], isBlocked ? blockedTerminal(usage) : terminal);
  return { ...reply, stream, translated: true, ...(rewritten ? { rewritten } : {}) };
}

async function whole(context: WholeContext, reply: WholeReply | TranslatedReply): Promise<Reply> {
  const { plan, rewritten } = context;
  const events = eventsOf(context, reply);
  if (!events) return unread(context, reply);
  const screened = await screenWhole(context, events);
  if (screened.later) return screened.later;
  if (!plan.rewrites && !screened.isBlocked) return reply;
  return answerOf(reply, screened, rewritten);
}

function answerOf(
  { status, headers, terminal }: WholeReply | TranslatedReply,
  { events, isBlocked, usage }: WholeScreened,
  rewritten: boolean,
): TranslatedReply {
  return {
    kind: 'translated',
    status,
    headers,
    events,
    terminal: isBlocked ? blockedTerminal(terminal.usage ?? usage) : terminal,
    ...(rewritten ? { rewritten } : {}),
  };
}

function eventsOf(
  { deps, call }: WholeContext,
  reply: WholeReply | TranslatedReply,
): readonly StreamEvent[] | undefined {
  if (reply.kind === 'translated') return reply.events;
  const target = call.answeredBy
    ? targetName(call.answeredBy)
    : (call.attempts.shown?.opening.target ?? call.cache?.target);
  if (target === undefined) return undefined;
  const { buffer, byteOffset, byteLength } = reply.body;
  return eventsIn(deps.catalog(), call, target, Buffer.from(buffer, byteOffset, byteLength));
}

/**
 * Nobody can read it any more, since its provider is gone from the configuration: guards have failed on it.
 * @throws guard_failed
 */
function unread({ call, plan, given }: WholeContext, reply: Reply): Reply {
  const { guards } = new AnswerScreen({ call, plan, given, isWhole: true });
  for (const run of [...guards.output.scanning, ...guards.output.asking]) run.fail();
  call.screening?.verdicts.push(...guards.verdicts);
  if (plan.rewrites || guards.state.stop) throw new GatewayError('guard_failed');
  return reply;
}
