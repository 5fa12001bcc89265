import type { Call } from '../../../src/core/call.ts';
import type { CachePolicy } from '../../../src/core/caching.ts';
import type { Tier } from '../../../src/core/routing.ts';
import { pricedCost } from '../../../src/models/pricing/cost.ts';
import type { Price } from '../../../src/models/pricing/price.ts';
import { estimateTokens } from '../../../src/models/tokens/estimate.ts';
import { keyOf } from '../../../src/pipeline/cache/key/key.ts';
import { type ComplexityQuestion, questionOf } from '../../../src/pipeline/routing/complexity/question.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import type { DayRequest } from './day.ts';

/** A request as the product sees it. */
export interface Seen {
  readonly request: DayRequest;
  readonly question: ComplexityQuestion;
  /** Of its answer in the exact cache; undefined where it is not cached. */
  readonly key: string | undefined;
  readonly inputText: string;
}

interface Model {
  readonly model: string;
  readonly price: Price;
}

export interface Models {
  readonly small: Model;
  readonly large: Model;
}

/** What of the product is on. */
export interface Setup {
  readonly name: string;
  /** Of each request, where there is routing; everything goes to the large model else. */
  readonly tiers?: readonly Tier[];
  /** Tiers that go to the small model; `simple` alone where absent. */
  readonly small?: readonly Tier[];
  readonly hasCache: boolean;
}

export interface DayOutcome {
  readonly usd: number;
  readonly hits: number;
  readonly toSmall: number;
  readonly complex: number;
  /** Labelled complex, and answered by the small model. */
  readonly complexToSmall: number;
  readonly simple: number;
  readonly simpleToLarge: number;
}

const CACHE: CachePolicy = {
  scope: 'project',
  exact: { ttl: 86_400_000, maxAnswer: 1_000_000, maxTemperature: undefined, tools: false },
  coalesce: false,
  semantic: undefined,
  tokensPerSecond: undefined,
};

const SYSTEM = [
  'You are the assistant of a bank with a mobile app. Answer questions about cards, transfers, top-ups, exchange rates and accounts.',
  'Be brief and friendly. Name the menu of the app where the customer finds it. Never ask for a PIN or a password.',
  'If you are not sure, or money may be lost, say so and offer a person.',
].join('\n');

/** Tokens of answers, which nobody recorded; the same for both models. */
export const OUTPUT_TOKENS = { simple: 120, complex: 450 } as const;

const NANOS = 1e9;
const PRINCIPAL = { keyId: 'key', project: 'support', organisation: undefined, user: undefined, models: undefined };

export function seenOf(request: DayRequest): Seen {
  const messages = [{ role: 'system', content: SYSTEM }, ...request.turns];
  const call: Call = makeCall({ json: { model: 'support', messages }, principal: PRINCIPAL });
  const key = keyOf(call, CACHE);
  return {
    request,
    question: questionOf(call),
    key: 'id' in key ? key.id : undefined,
    inputText: messages.map(({ content }) => content).join('\n'),
  };
}

const SMALL: readonly Tier[] = ['simple'];

export function runDay(day: readonly Seen[], models: Models, { tiers, small = SMALL, hasCache }: Setup): DayOutcome {
  const stored = new Set<string>();
  const sums = { usd: 0, hits: 0, toSmall: 0, complex: 0, complexToSmall: 0, simple: 0, simpleToLarge: 0 };
  for (const [at, { request, key, inputText }] of day.entries()) {
    const isSmall = tiers !== undefined && small.includes(tiers[at] ?? 'reasoning');
    // What a hit answers was answered by the model that the same request went to before.
    if (request.label === 'complex') sums.complexToSmall += Number(isSmall);
    else sums.simpleToLarge += Number(!isSmall);
    sums[request.label] += 1;
    sums.toSmall += Number(isSmall);
    if (hasCache && key !== undefined && stored.has(key)) {
      sums.hits += 1;
      continue;
    }
    if (key !== undefined) stored.add(key);
    sums.usd += usdOf(isSmall ? models.small : models.large, inputText, OUTPUT_TOKENS[request.label]);
  }
  return sums;
}

function usdOf({ model, price }: Model, inputText: string, outputTokens: number): number {
  return (pricedCost({ inputTokens: estimateTokens(inputText, model), outputTokens }, price) ?? 0) / NANOS;
}
