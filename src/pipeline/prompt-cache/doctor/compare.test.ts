import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { JsonObject } from '../../../core/json.ts';
import { comparePrompts } from './compare.ts';
import { MOST_KEPT_BYTES, rememberPrompt } from './seen-prompt.ts';
import { segmentsOf } from './segments.ts';

const promptOf = (body: JsonObject) => rememberPrompt(segmentsOf('anthropic', body));
const message = (content: string) => ({ role: 'user', content });
const tool = (name: string) => ({ name, description: name.repeat(50), input_schema: { type: 'object' } });
const STABLE = 'You answer questions about parcels, politely and in whole sentences. '.repeat(20);

const shapeOf = (one: JsonObject, other: JsonObject) => {
  const later = promptOf(other);
  const { divergence, before, after } = comparePrompts(promptOf(one), later);
  return [divergence?.shape, divergence?.later.name, later.weight - before - after < 400];
};

/** Few letters, some of two and three bytes, so that texts often begin alike and part inside a character. */
const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'è', '日', '曰', ' '), maxLength: 40 });
const bodies = fc.record({
  tools: fc.array(texts.map(tool), { maxLength: 2 }),
  system: texts,
  messages: fc.array(texts.map(message), { maxLength: 3 }),
});

const textOf = ({ text }: { readonly text: string }): string => text;

/** The plain way: all texts, byte by byte. */
function firstDifference(a: readonly string[], b: readonly string[]): { segment: number; byte: number } | undefined {
  for (let segment = 0; segment < Math.min(a.length, b.length); segment += 1) {
    const [one, other] = [Buffer.from(a[segment] ?? ''), Buffer.from(b[segment] ?? '')];
    if (one.equals(other)) continue;
    let byte = 0;
    while (byte < one.length && byte < other.length && one[byte] === other[byte]) byte += 1;
    return { segment, byte };
  }
  return undefined;
}

describe('comparePrompts', () => {
  test('of any two prompts it names the first byte that differs, and no more is shared than there is', () => {
    fc.assert(
      fc.property(bodies, bodies, (one, other) => {
        const [a, b] = [segmentsOf('anthropic', one), segmentsOf('anthropic', other)];
        const plain = firstDifference(a.map(textOf), b.map(textOf));
        const later = rememberPrompt(b);
        const { divergence, before, after } = comparePrompts(rememberPrompt(a), later);
        assert.equal(divergence?.byteOffset, plain?.byte);
        assert.equal(divergence?.later.name, plain && b[plain.segment]?.name);
        assert.ok(divergence?.isExact ?? true);
        assert.ok(before + after <= later.weight);
      }),
      { numRuns: 500 },
    );
  });

  test('no more is shared than there is, whatever tools are gone, new, or in another order', () => {
    const some = fc.array(fc.constantFrom(...['find', 'list', 'send', 'finder'].map(tool)), { maxLength: 4 });
    fc.assert(
      fc.property(some, some, (one, other) => {
        const later = promptOf({ tools: other, system: STABLE });
        const { before, after } = comparePrompts(promptOf({ tools: one, system: STABLE }), later);
        assert.ok(before + after <= later.weight, `${before} + ${after} > ${later.weight}`);
      }),
      { numRuns: 300 },
    );
  });

  test('where a text has a few changed places, what is the same between them is shared', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 }),
        fc.nat(),
        (places, seed) => {
          const sentences = Array.from({ length: 21 }, (_, at) =>
            `Sentence ${at * 7919} is about thing ${at ** 3} and no other. `.repeat(4),
          );
          const withTimes = (second: number) =>
            promptOf({
              system: sentences
                .map((one, at) => (places.includes(at) ? `It is 10:00:${10 + second}. ${one}` : one))
                .join(''),
            });
          const [earlier, later] = [withTimes(seed % 40), withTimes((seed % 40) + 1)];
          const { before, after } = comparePrompts(earlier, later);
          assert.ok(later.weight - before - after < places.length * 40, `${later.weight - before - after}`);
        },
      ),
    );
  });

  test('finds the rest again behind tools in another order, behind one more, behind one message less', () => {
    const messages = [message(STABLE), message('What now?')];
    const [a, b, c] = ['find', 'list', 'send'].map(tool);
    assert.ok(a && b && c);
    const whole = { tools: [a, b, c], system: STABLE, messages };
    assert.deepEqual(shapeOf(whole, { ...whole, tools: [a, c, b] }), ['reordered', 'tools[1]', true]);
    assert.deepEqual(shapeOf({ ...whole, tools: [a, c] }, whole), ['inserted', 'tools[1]', true]);
    const long = { ...whole, messages: [message('Hello there'), ...messages] };
    assert.deepEqual(shapeOf(long, whole), ['removed', 'messages[0]', true]);
  });

  test('a conversation that goes on is no difference, whatever is marked', () => {
    const begun = { system: STABLE, messages: [message('Hello')] };
    const marked = { type: 'text', text: STABLE, cache_control: { type: 'ephemeral' } };
    const gone = {
      system: [marked],
      messages: [message('Hello'), { role: 'assistant', content: 'Hi' }, message('More')],
    };
    assert.equal(comparePrompts(promptOf(begun), promptOf(gone)).divergence, undefined);
  });

  test('promise 11: of a text that is longer than what is kept, it says how far it is the same', () => {
    const long = 'x'.repeat(MOST_KEPT_BYTES + 100);
    const [earlier, later] = [promptOf({ system: `${long}1` }), promptOf({ system: `${long}2` })];
    const { divergence } = comparePrompts(earlier, later);
    assert.deepEqual([divergence?.byteOffset, divergence?.isExact], [MOST_KEPT_BYTES, false]);
    assert.ok(later.size < MOST_KEPT_BYTES + 1000);
    const many = Array.from({ length: 5000 }, (_, at) => message(`m${at}`));
    assert.ok(promptOf({ messages: many }).segments.length <= 400);
    const [last] = [comparePrompts(promptOf({ messages: many }), promptOf({ messages: [...many, message('more')] }))];
    assert.ok(last.divergence?.later.part === 'messages');
  });
});
