import { type Call, type Operation, type Target, header } from '../../../core/call.ts';
import { isExpected } from '../../../core/coming-again.ts';
import { type JsonObject, asString } from '../../../core/json.ts';
import type { NanoUsd } from '../../../core/money.ts';
import type { ResourceRequest } from '../../../core/resource.ts';
import type { Capabilities } from '../../../models/capabilities/capabilities.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { type BoundedUse, type CertainTerms, costBound } from '../../../models/pricing/cost-bound.ts';
import type { Price } from '../../../models/pricing/price.ts';
import type { Provider } from '../../../models/providers/provider.ts';
import { type Sent, answerLimits, limitIn, obeys, obeysAny } from '../../../models/tokens/answer-limits.ts';
import { type AnswerLimits, longestAnswer, outputUpperBound } from '../../../models/tokens/output-bound.ts';
import { searchUnitsOf } from '../../../models/tokens/plain-bound.ts';
import { type BoundRequest, type BoundTarget, inputBound, promptLimit } from '../../../models/tokens/upper-bound.ts';
import type { KnownParts } from '../../../models/tokens/known-parts.ts';
import { answerField } from '../../../models/tokens/answer-field.ts';
import type { Amounts, AttemptBound } from './attempt-bound.ts';

export interface BoundOptions {
  /** The answer is, or will be, capped to this (`capOutput`). */
  readonly maxOutputTokens?: number;
  /** Input beside what the client sent, as where an answer is gone on with. */
  readonly moreInputTokens?: number;
  /** Of the same call, where its bounds are asked for more than once. */
  readonly parts?: KnownParts;
}

/** With the parts of `tokens`, of all answers together. */
export interface DetailedBound extends AttemptBound {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

/**
 * The most that the request may use and be billed for at a target: in one attempt, or in several side by side where the
 * target gives one answer at a time and more were asked for, all of them together.
 *
 * It reads the parsed body and nothing else of the call, so that a relayed request is not decoded for it. What counts
 * is docs/tokens.md's argument for tokens, and the dearest way in which they may be billed (`costBound`).
 */
export function boundOf(call: Call, target: Target, catalog: ModelCatalog, options: BoundOptions = {}): DetailedBound {
  if (call.resource) return boundOfResource(call.resource);
  const provider = catalog.provider(target.provider);
  const wire = provider.wire(call.dialect, call.operation, target.model);
  // What a target cannot serve is refused before anything is sent.
  const isServed = wire !== undefined || (call.operation === 'embeddings' && provider.embedder !== undefined);
  if (call.operation === 'token-count' || !isServed) return FREE;
  const relayed = wire?.dialect === call.dialect;
  const request = { dialect: call.dialect, operation: call.operation, body: call.body.resolved, parts: options.parts };
  const capabilities = liftedBy(call, relayed, catalog.capabilitiesOf(provider, target.model));
  const facts: Facts = {
    request,
    relayed,
    target: { family: provider.family, model: target.model, capabilities },
    provider,
    price: catalog.priceOf(provider, target.model),
    totalMs: call.assignment?.timeouts?.total,
  };
  return ANSWERED_IN_TEXT.has(call.operation)
    ? knownBound(call, catalog, facts, options)
    : boundOfOther(facts, options.moreInputTokens ?? 0);
}

/** What of a call and its target the bound is made of. */
interface Facts {
  readonly request: BoundRequest;
  readonly relayed: boolean;
  readonly target: BoundTarget;
  readonly provider: Provider;
  readonly price: Price | undefined;
  /** How long an attempt may take. */
  readonly totalMs: number | undefined;
}

/** Whose answers are a model's words, and as long as a limit lets them be. */
export const ANSWERED_IN_TEXT: ReadonlySet<Operation> = new Set(['chat', 'completion']);

/** Nothing is billed. */
const FREE: DetailedBound = {
  inputTokens: 0,
  outputTokens: 0,
  tokens: 0,
  nanoUsd: 0,
  maxOutputTokens: undefined,
  within: () => FREE,
};

const UNBOUNDED: DetailedBound = {
  inputTokens: undefined,
  outputTokens: undefined,
  tokens: undefined,
  nanoUsd: undefined,
  maxOutputTokens: undefined,
  within: () => UNBOUNDED,
};

/** Reading and keeping things costs nothing. Whoever starts a batch is billed for requests that nobody has looked at. */
export function boundOfResource({ kind, action }: ResourceRequest): DetailedBound {
  return action === 'create' && (kind === 'batch' || kind === 'message-batch') ? UNBOUNDED : FREE;
}

/**
 * Anthropic lets some models have longer prompts and answers where a header asks for it: `context-1m-2025-08-07`,
 * `output-128k-2025-02-19`. Only a relayed request takes it along.
 * @see https://platform.claude.com/docs/en/api/beta-headers (checked 2026-11-21)
 */
function liftedBy(call: Call, relayed: boolean, known: Capabilities | undefined): Capabilities | undefined {
  if (!known || !relayed || call.dialect !== 'anthropic') return known;
  const betas = header(call, 'anthropic-beta');
  if (betas === undefined || !LIFTS.test(betas)) return known;
  let { contextTokens = Infinity, outputTokens = Infinity } = known;
  for (const [, what, number = '', unit] of betas.matchAll(new RegExp(LIFTS, 'g'))) {
    const tokens = Number(number) * (unit === 'm' ? 2 ** 20 : 2 ** 10);
    if (what === 'context') contextTokens = Math.max(contextTokens, tokens);
    else outputTokens = Math.max(outputTokens, tokens);
  }
  const { inputTokens: _, contextTokens: __, outputTokens: ___, ...others } = known;
  return {
    ...others,
    ...(contextTokens === Infinity ? {} : { contextTokens }),
    ...(outputTokens === Infinity ? {} : { outputTokens }),
  };
}

const LIFTS = /\b(context|output)-(\d{1,4})([km])\b/;

/** A bound, and all that it was made of beside what is asked. */
interface KnownBound {
  readonly assignment: Call['assignment'];
  readonly facts: Facts;
  readonly options: BoundOptions;
  readonly bound: DetailedBound;
}

/** By what is asked, where that comes again: the latest of each. Of one catalog, so that none before it is kept for that. */
let known: { readonly catalog: ModelCatalog; readonly bounds: WeakMap<JsonObject, KnownBound> } | undefined;

function knownBound(call: Call, catalog: ModelCatalog, facts: Facts, options: BoundOptions): DetailedBound {
  if (known?.catalog !== catalog) known = { catalog, bounds: new WeakMap() };
  const { bounds } = known;
  const { body } = facts.request;
  const { assignment } = call;
  const before = bounds.get(body);
  if (
    before !== undefined &&
    before.assignment === assignment &&
    before.options.maxOutputTokens === options.maxOutputTokens &&
    before.options.moreInputTokens === options.moreInputTokens &&
    areSame(before.facts, facts)
  ) {
    return before.bound;
  }
  const bound = boundOfText(call, catalog, facts, options);
  if (isExpected(body)) bounds.set(body, { assignment, facts, options, bound });
  return bound;
}

/** Of one body. */
function areSame({ request, relayed, target, provider, price, totalMs }: Facts, other: Facts): boolean {
  return (
    request.dialect === other.request.dialect &&
    request.operation === other.request.operation &&
    relayed === other.relayed &&
    target.model === other.target.model &&
    target.capabilities === other.target.capabilities &&
    provider === other.provider &&
    price === other.price &&
    totalMs === other.totalMs
  );
}

function boundOfText(call: Call, catalog: ModelCatalog, facts: Facts, options: BoundOptions): DetailedBound {
  const { request, target, relayed, provider } = facts;
  const sum = inputBound(request, target);
  if (options.moreInputTokens !== undefined) sum.add(options.moreInputTokens);
  const { family, model } = target;
  const sent: Sent = { relayed, family, model, maxTokensField: provider.maxTokensField };
  const limits = answerLimits(request, sum.prompts, sent);
  // A cap is of no use at a target that does not know the field that it is set in.
  const isCapKept =
    !limits.isUnkept &&
    // The field is asked for only where it matters.
    (request.dialect !== 'openai' || obeysAny(sent) || obeys(sent, answerField(call, catalog)));
  const endless = sum.isEndless ? undefined : 0;
  const use: BoundedUse = {
    inputTokens: sum.within(promptLimit(target)),
    mediaInput: !sum.onlyText,
    audioOutput:
      request.dialect === 'openai' ? Array.isArray(request.body['modalities']) : request.dialect === 'gemini',
    citationTokens: endless,
    webSearchRequests: endless,
    webFetchRequests: endless,
    durationMs: durationOf(facts.totalMs),
  };
  const bound = new TextBound(facts, use, limits, isCapKept);
  return options.maxOutputTokens === undefined ? bound : bound.capped(options.maxOutputTokens);
}

/** A timer may be late by as long as the thread is busy. */
const LATE_MS = 1000;

function durationOf(totalMs: number | undefined): number | undefined {
  return totalMs === undefined ? undefined : totalMs + LATE_MS;
}

/** What has an answer in words: the longer that may be, the more it may cost. */
class TextBound implements DetailedBound {
  readonly #facts: Facts;
  readonly #use: BoundedUse;
  readonly #limits: AnswerLimits;
  readonly #isCapKept: boolean;
  /** Attempts side by side: what is translated may be sent once for each answer. */
  readonly #copies: number;
  readonly outputTokens: number | undefined;
  #nanoUsd: { readonly most: NanoUsd | undefined } | undefined;

  constructor(facts: Facts, use: BoundedUse, limits: AnswerLimits, isCapKept: boolean) {
    this.#facts = facts;
    this.#use = use;
    this.#limits = limits;
    this.#isCapKept = isCapKept;
    const isSentOnce = facts.relayed || facts.request.operation === 'completion';
    this.#copies = isSentOnce ? 1 : (limits.choices ?? 1);
    this.outputTokens = outputUpperBound(limits, facts.target);
  }

  get inputTokens(): number | undefined {
    const { inputTokens } = this.#use;
    return inputTokens === undefined || this.#copies === Infinity ? undefined : inputTokens * this.#copies;
  }

  get tokens(): number | undefined {
    return sumOf(this.inputTokens, this.outputTokens);
  }

  /** Worked out where it is asked for. */
  get nanoUsd(): NanoUsd | undefined {
    this.#nanoUsd ??= { most: this.#cost() };
    return this.#nanoUsd.most;
  }

  get maxOutputTokens(): number | undefined {
    return longestAnswer(this.#limits, this.#facts.target);
  }

  within(maxOutputTokens: number): Amounts {
    return this.capped(maxOutputTokens);
  }

  /** The limit that a cap sets is below a budget for thinking, so that it holds. */
  capped(maxOutputTokens: number): TextBound {
    if (!this.#isCapKept) return this;
    const { maxOutputTokens: before = Infinity, onlyContext, choices = 1, predictionBytes = 0 } = this.#limits;
    if (before <= maxOutputTokens && !onlyContext) return this;
    const limits = { maxOutputTokens: Math.min(before, maxOutputTokens), choices, predictionBytes };
    return new TextBound(this.#facts, this.#use, limits, true);
  }

  /** As many attempts as there are copies are billed apart, each with a part of the answers. */
  #cost(): NanoUsd | undefined {
    const { price, provider, relayed, request } = this.#facts;
    const copies = this.#copies;
    if (!price || copies === Infinity) return undefined;
    const outputTokens = this.outputTokens === undefined ? undefined : Math.ceil(this.outputTokens / copies);
    const each = costBound(
      price,
      { ...this.#use, outputTokens },
      termsOf(request, relayed, provider, this.#facts.target),
    );
    return each === undefined ? undefined : safe(each * copies);
  }
}

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function safe(nanoUsd: number): NanoUsd | undefined {
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : undefined;
}

/** Tiers by which a provider may choose another one. */
const OPEN_TIERS: ReadonlySet<unknown> = new Set([undefined, 'auto', 'unspecified', 'service_tier_unspecified']);

/** What a relayed request says itself of how it is served; a translated one may say less there. */
function termsOf(
  { dialect, body }: BoundRequest,
  relayed: boolean,
  provider: Provider,
  target: BoundTarget,
): CertainTerms {
  const region = provider.region?.(target.model);
  if (!relayed) return { region };
  const named = dialect === 'gemini' ? (body['serviceTier'] ?? body['service_tier']) : body['service_tier'];
  const tier = asString(named)?.toLowerCase();
  return {
    region,
    serviceTier: OPEN_TIERS.has(tier) ? undefined : tier,
    geo: asString(body['inference_geo']),
    speed: asString(body['speed']),
  };
}

/** What has no answer in words: vectors, ranks, verdicts, speech, pictures, transcripts. */
function boundOfOther(facts: Facts, moreInputTokens: number): DetailedBound {
  const { request, target, relayed, provider, price } = facts;
  const sum = inputBound(request, target);
  sum.add(moreInputTokens);
  const use: BoundedUse = {
    ...USES[request.operation]?.(request.body, target),
    inputTokens: sum.within(promptLimit(target)),
    mediaInput: !sum.onlyText,
    citationTokens: 0,
    webSearchRequests: 0,
    webFetchRequests: 0,
    durationMs: durationOf(facts.totalMs),
  };
  const { inputTokens, outputTokens } = use;
  const nanoUsd = price && costBound(price, use, termsOf(request, relayed, provider, target));
  const bound: DetailedBound = {
    inputTokens,
    outputTokens,
    tokens: sumOf(inputTokens, outputTokens),
    nanoUsd,
    maxOutputTokens: undefined,
    within: () => bound,
  };
  return bound;
}

type Uses = Readonly<Record<string, (body: JsonObject, target: BoundTarget) => BoundedUse>>;

/** What each operation is billed by, beside the input, as far as the request bounds it. */
const USES: Uses = {
  embeddings: () => ({ outputTokens: 0 }),
  moderation: () => ({ outputTokens: 0 }),
  rerank: (body) => ({ outputTokens: 0, searchUnits: searchUnitsOf(body) }),
  // Code units are no fewer than characters.
  speech: ({ input }, { capabilities }) => ({
    characters: typeof input === 'string' ? input.length : undefined,
    outputTokens: capabilities?.outputTokens,
  }),
  image: imagesOf,
  'image-edit': imagesOf,
  'image-variation': imagesOf,
};

function imagesOf(body: JsonObject, { capabilities }: BoundTarget): BoundedUse {
  const images = imageCount(body['n']);
  const each = capabilities?.outputTokens;
  return { images, outputTokens: each === undefined || images === undefined ? undefined : each * images };
}

/** Forms have numbers as texts. */
function imageCount(n: JsonObject['n']): number | undefined {
  if (n === undefined || n === null || n === '') return 1;
  return limitIn(typeof n === 'string' && /^\d{1,6}$/.test(n) ? Number(n) : n);
}
