import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Dialect } from '../../core/call.ts';
import type { JsonObject } from '../../core/json.ts';
import { type MaxTokensField, answerLimits } from './answer-limits.ts';

interface How {
  readonly relayed?: boolean;
  readonly family?: string;
  readonly model?: string;
  readonly field?: MaxTokensField;
}

function limit(dialect: Dialect, body: JsonObject, how: How = {}): number | undefined {
  return limits(dialect, body, how).maxOutputTokens;
}

function limits(
  dialect: Dialect,
  body: JsonObject,
  { relayed = true, family = 'openai', model = 'm', field }: How = {},
) {
  const maxTokensField = field ?? 'max_completion_tokens';
  return answerLimits({ dialect, operation: 'chat', body }, 1, { relayed, family, model, maxTokensField });
}

describe("what a request says of its answer's length", () => {
  it('stands in the dialect’s own field', () => {
    assert.equal(limit('openai', { max_completion_tokens: 5 }), 5);
    assert.equal(limit('openai', { max_tokens: 5 }), 5);
    assert.equal(limit('responses', { max_output_tokens: 5 }), 5);
    assert.equal(limit('anthropic', { max_tokens: 5 }), 5);
    assert.equal(limit('gemini', { generationConfig: { maxOutputTokens: 5 } }), 5);
    assert.equal(limit('gemini', { generation_config: { max_output_tokens: 5 } }), 5);
  });

  it('is nothing where it cannot be read for sure', () => {
    for (const value of [null, '5', 0, -1, 1.5, 1e300, true, {}]) {
      assert.equal(limit('openai', { max_tokens: value }), undefined);
      assert.equal(limit('openai', { max_tokens: 9, max_completion_tokens: value }), value === null ? 9 : undefined);
      assert.equal(limit('gemini', { generationConfig: { maxOutputTokens: value } }), undefined);
    }
  });

  it('is the larger one where servers may take either, and the newer one where it is written anew', () => {
    const both = { max_tokens: 9, max_completion_tokens: 5 };
    assert.equal(limit('openai', both), 9);
    assert.equal(limit('openai', both, { relayed: false }), 5);
    assert.equal(limit('gemini', { generationConfig: { maxOutputTokens: 5, max_output_tokens: 9 } }), 9);
  });

  it('is nothing under a name that the server may pass over', () => {
    const older: How = { family: 'deepseek', field: 'max_tokens' };
    assert.equal(limit('openai', { max_completion_tokens: 5 }, older), undefined);
    assert.equal(limit('openai', { max_tokens: 5 }, older), 5);
    assert.equal(limit('openai', { max_completion_tokens: 5 }, { ...older, family: 'vllm' }), 5);
    assert.equal(limit('openai', { max_completion_tokens: 5 }, { ...older, relayed: false }), 5);
  });

  it('is nothing where thinking may go beyond it', () => {
    const thinking = { type: 'enabled', budget_tokens: 20_000 };
    assert.deepEqual(limits('anthropic', { max_tokens: 10_000, thinking }), {
      maxOutputTokens: undefined,
      onlyContext: true,
    });
    assert.equal(limit('anthropic', { max_tokens: 10_000, thinking }, { relayed: false }), 10_000);
    assert.equal(limit('anthropic', { max_tokens: 30_000, thinking }), 30_000);
  });

  it('is nothing of pictures and speech', () => {
    const asked = { generationConfig: { maxOutputTokens: 5, responseModalities: ['TEXT', 'IMAGE'] } };
    assert.deepEqual(limits('gemini', asked), { maxOutputTokens: undefined, choices: 1, isUnkept: true });
    assert.equal(limit('gemini', { generationConfig: { maxOutputTokens: 5, responseModalities: ['Text'] } }), 5);
    assert.equal(
      limit('gemini', { generationConfig: { maxOutputTokens: 5 } }, { model: 'gemini-2.5-flash-image' }),
      undefined,
    );
  });

  it('is one for each of as many answers', () => {
    assert.equal(limits('openai', { n: 3 }).choices, 3);
    assert.equal(limits('openai', { n: '3' }).choices, Infinity);
    assert.equal(limits('gemini', { generationConfig: { candidateCount: 3 } }).choices, 3);
    const completion = answerLimits(
      { dialect: 'openai', operation: 'completion', body: { n: 2, best_of: 4, max_tokens: 5 } },
      3,
      {
        relayed: true,
        family: 'openai',
        model: 'm',
        maxTokensField: 'max_completion_tokens',
      },
    );
    assert.deepEqual(completion, { maxOutputTokens: 5, choices: 12 });
  });
});
