import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { boundedCatalog, callTo } from '../../../../test/support/bounded-catalog.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { candidate, planOf, ruleOf } from '../../../../test/support/routing-world.ts';
import type { Call, Dialect } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { capOutput } from './cap-output.ts';

const CATALOG = boundedCatalog();
const MESSAGES = { model: 'm', messages: [{ role: 'user', content: 'a' }] };
const CONTENTS = { contents: [{ role: 'user', parts: [{ text: 'a' }] }] };

function capped(dialect: Dialect, json: JsonObject, most: number, targets: readonly string[] = ['openai/m']): Call {
  const call = callTo(targets, dialect, json);
  capOutput(call, CATALOG, most);
  return call;
}

function sent(call: Call): JsonObject {
  return JSON.parse(call.body.bytesWith([]).toString()) as JsonObject;
}

function chat(limits: JsonObject, most: number, ...targets: string[]): JsonObject {
  return sent(capped('openai', { ...MESSAGES, ...limits }, most, targets));
}

function fieldFor(...targets: string[]): unknown {
  return Object.keys(chat({}, 5, ...targets)).at(-1);
}

function said(name: string, value: number | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

describe('a capped answer', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 5000 }), { nil: undefined });
  const cap = fc.integer({ min: 1, max: 5000 });

  const BODIES: Readonly<Record<Dialect, (asked: number | undefined) => JsonObject>> = {
    openai: (asked) => ({ ...MESSAGES, ...said('max_tokens', asked) }),
    responses: (asked) => ({ model: 'm', input: 'a', ...said('max_output_tokens', asked) }),
    anthropic: (asked) => ({ ...MESSAGES, max_tokens: asked ?? 9000 }),
    gemini: (asked) => ({
      ...CONTENTS,
      ...(asked && { generationConfig: { temperature: 1, maxOutputTokens: asked } }),
    }),
  };

  for (const dialect of Object.keys(BODIES) as Dialect[]) {
    it(`law: of ${dialect}: what is relayed and what is translated say the same, and no other byte changes`, () => {
      fc.assert(
        fc.property(limit, cap, (asked, most) => {
          const body = BODIES[dialect](asked);
          const call = capped(dialect, body, most);
          const least = Math.min(asked ?? (dialect === 'anthropic' ? 9000 : Infinity), most);
          assert.equal(call.inference.maxOutputTokens, least);
          assert.deepEqual(sent(call), call.body.exactJson);
          assert.deepEqual(call.body.resolved, call.body.exactJson);
          if (asked !== undefined && asked <= most) assert.equal(call.body.bytesWith([]), call.body.raw);
          // Capped again it is the shorter one.
          capOutput(call, CATALOG, 7);
          assert.equal(call.inference.maxOutputTokens, Math.min(least, 7));
          assert.ok(call.warnings.length <= 1);
        }),
      );
    });
  }

  it('stands in the field that the client used, and in both where it used both', () => {
    assert.deepEqual(chat({ max_tokens: 9 }, 5, 'openai/m'), { ...MESSAGES, max_tokens: 5 });
    assert.deepEqual(chat({ max_completion_tokens: 9 }, 5, 'deepseek/m'), { ...MESSAGES, max_completion_tokens: 5 });
    assert.deepEqual(chat({ max_tokens: 9, max_completion_tokens: 3 }, 5, 'openai/m'), {
      ...MESSAGES,
      max_tokens: 5,
      max_completion_tokens: 3,
    });
    assert.deepEqual(chat({ max_tokens: '9' }, 5, 'openai/m'), { ...MESSAGES, max_tokens: 5 });
  });

  it('stands in the field that the targets know where the client says nothing', () => {
    assert.equal(fieldFor('openai/m'), 'max_completion_tokens');
    assert.equal(fieldFor('deepseek/m'), 'max_tokens');
    assert.equal(fieldFor('local/m', 'deepseek/m'), 'max_tokens');
    assert.equal(fieldFor('local/m', 'openai/m'), 'max_completion_tokens');
    // What is translated has one name for it.
    assert.equal(fieldFor('anthropic/m', 'deepseek/m'), 'max_tokens');
    assert.equal(fieldFor('anthropic/m'), 'max_completion_tokens');
  });

  it('stands where a rule’s target looks for it, which may be the one that is asked', () => {
    const rules = [ruleOf({ when: { tools: true }, targets: [{ provider: 'openai', model: 'm' }] })];
    const call = callTo(['deepseek/m'], 'openai', MESSAGES);
    if (call.assignment)
      call.assignment = { ...call.assignment, route: planOf('order', [candidate('deepseek')], { rules }) };
    capOutput(call, CATALOG, 5);
    assert.deepEqual(sent(call), { ...MESSAGES, max_completion_tokens: 5 });
  });

  it('keeps the form of the names that a client of Google has', () => {
    const snake = { ...CONTENTS, generation_config: { max_output_tokens: 9 } };
    assert.deepEqual(sent(capped('gemini', snake, 5)), { ...CONTENTS, generation_config: { max_output_tokens: 5 } });
    const bare = { ...CONTENTS, generation_config: { temperature: 1 } };
    const added = { ...CONTENTS, generation_config: { temperature: 1, maxOutputTokens: 5 } };
    assert.deepEqual(sent(capped('gemini', bare, 5)), added);
    assert.deepEqual(sent(capped('gemini', CONTENTS, 5)), { ...CONTENTS, generationConfig: { maxOutputTokens: 5 } });
  });

  it('of a legacy completion is its limit, and what has no answer in words is left alone', () => {
    const call = callTo(['openai/m'], 'openai', { model: 'm', prompt: 'a' }, { operation: 'completion' });
    capOutput(call, CATALOG, 5);
    assert.deepEqual(sent(call), { model: 'm', prompt: 'a', max_tokens: 5 });
    const embedding = callTo(['openai/m'], 'openai', { model: 'm', input: 'a' }, { operation: 'embeddings' });
    capOutput(embedding, CATALOG, 5);
    assert.deepEqual(embedding.body.patches, []);
  });

  it('leaves Anthropic room for the answer behind the thinking, or no thinking', () => {
    const thinking = { type: 'enabled', budget_tokens: 6000 };
    const body = { ...MESSAGES, max_tokens: 9000, thinking };
    const of = (most: number): JsonObject => sent(capped('anthropic', body, most));
    assert.deepEqual(of(8000), { ...body, max_tokens: 8000 });
    assert.deepEqual(of(5000), { ...body, max_tokens: 5000, thinking: { ...thinking, budget_tokens: 2500 } });
    assert.deepEqual(of(1500), { ...MESSAGES, max_tokens: 1500 });
    // More than the limit from the beginning, as is allowed between calls of tools.
    const beyond = { ...body, max_tokens: 4000 };
    assert.deepEqual(sent(capped('anthropic', beyond, 9000)), {
      ...beyond,
      thinking: { ...thinking, budget_tokens: 2000 },
    });
    assert.equal(capped('anthropic', body, 5000).inference.reasoning?.budgetTokens, 2500);
  });

  it('is told to the client where it is less than was asked for', () => {
    assert.deepEqual(capped('openai', { ...MESSAGES, max_tokens: 9 }, 5).warnings, [
      'max_tokens: is lowered from 9 to 5 by a budget',
    ]);
    assert.deepEqual(capped('openai', MESSAGES, 5).warnings, []);
    const thought = { ...MESSAGES, max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 6000 } };
    const call = capped('anthropic', thought, 5000);
    capOutput(call, CATALOG, 1500);
    assert.deepEqual(call.warnings, [
      'max_tokens: is lowered from 9000 to 1500 by a budget',
      'thinking.budget_tokens: is left out: a budget leaves 1500 tokens, which are too few to think',
    ]);
  });
});
