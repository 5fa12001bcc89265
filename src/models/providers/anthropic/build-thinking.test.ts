import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeInference } from '../../../../test/support/make-inference.ts';
import type { Message } from '../../../core/inference/content.ts';
import type { Feature } from '../../../core/inference/features.ts';
import type { InferenceRequest, ReasoningRequest } from '../../../core/inference/request.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { buildBody } from './build-body.ts';

const BUDGET: Capabilities = { reasoning: true, reasoningControls: ['budget', 'switch'], outputTokens: 64_000 };
const BOTH: Capabilities = {
  reasoning: true,
  reasoningControls: ['effort', 'adaptive', 'budget'],
  efforts: ['low', 'medium', 'high', 'max'],
  reasoningAlways: false,
  outputTokens: 64_000,
};
const ADAPTIVE: Capabilities = {
  reasoning: true,
  reasoningControls: ['effort', 'adaptive'],
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  reasoningAlways: false,
  outputTokens: 64_000,
};
const ALWAYS: Capabilities = { ...ADAPTIVE, reasoningAlways: true };

const FIELDS: Readonly<Record<keyof ReasoningRequest, Feature>> = {
  effort: 'reasoning-effort',
  budgetTokens: 'reasoning-budget',
  enabled: 'reasoning-adaptive',
  display: 'reasoning-display',
};

/** What is sent, and the features that were noted. */
function think(
  reasoning: ReasoningRequest,
  capabilities?: Capabilities,
  parts: Partial<InferenceRequest> = {},
): { readonly thinking: unknown; readonly effort: unknown; readonly max: unknown; readonly noted: string[] } {
  const used = Object.keys(reasoning).map((key) => FIELDS[key as keyof ReasoningRequest]);
  const fields = Object.fromEntries(used.map((feature) => [feature, feature]));
  const { body, notes } = buildBody(makeInference({ reasoning, fields, ...parts }), 'claude-x', capabilities);
  const { effort } = (body['output_config'] ?? {}) as { effort?: string };
  return { thinking: body['thinking'], effort, max: body['max_tokens'], noted: notes.map(({ field }) => field) };
}

function enabled(budget: number): object {
  return { type: 'enabled', budget_tokens: budget };
}

const adaptive = { type: 'adaptive' };
const disabled = { type: 'disabled' };

const limited = (maxOutputTokens: number, reasoning: ReasoningRequest): unknown[] => {
  const { thinking, max, noted } = think(reasoning, BUDGET, { maxOutputTokens });
  return [thinking, max, noted.length];
};

describe('thinking of Anthropic', () => {
  it('is told by effort where the model has it, else by a budget', () => {
    const cases: [ReasoningRequest, Capabilities | undefined, unknown, string | undefined, string[]][] = [
      [{ effort: 'high' }, ADAPTIVE, adaptive, 'high', []],
      [{ effort: 'xhigh' }, ADAPTIVE, adaptive, 'xhigh', []],
      [{ effort: 'xhigh' }, BOTH, adaptive, 'high', ['reasoning-effort']],
      [{ effort: 'max' }, BOTH, adaptive, 'max', []],
      [{ effort: 'max' }, { reasoningControls: ['adaptive', 'effort'] }, adaptive, 'high', ['reasoning-effort']],
      [{ effort: 'minimal' }, ADAPTIVE, adaptive, 'low', ['reasoning-effort']],
      [{ effort: 'low' }, { reasoningControls: ['adaptive'] }, adaptive, undefined, ['reasoning-effort']],
      [{ effort: 'medium' }, BUDGET, enabled(8192), undefined, ['reasoning-effort']],
      [{ effort: 'minimal' }, undefined, enabled(1024), undefined, ['reasoning-effort']],
      [{ effort: 'high' }, { reasoningControls: ['effort', 'budget'] }, enabled(16_384), 'high', []],
      [{ enabled: 'adaptive' }, ADAPTIVE, adaptive, undefined, []],
      [{ enabled: 'adaptive' }, BUDGET, enabled(8192), undefined, ['reasoning-adaptive']],
      [{ enabled: true, budgetTokens: 5000 }, BOTH, enabled(5000), undefined, []],
      [{ enabled: true, budgetTokens: 5000 }, ADAPTIVE, adaptive, undefined, ['reasoning-budget']],
      [{ enabled: true, budgetTokens: 10 }, BUDGET, enabled(1024), undefined, ['reasoning-budget']],
      [{ enabled: true, display: 'omitted' }, ADAPTIVE, { ...adaptive, display: 'omitted' }, undefined, []],
      [{ effort: 'high' }, { reasoning: false }, undefined, undefined, ['reasoning-effort']],
    ];
    for (const [reasoning, capabilities, thinking, effort, noted] of cases) {
      const built = think(reasoning, capabilities);
      const name = JSON.stringify([reasoning, capabilities]);
      assert.deepEqual([built.thinking, built.effort, built.noted], [thinking, effort, noted], name);
    }
  });

  it('is turned off where it can be', () => {
    for (const reasoning of [{ enabled: false }, { effort: 'none' }] as const) {
      assert.deepEqual(think(reasoning, BUDGET).thinking, disabled);
      assert.deepEqual(think(reasoning).thinking, disabled);
      assert.deepEqual(think(reasoning, ADAPTIVE).thinking, disabled);
      assert.equal(think(reasoning, { reasoning: false }).thinking, undefined);
      assert.equal(think(reasoning, { reasoningControls: ['adaptive'] }).thinking, undefined);
      const always = think(reasoning, ALWAYS);
      assert.deepEqual([always.thinking, always.effort, always.noted], [undefined, 'low', ['reasoning-off']]);
      const least = think(reasoning, { ...ALWAYS, reasoningControls: ['adaptive', 'effort', 'between-tools'] });
      assert.deepEqual([least.thinking, least.noted], [{ type: 'between_tools' }, ['reasoning-off']]);
    }
  });

  it("promise 4: shares the client's own limit of tokens and never raises it", () => {
    assert.deepEqual(limited(50_000, { effort: 'high' }), [enabled(16_384), 50_000, 1]);
    assert.deepEqual(limited(5000, { effort: 'high' }), [enabled(2500), 5000, 1]);
    assert.deepEqual(limited(2047, { effort: 'low' }), [disabled, 2047, 1]);
    assert.deepEqual(limited(2048, { effort: 'low' }), [enabled(1024), 2048, 1]);
    assert.deepEqual(limited(5000, { budgetTokens: 4000 }), [enabled(4000), 5000, 0]);
    assert.deepEqual(limited(5000, { budgetTokens: 5000 }), [enabled(2500), 5000, 1]);
  });

  it('leaves room for the answer where the client sets no limit', () => {
    assert.equal(think({ effort: 'high' }).max, 16_384 + 4096);
    assert.equal(think({ effort: 'high' }, BUDGET).max, 64_000);
    const small = think({ effort: 'high' }, { ...BUDGET, outputTokens: 8192 });
    assert.deepEqual([small.thinking, small.max], [enabled(4096), 8192]);
  });

  it('gives way to what does not go with it', () => {
    const user: Message = { role: 'user', content: [{ type: 'text', text: 'u' }] };
    const call = { type: 'tool-call', id: 'c', name: 'f', argumentsText: '' } as const;
    const results: Message = { role: 'user', content: [{ type: 'tool-result', toolCallId: 'c', content: [] }] };
    const proof = { type: 'reasoning', text: 't', signature: 's' } as const;
    const tools = [{ name: 'f' }];
    const forced = { tools, toolChoice: { type: 'required' } } as const;
    const prefilled = { messages: [user, { role: 'assistant', content: [{ type: 'text', text: 'a' }] }] } as const;
    const unproven = { tools, messages: [user, { role: 'assistant', content: [call] }, results] } as const;
    const proven = { tools, messages: [user, { role: 'assistant', content: [proof, call] }, results] } as const;
    const cases: [string, Partial<InferenceRequest>, Capabilities, unknown][] = [
      ['forced', forced, BUDGET, disabled],
      ['forced', forced, ADAPTIVE, adaptive],
      ['prefilled', prefilled, BUDGET, disabled],
      ['prefilled', prefilled, ADAPTIVE, disabled],
      ['prefilled', prefilled, ALWAYS, adaptive],
      ['unproven', unproven, BUDGET, disabled],
      ['unproven', unproven, ADAPTIVE, adaptive],
      ['proven', proven, BUDGET, enabled(16_384)],
    ];
    for (const [name, parts, capabilities, thinking] of cases) {
      const built = think({ effort: 'high' }, capabilities, parts);
      assert.deepEqual(built.thinking, thinking, name);
      if (thinking === disabled) assert.deepEqual(built.noted, ['reasoning-effort'], name);
    }
  });
});
