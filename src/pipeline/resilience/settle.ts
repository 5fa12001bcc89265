import type { Attempt, AttemptOutcome } from '../../core/attempts.ts';
import type { Saving } from '../../core/caching.ts';
import type { Call, Operation, Protocol } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import { type Usage, countsOf, mergeUsage, usageOf } from '../../core/usage.ts';
import { assumedUsage, spokenUsage } from '../../models/pricing/assumed-usage.ts';
import { type Circumstances, costOf } from '../../models/pricing/cost.ts';
import { type PromptCacheSaved, promptCacheSaved } from '../../models/pricing/prompt-cache-saving.ts';
import type { Price } from '../../models/pricing/price.ts';
import type { Provider, RequestPlan, Wire } from '../../models/providers/provider.ts';

/** What an attempt is settled by. */
export interface SettleContext {
  readonly call: Call;
  readonly attempt: Attempt;
  readonly provider: Provider;
  /** In which the request is sent. */
  readonly protocol: Protocol;
  /** Bytes of the request. */
  readonly sentBytes: number;
  readonly price: Price | undefined;
  /** The price of another model of the same provider, which may have had a part in the answer. */
  readonly priceOf?: (model: string) => Price | undefined;
  /** Where the target was asked, where its price depends on that. */
  readonly region?: string | undefined;
  readonly clock: Clock;
  /** What of the request this target does not get as it was asked, for the client that reads its answer. */
  readonly notes: readonly string[];
  readonly onHead?: HeadWatcher;
}

export type HeadWatcher = (status: number, headers: Readonly<Record<string, string>>) => void;

/** Everything that one attempt works with that has a request of its own. */
export interface AttemptContext extends SettleContext {
  readonly wire: Wire;
  readonly plan: RequestPlan;
  /** Milliseconds that a stream's headers may wait for its first content. */
  readonly holdHeadersMs: number;
  /** The answer could be relayed, and goes on as events all the same: another one may have to follow it. */
  readonly rewritten?: boolean;
  /** This gateway exports its traces, so that every request to a provider belongs to one. */
  readonly exportsTraces?: boolean;
}

/** What is known of the tokens when an attempt ends. */
export interface Consumption {
  readonly reported: Usage | undefined;
  /** The report is the provider's last word, not one that a cut left standing. */
  readonly final: boolean;
  /** Bytes of the answer, as UTF-8, that were seen. */
  readonly answerBytes: number;
}

/** Nobody bills these. */
const FREE: ReadonlySet<Operation> = new Set(['resource', 'token-count']);

/** Operations whose bodies are made of tokens, so that bytes say how many where nobody counted. */
const OF_TOKENS: ReadonlySet<Operation> = new Set(['chat', 'completion', 'embeddings']);

function usesTokens({ operation }: Call): boolean {
  return OF_TOKENS.has(operation);
}

/** Whether the bytes of an answer are a model's words. */
export function generatesText(call: Call): boolean {
  return usesTokens(call) && call.operation !== 'embeddings';
}

/** A provider that refused, or was never reached, bills nothing. */
export function closeUnbilled(context: SettleContext, outcome: AttemptOutcome, errorCode?: ErrorCode): void {
  context.attempt.close(context.clock.monotonic(), { outcome, errorCode, costNanoUsd: 0 });
}

/**
 * Closes an attempt that the provider worked on, with what it used: as reported, or assumed where the report
 * is missing or stopped half-way.
 */
export function closeBilled(
  context: SettleContext,
  outcome: AttemptOutcome,
  consumption: Consumption,
  errorCode?: ErrorCode,
): void {
  const { attempt, call, price, clock } = context;
  if (FREE.has(call.operation)) {
    closeUnbilled(context, outcome, errorCode);
    return;
  }
  const { reported, final } = consumption;
  const isReported = final && (usesTokens(call) ? reported?.inputTokens : reported) !== undefined;
  const usage = placed(isReported ? reported : assume(context, consumption), context);
  const circumstances = circumstancesOf(context);
  const cost = usage && costOf(usage, price, circumstances);
  if (usage && !attempt.closing) notePromptCache(call, promptCacheSaved(usage, price, circumstances));
  const isFirst = attempt.close(clock.monotonic(), {
    outcome,
    errorCode,
    usage,
    usageSource: usage && (isReported ? 'reported' : 'assumed'),
    costNanoUsd: cost?.nanoUsd,
    costSource: cost?.source,
  });
  if (isFirst) call.promptCaching?.settled(attempt);
}

/** With the place that was asked, where the price depends on it. */
function placed(usage: Usage | undefined, { region }: SettleContext): Usage | undefined {
  return usage && region !== undefined ? { ...usage, region } : usage;
}

/** Undefined where nothing tells what was used, as of a picture. */
function assume(context: SettleContext, { reported, answerBytes }: Consumption): Usage | undefined {
  const { call } = context;
  if (!usesTokens(call)) return reported ?? (call.operation === 'speech' ? spokenUsage(call.body.json) : undefined);
  const assumed = assumedUsage(context.sentBytes, answerBytes);
  if (!reported) return assumed;
  const outputTokens = Math.max(reported.outputTokens ?? 0, assumed.outputTokens ?? 0);
  const { serviceTier, inferenceGeo, speed } = reported;
  // What was said of the whole answer does not hold for a part of it; how it is served does.
  return usageOf({ ...mergeUsage(assumed, countsOf(reported)), outputTokens, serviceTier, inferenceGeo, speed });
}

function circumstancesOf({ call, attempt, protocol, price, priceOf, clock }: SettleContext): Circumstances {
  const { sentAt } = attempt;
  // Only what depends on it is worth a look into the body.
  const asked = price?.variants && protocol === call.dialect ? askedIn(call.body.json) : {};
  return {
    ...asked,
    priceOf,
    durationMs: sentAt === undefined ? undefined : clock.monotonic() - sentAt,
    sentAt: call.receivedAt + (sentAt ?? call.startedAt) - call.startedAt,
  };
}

/** The terms that a request asks for, as OpenAI's and Anthropic's bodies name them. */
function askedIn(body: JsonObject): Circumstances {
  const search = body['web_search_options'];
  return {
    serviceTier: asString(body['service_tier']),
    geo: asString(body['inference_geo']),
    speed: asString(body['speed']),
    searchContext: isJsonObject(search) ? asString(search['search_context_size']) : undefined,
  };
}

/** Adds to what the prompt caches saved on the call's attempts so far. */
function notePromptCache(call: Call, saved: PromptCacheSaved | undefined): void {
  if (!saved) return;
  const savings = call.savings ?? [];
  const before = savings.find(({ mechanism }) => mechanism === 'prompt-cache');
  const isKnown = saved.nanoUsd !== undefined && (!before || before.nanoUsd !== undefined);
  const inputTokens = (before?.inputTokens ?? 0) + saved.readTokens;
  const saving: Saving = {
    mechanism: 'prompt-cache',
    nanoUsd: isKnown ? (before?.nanoUsd ?? 0) + (saved.nanoUsd ?? 0) : undefined,
    inputTokens,
    outputTokens: 0,
    ...(inputTokens === 0 ? { onlyCost: true } : {}),
  };
  call.savings = [...savings.filter((one) => one !== before), saving];
}
