import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';
import { priceOf } from '../models/pricing/settings.ts';

function pricesIn(text: string) {
  const { config } = parseConfig(text, { path: 'causeway.yaml', env: {} });
  return new Map([...config.prices].map(([target, price]) => [target, priceOf(price)]));
}

function problemsOf(text: string): readonly string[] {
  try {
    parseConfig(text, { path: 'causeway.yaml', env: {} });
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

describe('prices of causeway.yaml', () => {
  test('a plain price', () => {
    assert.deepEqual(
      pricesIn('prices:\n  local/qwen3-8b: { input: 0.05, output: 0.15, cacheRead: 0.01 }\n'),
      new Map([['local/qwen3-8b', { input: 0.05, output: 0.15, cacheRead: 0.01 }]]),
    );
  });

  test('everything that a price can say', () => {
    const text = `
prices:
  a/b:
    input: 1
    output: 2
    reasoning: 3
    audioInput: 4
    fees: { webSearch: 10 }
    variants:
      - { when: { inputAbove: 200000 }, input: 2, output: 3 }
      - { when: { batch: true }, factor: 0.5, fees: { request: 1 } }
      - when: { hours: { spans: [[0.5, 8.5]], utcOffset: 8, weekdays: [1, 2], except: ["2026-10-01"] } }
        factor: 0.5
  own/m: { gpu: { hour: 2.1, gpus: 4, concurrency: 16 } }
`;
    assert.deepEqual(Object.fromEntries(pricesIn(text)), {
      'a/b': {
        input: 1,
        output: 2,
        reasoning: 3,
        audioInput: 4,
        fees: { webSearch: 10 },
        variants: [
          { when: { inputAbove: 200_000 }, input: 2, output: 3 },
          { when: { batch: true }, factor: 0.5, fees: { request: 1 } },
          {
            when: { hours: { spans: [[0.5, 8.5]], utcOffset: 8, weekdays: [1, 2], except: ['2026-10-01'] } },
            factor: 0.5,
          },
        ],
      },
      'own/m': { input: 0, output: 0, gpu: { hour: 2.1, gpus: 4, concurrency: 16 } },
    });
  });

  const WRONG: readonly (readonly [price: string, says: RegExp])[] = [
    ['{ input: 1 }', /^2 prices\.a\/b\.output: missing; write dollars per million tokens/],
    ['{ input: -1, output: 1 }', /a\/b\.input: -1 is not a number of at least 0/],
    ['{ input: 1, output: 1, cacheread: 1 }', /a\/b\.cacheread: unknown key; did you mean "cacheRead"/],
    ['{ gpu: { hour: 1, concurrency: 0 } }', /gpu\.concurrency: 0 calls at a time/],
    ['{ input: 1, output: 1, variants: [{ when: {}, input: 2 }] }', /variants\[0\]\.when: says nothing/],
    ['{ input: 1, output: 1, variants: [{ when: { batch: false } }] }', /variants\[0\]\.when\.batch: write true/],
    [
      '{ input: 1, output: 1, variants: [{ when: { hours: { spans: [[8, 2]] } } }] }',
      /when\.hours\.spans\[0\]: not a span; write \[from, to\]/,
    ],
    [
      '{ input: 1, output: 1, variants: [{ when: { hours: { spans: [[1, 2]], except: ["2026-02-30"] } } }] }',
      /when\.hours\.except\[0\]: not a day/,
    ],
  ];
  for (const [price, says] of WRONG) {
    test(`${price} says what is wrong`, () => {
      assert.match(problemsOf(`prices:\n  a/b: ${price}\n`)[0] ?? '', says);
    });
  }
});
