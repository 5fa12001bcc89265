import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { VERSIONS_FILE, shippedVersions } from '../../../scripts/price-versions.ts';
import { LIST_PRICES, listedModels } from './list-prices.ts';
import { PriceBook } from './price-book.ts';

const DAY = /^20\d\d-\d\d-\d\d$/;

describe('the shipped prices', () => {
  it('promise 6: are never edited: each row that was shipped is there with its numbers', () => {
    const released = JSON.parse(
      readFileSync(new URL(`../../../${VERSIONS_FILE}`, import.meta.url), 'utf8'),
    ) as string[];
    const shipped = new Set(shippedVersions());
    assert.ok(released.length > 100);
    assert.deepEqual(
      released.filter((version) => !shipped.has(version)),
      [],
      'a new price is a new row with a later `from`; the row before stays',
    );
  });

  it('say where and when each was read', () => {
    for (const { family, model, source, checked, from } of LIST_PRICES) {
      const name = `${family}/${model}`;
      assert.match(checked, DAY, name);
      assert.match(from, DAY, name);
      assert.ok(from <= checked, name);
      if (family !== 'simulator') assert.match(source, /^https:\/\//, name);
    }
  });

  it('have one row for a model and day, and none that is free by mistake', () => {
    const seen = new Set<string>();
    for (const { family, model, from, input, output, fees } of LIST_PRICES) {
      const name = `${family}/${model}@${from}`;
      assert.ok(!seen.has(name), name);
      seen.add(name);
      const isByFee = Object.values(fees ?? {}).some((fee) => fee > 0);
      assert.ok((input > 0 || isByFee) && output >= 0, name);
    }
  });

  it('never give a model the price of another whose name begins alike', () => {
    const book = new PriceBook({});
    const input = (model: string): number | undefined => book.find('openai', 'openai', model)?.input;
    assert.notEqual(input('gpt-5.2-pro'), input('gpt-5.2'));
    assert.equal(input('gpt-5.2-unheard-of'), undefined);
    assert.equal(input('gpt-5.2-2025-12-11'), input('gpt-5.2'));
  });

  it('cost no less for a longer prompt, and reading the cache no more than reading anew', () => {
    for (const { family, model, input, output, cacheRead, variants = [] } of LIST_PRICES) {
      const name = `${family}/${model}`;
      assert.ok((cacheRead ?? 0) <= input, name);
      for (const { when, ...rates } of variants) {
        const isLength = Object.keys(when).join() === 'inputAbove';
        if (isLength) assert.ok((rates.input ?? input) >= input && (rates.output ?? output) >= output, name);
      }
    }
  });

  it('name the models of a family for GET /v1/models', () => {
    assert.ok(listedModels('openai').includes('gpt-5-mini'));
    assert.ok(listedModels('deepseek').includes('deepseek-v4-pro'));
    assert.deepEqual(listedModels('nobody'), []);
  });
});
