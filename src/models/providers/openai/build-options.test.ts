import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type On, bodyOf, build, notesOf } from '../../../../test/support/openai-build.ts';
import type { InferenceRequest } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { ServerQuirks } from './quirks.ts';

describe('options for OpenAI', () => {
  it('leave out what the model or the server does not take, and say so', () => {
    const parts = { stop: ['END'], temperature: 0.5, seed: 1, user: 'u', verbosity: 'low' };
    assert.deepEqual(notesOf(parts), []);
    assert.deepEqual(
      notesOf(parts, { model: 'gpt-5-mini', capabilities: { sampling: false } }).map((note) => note.split(' ')[0]),
      ['temperature', 'stop'],
    );
    const quirks = { untaken: ['seed', 'verbosity'], userField: undefined } as const;
    assert.deepEqual(
      notesOf(parts, { quirks }).map((note) => note.split(' ')[0]),
      ['seed', 'user', 'verbosity'],
    );
    assert.throws(() => build({ logprobs: {} }, { quirks: { untaken: ['logprobs'] } }), {
      code: 'capability_unsupported',
    });
  });

  it('say what is meant anyway without a warning', () => {
    const usual = { temperature: 1, topP: 1, presencePenalty: 0, frequencyPenalty: 0, serviceTier: 'auto' };
    assert.deepEqual(notesOf(usual, { capabilities: { sampling: false }, quirks: { standardTier: undefined } }), []);
  });

  it('have the names that the server gives them', () => {
    const parts = { seed: 1, user: 'u', maxOutputTokens: 5, topK: 4, serviceTier: 'standard_only' };
    const quirks = {
      seedField: 'random_seed',
      userField: 'user_id',
      maxTokensField: 'max_tokens',
      topK: true,
      standardTier: 'on_demand',
    } as const;
    const { model: _model, messages: _messages, user_id: id, ...rest } = bodyOf(parts, { quirks });
    assert.deepEqual(rest, { random_seed: 1, max_tokens: 5, top_k: 4, service_tier: 'on_demand' });
    assert.match(id as string, /^[0-9a-f]{64}$/, 'too short for a user_id');
    assert.equal(bodyOf({ user: 'u'.repeat(64) })['safety_identifier'], 'u'.repeat(64));
    assert.match(bodyOf({ user: 'u'.repeat(65) })['safety_identifier'] as string, /^[0-9a-f]{64}$/);
  });

  it('ask for several answers at once, or by as many requests', () => {
    assert.deepEqual([bodyOf({ choices: 3 })['n'], build({ choices: 3 }).copies], [3, 1]);
    const apart = build({ choices: 3 }, { quirks: { choices: false } });
    assert.deepEqual([apart.body['n'], apart.copies], [undefined, 3]);
  });

  it('ask for JSON in the way that the server has', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const parts = { responseFormat: { type: 'json-schema', schema } } as const;
    assert.deepEqual(bodyOf(parts)['response_format'], {
      type: 'json_schema',
      json_schema: { name: 'answer', schema, strict: true },
    });
    const byMode = build(parts, { quirks: { jsonSchema: 'json-object' } });
    assert.deepEqual(byMode.body['response_format'], { type: 'json_object' });
    assert.match(JSON.stringify((byMode.body['messages'] as JsonObject[])[0]), /JSON Schema/);
    assert.equal(byMode.notes.length, 1);
    const byValue = build(parts, { quirks: { jsonSchema: 'json-object-value' } });
    assert.deepEqual(byValue.body['response_format'], { type: 'json_object', value: schema });
    const byWords = build({ responseFormat: { type: 'json' } }, { quirks: { jsonObject: false } });
    assert.equal(byWords.body['response_format'], undefined);
    assert.equal(byWords.notes.length, 1);
  });
});

function think(reasoning: InferenceRequest['reasoning'], on?: On, more: Partial<InferenceRequest> = {}): JsonObject {
  const body = bodyOf({ ...more, ...(reasoning ? { reasoning } : {}) }, on);
  const { model: _model, messages: _messages, tools: _tools, tool_choice: _choice, ...rest } = body;
  return rest;
}

describe('thinking for OpenAI', () => {
  it('becomes an effort that the model has', () => {
    const efforts: Capabilities = { reasoning: true, efforts: ['none', 'low', 'high'] };
    const cases: [InferenceRequest['reasoning'], Capabilities | undefined, unknown][] = [
      [{ enabled: true, budgetTokens: 2000 }, undefined, { reasoning_effort: 'low' }],
      [{ enabled: true, budgetTokens: 30_000 }, undefined, { reasoning_effort: 'high' }],
      [{ effort: 'max' }, efforts, { reasoning_effort: 'high' }],
      [{ enabled: 'adaptive' }, undefined, {}],
      [{ enabled: 'adaptive' }, efforts, { reasoning_effort: 'low' }],
      [{ enabled: false }, undefined, {}],
      [{ enabled: false }, efforts, { reasoning_effort: 'none' }],
      [{ enabled: false }, { reasoning: true, efforts: ['minimal', 'high'] }, { reasoning_effort: 'minimal' }],
      [{ enabled: true, budgetTokens: 2000 }, { reasoning: false }, {}],
    ];
    for (const [reasoning, capabilities, expected] of cases) {
      assert.deepEqual(think(reasoning, capabilities ? { capabilities } : {}), expected, JSON.stringify(reasoning));
    }
  });

  it('is switched in the way of the server', () => {
    const on = { enabled: true, budgetTokens: 2000 };
    const cases: [Partial<ServerQuirks>, unknown, unknown][] = [
      [{ reasoning: 'thinking' }, { thinking: { type: 'enabled' } }, { thinking: { type: 'disabled' } }],
      [
        { reasoning: 'thinking', efforts: ['low', 'max'] },
        { thinking: { type: 'enabled' }, reasoning_effort: 'low' },
        { thinking: { type: 'disabled' } },
      ],
      [{ reasoning: 'enable_thinking' }, { enable_thinking: true, thinking_budget: 2000 }, { enable_thinking: false }],
      [
        { reasoning: 'chat_template' },
        { chat_template_kwargs: { enable_thinking: true, thinking: true } },
        { chat_template_kwargs: { enable_thinking: false, thinking: false } },
      ],
      [{ reasoning: 'reasoning' }, { reasoning: { max_tokens: 2000 } }, { reasoning: { enabled: false } }],
      [{ reasoning: 'effort-where-known' }, {}, {}],
      [{ reasoning: 'none' }, {}, {}],
    ];
    for (const [quirks, enabled, disabled] of cases) {
      assert.deepEqual(think(on, { quirks }), enabled, JSON.stringify(quirks));
      assert.deepEqual(think({ enabled: false }, { quirks }), disabled, JSON.stringify(quirks));
    }
  });

  it('gives way to a demanded call, and to tools, where both do not go together', () => {
    const tools = [{ name: 'f' }];
    const on = { effort: 'high' } as const;
    const quirks = { reasoning: 'thinking', thinksOrIsForced: true } as const;
    const forced = { tools, toolChoice: { type: 'required' } } as const;
    assert.deepEqual(think(undefined, { quirks }, forced), { thinking: { type: 'disabled' } });
    assert.deepEqual(think(undefined, { quirks }, { tools }), {});
    assert.equal(notesOf({ ...forced, reasoning: on }, { quirks }).length, 1);
    const capabilities: Capabilities = { reasoning: true, efforts: ['none', 'high'], toolsWhileReasoning: false };
    assert.deepEqual(think(on, { capabilities }, { tools }), { reasoning_effort: 'none' });
    assert.deepEqual(think(on, { capabilities }), { reasoning_effort: 'high' });
  });

  it('leaves sampling to models that are told not to think', () => {
    const capabilities: Capabilities = { sampling: false, reasoning: true, efforts: ['none', 'high'] };
    assert.deepEqual(think({ enabled: false }, { capabilities }, { temperature: 0.2 }), {
      reasoning_effort: 'none',
      temperature: 0.2,
    });
    assert.deepEqual(think(undefined, { capabilities }, { temperature: 0.2 }), {});
  });
});
