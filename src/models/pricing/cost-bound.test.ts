import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { type Usage, usageOf } from '../../core/usage.ts';
import { type BoundedUse, type CertainTerms, costBound } from './cost-bound.ts';
import { costOf } from './cost.ts';
import { LIST_PRICES } from './list-prices.ts';
import type { Price, Variant } from './price.ts';
import { ratesOf } from './price-row.ts';
import type { Circumstances } from './terms.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');

/** What is always in an answer's usage of chat. */
const NO_FEES = { webSearchRequests: 0, webFetchRequests: 0, citationTokens: 0 } as const;

const dollars = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 100_000 }).map((mills) => mills / 1000),
  fc.integer({ min: 1, max: 999_999_999 }).map((nanos) => nanos / 1e9),
);
const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

const kinds = {
  cacheRead: perhaps(dollars),
  cacheWrite: perhaps(dollars),
  cacheWrite1h: perhaps(dollars),
  reasoning: perhaps(dollars),
  audioInput: perhaps(dollars),
  audioCacheRead: perhaps(dollars),
  audioOutput: perhaps(dollars),
  imageInput: perhaps(dollars),
  imageOutput: perhaps(dollars),
  citation: perhaps(dollars),
};

const fees = fc
  .record({
    request: perhaps(dollars),
    webSearch: perhaps(dollars),
    webFetch: perhaps(dollars),
    searchUnit: perhaps(dollars),
    audioMinute: perhaps(dollars),
    character: perhaps(dollars),
    image: perhaps(dollars),
  })
  .map(defined);

const TIERS = ['flex', 'priority', 'scale'];
const PLACES = ['us', 'eu'];

const when = fc
  .record({
    inputAbove: perhaps(fc.integer({ min: 0, max: 2000 })),
    serviceTier: perhaps(fc.constantFrom(...TIERS)),
    batch: perhaps(fc.constant(true as const)),
    geo: perhaps(fc.constantFrom(...PLACES)),
    speed: perhaps(fc.constant('fast')),
    thinking: perhaps(fc.constant(true as const)),
    searchContext: perhaps(fc.constantFrom('low', 'high')),
    hours: perhaps(fc.constant({ spans: [[8, 20]] as const })),
  })
  .map(defined);

const variant = fc
  .record({
    when,
    input: perhaps(dollars),
    output: perhaps(dollars),
    ...kinds,
    factor: perhaps(fc.constantFrom(0.5, 1.1, 1.25, 1.75, 2)),
    fees: perhaps(fees),
  })
  .map((one) => defined(one) as unknown as Variant);

const anyPrice = fc
  .record({
    input: dollars,
    output: dollars,
    ...kinds,
    fees: perhaps(fees),
    variants: fc.array(variant, { maxLength: 5 }),
    gpu: perhaps(fc.record({ hour: dollars, gpus: fc.integer({ min: 1, max: 8 }) })),
  })
  .map((one) => ({ version: 'v', ...defined(one) }) as unknown as Price);

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}

/** Tokens by how they were cached, of text, audio and images each: every token is of one such kind. */
const tokens = fc.integer({ min: 0, max: 1000 });
const cached = fc.record({ plain: tokens, read: tokens, write: tokens, write1h: tokens });
const use = fc.record({
  text: cached,
  audio: cached,
  image: cached,
  said: tokens,
  reasoning: tokens,
  spoken: tokens,
  painted: tokens,
  citationTokens: tokens,
  webSearchRequests: fc.integer({ min: 0, max: 5 }),
  webFetchRequests: fc.integer({ min: 0, max: 5 }),
  searchUnits: fc.integer({ min: 0, max: 5 }),
  audioSeconds: fc.integer({ min: 0, max: 100_000 }).map((ms) => ms / 1000),
  characters: tokens,
  images: fc.integer({ min: 0, max: 10 }),
});

type Use = typeof use extends fc.Arbitrary<infer T> ? T : never;

/** As a provider reports it: what is audio and what is an image, and apart from that what was cached. */
function reported({ text, audio, image, said, reasoning, spoken, painted, ...counts }: Use): Usage {
  const all = [text, audio, image];
  const sum = (kind: keyof typeof text): number => all.reduce((total, of) => total + of[kind], 0);
  const whole = (of: typeof text): number => of.plain + of.read + of.write + of.write1h;
  return {
    ...counts,
    inputTokens: whole(text) + whole(audio) + whole(image),
    outputTokens: said + reasoning + spoken + painted,
    cacheReadInputTokens: sum('read'),
    cacheCreationInputTokens: sum('write') + sum('write1h'),
    cacheCreation1hInputTokens: sum('write1h'),
    cacheReadAudioInputTokens: audio.read,
    audioInputTokens: whole(audio),
    imageInputTokens: whole(image),
    reasoningOutputTokens: reasoning,
    audioOutputTokens: spoken,
    imageOutputTokens: painted,
  };
}

const served = fc
  .record({
    serviceTier: perhaps(fc.constantFrom('default', ...TIERS)),
    inferenceGeo: perhaps(fc.constantFrom('global', ...PLACES)),
    speed: perhaps(fc.constant('standard')),
    searchContext: perhaps(fc.constantFrom('low', 'high')),
  })
  .map(usageOf);

const circumstances = fc.record({
  durationMs: fc.integer({ min: 0, max: 60_000 }),
  sentAt: fc.integer({ min: 0, max: 24 * 3600 }).map((second) => NOON + second * 1000),
});

/** More than the usage, by what nobody knows beforehand. */
function around(usage: Usage, { durationMs }: Circumstances, more: number): BoundedUse {
  const counts = usage as Required<Usage>;
  return {
    inputTokens: counts.inputTokens + more,
    outputTokens: counts.outputTokens + more,
    citationTokens: counts.citationTokens,
    webSearchRequests: counts.webSearchRequests,
    webFetchRequests: counts.webFetchRequests,
    searchUnits: counts.searchUnits,
    audioSeconds: counts.audioSeconds,
    characters: counts.characters,
    images: counts.images,
    durationMs,
  };
}

function assertBounded(price: Price, usage: Usage, most: number | undefined, asked: Circumstances): void {
  const cost = costOf(usage, price, asked);
  if (cost === undefined) return;
  assert.ok(most !== undefined && cost.nanoUsd <= most, `${cost.nanoUsd} > ${most}`);
}

describe('promise 4: the bound of a cost', () => {
  it('law: is no less than the cost of any usage within it, however it was served, by any price', () => {
    const more = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(anyPrice, use, served, circumstances, more, (price, used, how, asked, extra) => {
        const usage = { ...reported(used), ...how };
        assertBounded(price, usage, costBound(price, around(usage, asked, extra)), asked);
      }),
      { numRuns: 5000 },
    );
  });

  it('law: is so where the request says how it is served, of all that it may be then', () => {
    const certain = fc.record({
      serviceTier: perhaps(fc.constantFrom('default', ...TIERS)),
      geo: perhaps(fc.constantFrom('global', ...PLACES)),
      region: perhaps(fc.constantFrom('global', 'us', 'mars')),
      speed: perhaps(fc.constantFrom('standard', 'fast')),
    });
    fc.assert(
      fc.property(anyPrice, use, served, circumstances, certain, (price, used, how, asked, terms: CertainTerms) => {
        const { serviceTier = how.serviceTier, geo, region, speed } = terms;
        // Served as asked or in the ordinary way.
        const tier = how.serviceTier === 'default' ? 'default' : serviceTier;
        const place = how.inferenceGeo === 'global' ? 'global' : (geo ?? how.inferenceGeo);
        const answer = usageOf({ ...reported(used), serviceTier: tier, inferenceGeo: place, speed, region });
        assertBounded(price, answer, costBound(price, around(answer, asked, 0), terms), asked);
      }),
      { numRuns: 5000 },
    );
  });

  it('law: is so of a text without pictures or sound', () => {
    const none = { plain: 0, read: 0, write: 0, write1h: 0 };
    fc.assert(
      fc.property(anyPrice, use, served, circumstances, (price, used, how, asked) => {
        const usage = { ...reported({ ...used, audio: none, image: none, spoken: 0 }), ...how };
        const bounded = { ...around(usage, asked, 0), mediaInput: false, audioOutput: false };
        assertBounded(price, usage, costBound(price, bounded), asked);
      }),
      { numRuns: 2000 },
    );
  });

  it('law: is so of texts at the lengths where a price changes, where little is between cost and bound', () => {
    const length = fc.constantFrom(0, 500, 501, 1000, 1001);
    const condition = fc.constantFrom<Variant['when']>(
      { thinking: true },
      { inputAbove: 500 },
      { inputAbove: 1000, thinking: true },
      { serviceTier: 'priority' },
      { serviceTier: 'flex', inputAbove: 500 },
      { geo: 'us' },
    );
    const step = fc.record({ when: condition, factor: fc.constantFrom(1.5, 2, 3) });
    fc.assert(
      fc.property(length, fc.array(step, { maxLength: 4 }), served, circumstances, (...given) => {
        const [inputTokens, variants, how, asked] = given;
        const price: Price = { version: 'v', input: 1, output: 0, variants };
        const usage: Usage = { ...how, inputTokens, outputTokens: 0, reasoningOutputTokens: 1 };
        const bounded = { ...NO_FEES, inputTokens, outputTokens: 0, mediaInput: false, audioOutput: false };
        assertBounded(price, usage, costBound(price, bounded), asked);
      }),
      { numRuns: 5000 },
    );
  });

  it('law: is so of several passes of the model, each with its own length', () => {
    fc.assert(
      fc.property(anyPrice, fc.array(use, { minLength: 1, maxLength: 3 }), served, circumstances, (...given) => {
        const [price, passes, how, asked] = given;
        const parts = passes.map((pass) => reported({ ...pass, citationTokens: 0 }));
        const total = (field: keyof Usage): number =>
          parts.reduce((sum, part) => sum + ((part[field] as number) ?? 0), 0);
        const counts = Object.fromEntries(
          Object.keys(parts[0] ?? {}).map((name) => [name, total(name as keyof Usage)]),
        );
        const usage: Usage = { ...counts, ...how, parts };
        assertBounded(price, usage, costBound(price, around(usage, asked, 0)), asked);
      }),
      { numRuns: 2000 },
    );
  });

  it('law: holds for every shipped price', () => {
    const row = fc.constantFrom(...LIST_PRICES).map((one): Price => ({ version: 'v', ...ratesOf(one) }));
    const scale = fc.constantFrom(1, 100, 400);
    fc.assert(
      fc.property(row, use, circumstances, scale, (price, used, asked, times) => {
        const counts = Object.entries(reported(used)).map(([name, count]) => [name, (count as number) * times]);
        const named = (price.variants ?? []).map((one) => one.when);
        for (const { serviceTier, geo, speed } of [{}, ...named] as Variant['when'][]) {
          const usage: Usage = usageOf({ ...Object.fromEntries(counts), serviceTier, inferenceGeo: geo });
          const most = costBound(price, around(usage, asked, 0), { speed });
          assertBounded(price, usageOf({ ...usage, speed }), most, asked);
        }
      }),
      { numRuns: 3000 },
    );
  });

  const SONNET: Price = { version: 'v', input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheWrite1h: 6 };
  const chat = { ...NO_FEES, mediaInput: false, audioOutput: false, inputTokens: 1000, outputTokens: 100 };

  it('counts the dearest way in which a token may be billed', () => {
    assert.equal(costBound(SONNET, chat), 7_500_000);
    assert.equal(costBound({ version: 'v', input: 1, output: 2 }, chat), 1_200_000);
    assert.equal(costBound({ version: 'v', input: 1, output: 2, reasoning: 30 }, chat), 4_000_000);
  });

  it('is rounded up', () => {
    const cheap: Price = { version: 'v', input: 0.0001, output: 0 };
    assert.equal(costBound(cheap, { ...NO_FEES, inputTokens: 1, outputTokens: 0 }), 1);
  });

  it('leaves out what the request cannot have', () => {
    const price: Price = {
      version: 'v',
      input: 1,
      output: 1,
      variants: [
        { when: { batch: true }, input: 90 },
        { when: { inputAbove: 1000 }, input: 80 },
        { when: { speed: 'fast' }, input: 70 },
        { when: { serviceTier: 'priority' }, input: 60 },
        { when: { geo: 'us' }, factor: 2 },
        { when: { geo: 'eu' }, factor: 3 },
      ],
    };
    const one = { ...chat, outputTokens: 0 };
    assert.equal(costBound(price, one), 180_000_000);
    assert.equal(costBound(price, one, { serviceTier: 'default' }), 3_000_000);
    assert.equal(costBound(price, one, { serviceTier: 'default', geo: 'us' }), 2_000_000);
    assert.equal(costBound(price, one, { serviceTier: 'default', region: 'global' }), 1_000_000);
    assert.equal(costBound(price, one, { serviceTier: 'default', geo: 'global', speed: 'fast' }), 70_000_000);
    const longer = { ...one, inputTokens: 1001 };
    assert.equal(costBound(price, longer, { serviceTier: 'default', geo: 'global' }), 80_080_000);
  });

  it('does not exist where something is billed that nothing bounds, nor at a place without a price', () => {
    const { inputTokens, ...endless } = chat;
    assert.equal(inputTokens, 1000);
    assert.equal(costBound(SONNET, endless), undefined);
    assert.equal(
      costBound({ ...SONNET, fees: { webSearch: 10 } }, { ...chat, webSearchRequests: undefined }),
      undefined,
    );
    assert.equal(costBound({ ...SONNET, gpu: { hour: 2 } }, chat), undefined);
    assert.equal(costBound({ version: 'v', input: 0, output: 0, fees: { audioMinute: 6 } }, chat), undefined);
    const regional: Price = { ...SONNET, variants: [{ when: { geo: 'eu-west-1' }, factor: 1.1 }] };
    assert.equal(costBound(regional, chat, { region: 'us-east-1' }), undefined);
    assert.equal(costBound(regional, { ...chat, inputTokens: 1e300 }), undefined);
  });

  it('of what is free is nothing, however much it is', () => {
    assert.equal(costBound({ version: 'v', input: 0, output: 0 }, {}), 0);
  });
});
