import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { pricedCost } from './cost.ts';
import { LIST_PRICES } from './list-prices.ts';
import { PriceBook } from './price-book.ts';

const BOOK = new PriceBook({});

/** What a million tokens of input and a million of output cost, in nano-dollars; below where prompts count as long. */
function cost(family: string, model: string, more: object = {}): number | undefined {
  const counts = { inputTokens: 10_000, outputTokens: 10_000, ...more };
  const nano = pricedCost(counts, BOOK.find('p', family, model));
  return nano === undefined ? undefined : nano * 100;
}

const REGIONAL = { region: 'regional' };
const IRELAND = { region: 'eu-west-1' };

describe('promise 6: what is shipped for clouds', () => {
  const rows: { what: string; nano: number | undefined; expected: number | undefined }[] = [
    { what: 'Vertex, global', nano: cost('vertex', 'claude-opus-5'), expected: 30e9 },
    { what: 'Vertex, a region', nano: cost('vertex', 'claude-opus-5', REGIONAL), expected: 33e9 },
    {
      what: 'Vertex, a region, a snapshot',
      nano: cost('vertex', 'claude-sonnet-4-5@20250929', REGIONAL),
      expected: 19.8e9,
    },
    { what: 'Vertex, the same in all regions', nano: cost('vertex', 'gemini-2.5-pro', REGIONAL), expected: 11.25e9 },
    {
      what: 'Vertex, known for the global endpoint alone',
      nano: cost('vertex', 'gemini-3.1-pro-preview', REGIONAL),
      expected: undefined,
    },
    {
      what: 'Vertex, a tier in a region',
      nano: cost('vertex', 'gemini-4-argon', { ...REGIONAL, serviceTier: 'flex' }),
      expected: 6.6e9,
    },
    {
      what: 'Bedrock, a region of its own price',
      nano: cost('bedrock', 'minimax.minimax-m2.5', IRELAND),
      expected: 1.8e9,
    },
    {
      what: 'Bedrock, Virginia',
      nano: cost('bedrock', 'minimax.minimax-m2.5', { region: 'us-east-1' }),
      expected: 1.5e9,
    },
    {
      what: 'Bedrock, a region that is not known',
      nano: cost('bedrock', 'minimax.minimax-m2.5', { region: 'me-south-1' }),
      expected: undefined,
    },
    {
      what: 'Bedrock, a target whose region is not known',
      nano: cost('bedrock', 'minimax.minimax-m2.5', { region: 'unknown' }),
      expected: undefined,
    },
    {
      what: 'Bedrock, a tier in a region',
      nano: cost('bedrock', 'minimax.minimax-m2.5', { ...IRELAND, serviceTier: 'flex' }),
      expected: 0.9e9,
    },
    {
      what: 'Bedrock, a tier of its own rates',
      nano: cost('bedrock', 'mistral.ministral-3-8b-instruct', { region: 'us-east-1', serviceTier: 'priority' }),
      expected: 0.52e9,
    },
    { what: 'Bedrock, a geography', nano: cost('bedrock', 'us.anthropic.claude-opus-5'), expected: 33e9 },
    { what: 'Bedrock, the world', nano: cost('bedrock', 'global.anthropic.claude-opus-5'), expected: 30e9 },
    {
      what: 'Bedrock, Claude by its own id',
      nano: cost('bedrock', 'anthropic.claude-opus-5', IRELAND),
      expected: undefined,
    },
    {
      what: 'Gemini, pictures',
      nano: cost('gemini', 'gemini-3-pro-image', { imageOutputTokens: 10_000 }),
      expected: 122e9,
    },
  ];
  for (const { what, nano, expected } of rows) it(what, () => assert.equal(nano, expected));

  it('names regions for every id of Bedrock that is no profile, and for no profile', () => {
    const profile = /^(us|us-gov|eu|apac|au|jp|ca|in|sa|global)\./;
    for (const { family, model, variants = [] } of LIST_PRICES) {
      if (family !== 'bedrock') continue;
      const regions = variants.filter(({ when }) => when.geo !== undefined);
      assert.equal(regions.length === 0, profile.test(model), model);
    }
  });

  it('says for every model of Vertex AI what it costs in regions, or that it is not known', () => {
    for (const { family, model, variants = [] } of LIST_PRICES) {
      if (family !== 'vertex') continue;
      const places = variants.flatMap(({ when }) => when.geo ?? []);
      assert.equal(places.length, 1, model);
      assert.ok(['regional', 'global'].includes(places[0] ?? ''), model);
    }
  });
});
