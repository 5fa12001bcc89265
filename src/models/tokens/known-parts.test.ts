import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { BoundSum } from './bound-sum.ts';
import { KnownParts } from './known-parts.ts';
import { inputBound } from './upper-bound.ts';

const LONG = 'a letter of some length. '.repeat(400);
const TARGETS = ['openai', 'anthropic', 'vllm'].flatMap((family) =>
  ['gpt-4o', 'claude-sonnet-4-5'].map((model) => ({ family, model, capabilities: undefined })),
);

const text = fc.constantFrom('Hello', LONG, `${LONG}ﬁ and 中文`, '');
const content = fc.oneof(
  text,
  fc.array(
    fc.oneof(
      text.map((one): Json => ({ type: 'text', text: one })),
      fc.constant<Json>({ type: 'image_url', image_url: { url: 'https://a' } }),
      fc.constant<Json>({ type: 'file', file: { file_id: 'x' } }),
    ),
    { maxLength: 3 },
  ),
);
const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content });
const tool = fc.oneof(
  text.map((description): Json => ({ type: 'function', name: 'f', function: { name: 'f', description } })),
  fc.constant<Json>({ type: 'web_search' }),
);
const parts = fc.record({ list: fc.array(message, { maxLength: 4 }), tools: fc.array(tool, { maxLength: 3 }) });

const BODIES = {
  openai: ({ list, tools }: { list: Json[]; tools: Json[] }): JsonObject => ({ messages: list, tools }),
  anthropic: ({ list, tools }: { list: Json[]; tools: Json[] }): JsonObject => ({
    messages: list,
    tools,
    system: LONG,
  }),
  responses: ({ list, tools }: { list: Json[]; tools: Json[] }): JsonObject => ({
    input: list,
    tools,
    instructions: LONG,
  }),
  gemini: ({ list, tools }: { list: Json[]; tools: Json[] }): JsonObject => ({
    contents: list.map((one) => ({ role: 'user', parts: [{ text: JSON.stringify(one) }] })),
    tools,
  }),
} as const;

const saidOf = (sum: BoundSum) => [sum.within(undefined), sum.within(5000), sum.onlyText, sum.isEndless, sum.prompts];

test('what is known of parts is what they come to, at whatever target and however often', () => {
  const asking = fc.array(fc.constantFrom(...TARGETS), { minLength: 1, maxLength: 8 });
  const dialects = fc.constantFrom('openai' as const, 'anthropic' as const, 'responses' as const, 'gemini' as const);
  fc.assert(
    fc.property(parts, dialects, asking, (made, dialect, targets) => {
      const body = BODIES[dialect](made);
      const known = new KnownParts();
      for (const [at, target] of targets.entries()) {
        // A cap is another body with the same parts.
        const asked = { dialect, operation: 'chat' as const, body: { ...body, temperature: at } };
        assert.deepEqual(saidOf(inputBound({ ...asked, parts: known }, target)), saidOf(inputBound(asked, target)));
      }
    }),
  );
});

test('a long part is read once for each family and model', () => {
  const known = new KnownParts();
  const read: string[] = [];
  const ask = (part: Json, at: number): BoundSum => {
    const sum = new BoundSum(false);
    const target = TARGETS[at] ?? assert.fail();
    known.add(sum, part, target, (own, one, { family, model }) => {
      read.push(`${family} ${model}`);
      own.add(own.text(typeof one === 'string' ? one : ''));
    });
    return sum;
  };
  for (const at of [0, 1, 0, 1, 2, 0]) assert.equal(ask(LONG, at).within(undefined), LONG.length);
  assert.deepEqual(read, ['openai gpt-4o', 'openai claude-sonnet-4-5', 'anthropic gpt-4o']);
  for (let time = 0; time < 2; time += 1) ask('short', 0);
  assert.equal(read.length, 5, 'a short one is read again sooner than found');
});

test('a sum that is put together of sums is that of all that is in them', () => {
  const step = fc.constantFrom<(sum: BoundSum) => void>(
    (sum) => sum.add(7),
    (sum) => sum.media(11),
    (sum) => sum.context(),
    (sum) => sum.unbounded(),
  );
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 2 }), { maxLength: 4 }), (groups) => {
      const [whole, merged] = [new BoundSum(false), new BoundSum(false)];
      for (const steps of groups) {
        const own = merged.empty();
        for (const take of steps) for (const sum of [whole, own]) take(sum);
        merged.merge(own);
      }
      assert.deepEqual(saidOf(merged), saidOf(whole));
    }),
  );
});
