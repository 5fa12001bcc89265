import { targetName } from '../../core/call.ts';
import type { NanoUsd } from '../../core/money.ts';
import type { CascadePolicy } from '../../core/routing.ts';
import { type Usage, usageOf } from '../../core/usage.ts';
import { assumedUsage } from '../../models/pricing/assumed-usage.ts';
import { drawnOf } from './drawn.ts';
import type { Sample } from './answer-lengths.ts';
import { type Knowledge, type OtherAnswer, answerBy } from './knowledge.ts';
import type { AnsweredOutcome, Basis, Outcome } from './outcome.ts';
import type { ReplayPrices } from './prices.ts';
import type { RecordedCall } from './recorded-call.ts';
import { tokensOf } from './recorded-outcome.ts';
import { type RecordedAttempt, type RecordedRequest, type TwinAnswer, answersOf } from './recorded-request.ts';
import { outputLimitOf } from './recorded-texts.ts';

/** What answers are foreseen by. */
export interface Foresight {
  readonly knowledge: Knowledge;
  readonly prices: ReplayPrices;
}

type Foreseen = Extract<Outcome, { kind: 'answered' | 'unknown' }>;

/** What would become of a call that goes to its first target, by what is recorded. */
export function foresee(foresight: Foresight, call: RecordedCall, twins: readonly TwinAnswer[]): Foreseen {
  const [first] = call.assignment?.targets ?? [];
  if (!first) return { kind: 'unknown', target: 'none' };
  const target = targetName(first);
  const cascade = call.assignment?.route?.cascade;
  if (!cascade || call.operation !== 'chat' || target === targetName(cascade.to))
    return at(foresight, call, target, twins);
  return cascaded(foresight, call, { first: target, cascade, twins });
}

interface Cascaded {
  readonly first: string;
  readonly cascade: CascadePolicy;
  readonly twins: readonly TwinAnswer[];
}

/** The first answer, and the better one as often as it was asked for in the record. The checks' own calls are not in it. */
function cascaded(foresight: Foresight, call: RecordedCall, { first, cascade, twins }: Cascaded): Foreseen {
  const to = targetName(cascade.to);
  const { streamed, traceId, virtualModel, routing } = call.recorded;
  if (streamed && cascade.streams === 'skip') return at(foresight, call, to, twins);
  const before = routing?.decision?.cascade;
  if (before?.first === first && (before.escalatedTo ?? to) === to) return at(foresight, call, first, twins, true);
  const share = foresight.knowledge.escalated(virtualModel, first);
  if (share === undefined) return { kind: 'unknown', target: `${first} → ${to}` };
  const cheap = at(foresight, call, first, twins);
  if (drawnOf(traceId, 'escalation') >= share || cheap.kind === 'unknown') return cheap;
  const better = at(foresight, call, to, twins);
  return better.kind === 'unknown' ? better : both(cheap, better);
}

/** Billed both, one after the other; the second is what the client reads. */
function both(cheap: AnsweredOutcome, better: AnsweredOutcome): AnsweredOutcome {
  return {
    ...better,
    costNanoUsd: cheap.costNanoUsd + better.costNanoUsd,
    costKnown: cheap.costKnown && better.costKnown,
    latencyMs: cheap.latencyMs + better.latencyMs,
    ttftMs: better.ttftMs === undefined ? undefined : cheap.latencyMs + better.ttftMs,
    inputTokens: cheap.inputTokens + better.inputTokens,
    outputTokens: cheap.outputTokens + better.outputTokens,
    basis: 'like-it',
  };
}

function at(
  foresight: Foresight,
  call: RecordedCall,
  target: string,
  twins: readonly TwinAnswer[],
  cascades = false,
): Foreseen {
  const { recorded } = call;
  const chain = chainFrom(recorded, target, cascades);
  if (chain) return ofChain(foresight, call, chain);
  const same = answerBy(recorded, target) ?? twins.find((twin) => twin.target === target)?.attempt;
  if (same) return ofAttempt(foresight, call, same, 'same-request');
  const served = ofServed(foresight, call, target);
  if (served) return served;
  return ofSample(foresight, call, target) ?? { kind: 'unknown', target };
}

/** What happened to the request where it went to that target first, fallbacks and all. */
function chainFrom(
  { attempts }: RecordedRequest,
  target: string,
  cascades: boolean,
): readonly RecordedAttempt[] | undefined {
  if (attempts[0]?.target !== target) return undefined;
  const escalation = cascades ? -1 : attempts.findIndex(({ kind }) => kind === 'escalation');
  return escalation < 0 ? attempts : attempts.slice(0, escalation);
}

function ofChain(foresight: Foresight, call: RecordedCall, chain: readonly RecordedAttempt[]): AnsweredOutcome {
  const { recorded } = call;
  let costNanoUsd = 0;
  let costKnown = true;
  for (const attempt of chain) {
    const cost = repriced(foresight, call, attempt);
    if (cost !== undefined) costNanoUsd += cost;
    else if (attempt.startMs !== undefined || attempt.usage) costKnown = false;
  }
  const isWhole = chain.length === recorded.attempts.length;
  const last = chain.at(-1);
  const target = isWhole ? recorded.target : last?.target;
  return {
    kind: 'answered',
    target: target ?? undefined,
    hasFailed: isWhole ? recorded.status !== 'completed' : last?.outcome !== 'completed',
    costNanoUsd,
    costKnown,
    latencyMs: isWhole ? recorded.latencyMs : (last?.startMs ?? 0) + (last?.latencyMs ?? 0),
    ttftMs: recorded.ttftMs ?? undefined,
    ...tokensOf({ attempts: chain }),
    basis: 'recorded',
  };
}

/** What was never billed costs nothing at any price. */
function repriced(foresight: Foresight, call: RecordedCall, attempt: RecordedAttempt): NanoUsd | undefined {
  const { target, usage, latencyMs, startMs = 0, priceVersion, costNanoUsd } = attempt;
  if (!usage) return costNanoUsd === 0 ? 0 : undefined;
  const sentAt = call.receivedAt + startMs;
  return foresight.prices.costOf(target, usage, {
    sentAt,
    durationMs: latencyMs,
    priceVersion,
    body: call.text.body,
  });
}

function ofAttempt(foresight: Foresight, call: RecordedCall, attempt: RecordedAttempt, basis: Basis): AnsweredOutcome {
  const { target, usage = {}, latencyMs, ttftMs } = attempt;
  return answered(foresight, call, target, { usage, latencyMs, ttftMs: ttftMs ?? undefined }, basis);
}

/** An answer of that target that the record has from a cache: what it would have used is known, its time is not. */
function ofServed(foresight: Foresight, call: RecordedCall, target: string): AnsweredOutcome | undefined {
  const { recorded } = call;
  if (recorded.attempts.length > 0 || recorded.target !== target) return undefined;
  const saved = recorded.savings.find(({ mechanism }) => mechanism === recorded.cache);
  if (!saved || saved.inputTokens + saved.outputTokens === 0) return undefined;
  const usage = { inputTokens: saved.inputTokens, outputTokens: saved.outputTokens };
  const like = foresight.knowledge.sample(target, recorded, saved.inputTokens);
  const times = { latencyMs: like?.latencyMs ?? recorded.latencyMs, ttftMs: like?.ttftMs };
  return answered(foresight, call, target, { usage, ...times }, 'same-request');
}

/** What the call would use at a target, by its recorded answers to requests like it; undefined where there are none. */
export function sampleAt(foresight: Foresight, call: RecordedCall, target: string): Sample | undefined {
  const inputTokens = inputTokensAt(foresight, call, target);
  const sample = foresight.knowledge.sample(target, call.recorded, inputTokens, otherAnswer(call.recorded));
  return sample && { ...sample, usage: scaled(sample.usage, inputTokens, outputLimitOf(call.text.body)) };
}

function ofSample(foresight: Foresight, call: RecordedCall, target: string): AnsweredOutcome | undefined {
  const sample = sampleAt(foresight, call, target);
  return sample && answered(foresight, call, target, sample, 'like-it');
}

function otherAnswer(recorded: RecordedRequest): OtherAnswer | undefined {
  const last = answersOf(recorded).at(-1);
  return last && { target: last.target, outputTokens: last.usage?.outputTokens };
}

function answered(
  { prices }: Foresight,
  call: RecordedCall,
  target: string,
  { usage, latencyMs, ttftMs }: Sample,
  basis: Basis,
): AnsweredOutcome {
  const { recorded, text } = call;
  const cost = prices.costOf(target, usage, {
    sentAt: call.receivedAt,
    durationMs: latencyMs,
    body: text.body,
  });
  return {
    kind: 'answered',
    target,
    hasFailed: false,
    costNanoUsd: cost ?? 0,
    costKnown: cost !== undefined,
    latencyMs: latencyMs + recorded.overheadMs,
    ttftMs: recorded.streamed && ttftMs !== undefined ? ttftMs + recorded.overheadMs : undefined,
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    basis,
  };
}

/** How long the request is in the target's tokens: as another target of its kind counted it, else by its bytes. */
function inputTokensAt({ knowledge, prices }: Foresight, call: RecordedCall, target: string): number | undefined {
  const { recorded, text } = call;
  const counted = recorded.attempts.findLast(({ usage }) => usage?.inputTokens !== undefined);
  const tokens = counted?.usage?.inputTokens ?? recorded.savings[0]?.inputTokens;
  const from = counted?.target ?? recorded.target;
  if (tokens !== undefined && from !== null) {
    if (prices.familyOf(from) === prices.familyOf(target)) return tokens;
    const [here, there] = [knowledge.tokensPerByte(target), knowledge.tokensPerByte(from)];
    return here === undefined || there === undefined ? tokens : Math.round((tokens * here) / there);
  }
  if (text.bytes === undefined) return undefined;
  const perByte = knowledge.tokensPerByte(target);
  return perByte === undefined ? assumedUsage(text.bytes, 0).inputTokens : Math.round(text.bytes * perByte);
}

/** The sample's usage for a request of another length; its cached parts are as large a part of it. */
function scaled(sample: Usage, inputTokens: number | undefined, limit: number | undefined): Usage {
  const input = inputTokens ?? sample.inputTokens;
  const factor = sample.inputTokens && input !== undefined ? input / sample.inputTokens : 1;
  const part = (count: number | undefined) => (count === undefined ? undefined : Math.round(count * factor));
  const most = limit ?? Number.POSITIVE_INFINITY;
  const least = (count: number | undefined) => (count === undefined ? undefined : Math.min(count, most));
  const { reportedCostNanoUsd: _, parts: _parts, ...rest } = sample;
  return {
    ...rest,
    ...usageOf({
      inputTokens: input,
      outputTokens: least(sample.outputTokens),
      reasoningOutputTokens: least(sample.reasoningOutputTokens),
      cacheReadInputTokens: part(sample.cacheReadInputTokens),
      cacheCreationInputTokens: part(sample.cacheCreationInputTokens),
      cacheCreation1hInputTokens: part(sample.cacheCreation1hInputTokens),
    }),
  };
}
