import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { heapInUse } from '../../../test/support/heap.ts';
import { LIST_PRICES } from './list-prices.ts';
import { PriceBook } from './price-book.ts';

describe('PriceBook', () => {
  it('finds every row of the list, under any name that the operator gave the provider', () => {
    const book = new PriceBook({});
    for (const { family, model, from, input, output } of LIST_PRICES) {
      const price = book.find('renamed', family, model);
      assert.equal(price?.input, input);
      assert.equal(price.output, output);
      assert.ok(price.version.startsWith(`list:${family}/${model}@${from}#`));
    }
  });

  it('finds a dated snapshot under its name without the date, but where it has a row of its own', () => {
    const book = new PriceBook({});
    assert.equal(book.find('openai', 'openai', 'gpt-4o-2024-08-06')?.input, 2.5);
    assert.equal(book.find('openai', 'openai', 'gpt-4o-2024-05-13')?.input, 5);
    assert.equal(book.find('claude', 'anthropic', 'claude-sonnet-4-5-20250929')?.input, 3);
    for (const snapshot of ['@20250929', '@default']) {
      assert.equal(book.find('g', 'vertex', `claude-sonnet-4-5${snapshot}`)?.input, 3, snapshot);
    }
    assert.equal(book.find('g', 'vertex', 'claude-sonnet-4-5@latest'), undefined);
  });

  it('promise 6: knows no price where there is none, rather than a price of 0', () => {
    const book = new PriceBook({});
    for (const model of ['gpt-9', 'gpt-4o-mini-audio', 'gpt-4o-latest', '', 'constructor', '2024-05-13']) {
      assert.equal(book.find('openai', 'openai', model), undefined, model);
    }
    assert.equal(book.find('local', 'openai-compatible', 'gpt-4o'), undefined);
  });

  it("takes the operator's price before the list's, for one provider and not for another", () => {
    const book = new PriceBook({
      'openai/gpt-4o': { input: 1, output: 2 },
      'local/qwen/qwen3': { input: 0, output: 0 },
    });
    assert.equal(book.find('openai', 'openai', 'gpt-4o')?.input, 1);
    assert.equal(book.find('azure', 'openai', 'gpt-4o')?.input, 2.5);
    assert.equal(book.find('local', 'openai-compatible', 'qwen/qwen3')?.output, 0);
  });

  it("takes the operator's price for a dated snapshot too, unless that has a row of its own", () => {
    const book = new PriceBook({ 'openai/gpt-4o': { input: 1, output: 2 } });
    assert.equal(book.find('openai', 'openai', 'gpt-4o-2024-08-06')?.input, 1);
    assert.equal(book.find('openai', 'openai', 'gpt-4o-2024-05-13')?.input, 5);
  });

  it('promise 6: names a price by what it says, so that another price has another name', () => {
    assert.equal(versionOf(1), versionOf(1));
    assert.notEqual(versionOf(1), versionOf(2));
    assert.match(versionOf(1) ?? '', /^config:a\/m#[0-9a-f]{12}$/);
  });

  it('promise 6: takes the row that has begun by the time of the call, and of equals the stored one', () => {
    const row = { family: 'openai', model: 'gpt-4o', output: 1, source: 's', checked: '2030-01-01' };
    const stored = [
      { ...row, from: '2030-01-01', input: 7 },
      { ...row, from: '2031-01-01', input: 8 },
      { ...row, from: '2026-11-21', input: 9 },
    ];
    const book = new PriceBook({}, stored);
    const inputAt = (day: string): number | undefined => book.find('o', 'openai', 'gpt-4o', Date.parse(day))?.input;
    assert.deepEqual(
      ['2026-01-01', '2026-11-21', '2029-12-31', '2030-01-01', '2030-12-31', '2031-01-01'].map(inputAt),
      [undefined, 9, 9, 7, 7, 8],
    );
    const from2030 = book.find('o', 'openai', 'gpt-4o', Date.parse('2030-06-01'));
    assert.match(from2030?.version ?? '', /^stored:openai\/gpt-4o@2030-01-01#[0-9a-f]{12}$/);
  });

  it('gives the same row for the same target', () => {
    const book = new PriceBook({});
    assert.equal(book.find('openai', 'openai', 'gpt-4o'), book.find('openai', 'openai', 'gpt-4o'));
  });

  it('promise 11: does not grow with the names that clients make up', () => {
    const book = new PriceBook({});
    const before = heapInUse();
    for (let at = 0; at < 50_000; at += 1) {
      book.find('openai', 'openai', `${'x'.repeat(200)}${at}`);
      book.find('openai', 'openai', `gpt-4o-${String(10_000_000 + at)}`);
    }
    const grown = heapInUse() - before;
    assert.ok(grown < 4_000_000, `${grown} bytes more`);
    assert.equal(book.find('openai', 'openai', 'gpt-4o-99999999')?.input, 2.5, 'what is not kept is still found');
  });
});

function versionOf(input: number): string | undefined {
  return new PriceBook({ 'a/m': { input, output: 2 } }).find('a', 'openai', 'm')?.version;
}
