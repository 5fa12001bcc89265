import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import { makeProvider } from '../../../../test/support/make-provider.ts';
import { FEATURES } from '../../../core/inference/features.ts';
import { CAPABILITY_ROWS } from '../../capabilities/table.ts';
import { quirksOf } from '../openai/quirks.ts';
import { OPENAI_TRANSLATION } from '../openai/translation-table.ts';
import type { Provider } from '../provider.ts';
import { splitBaseUrl } from '../relay-request.ts';
import { createOpenAiCompatibleProvider } from './adapter.ts';
import { PRESETS, PRESET_NAMES } from './presets.ts';

const DOCUMENT = readFileSync(new URL('../../../../docs/presets.md', import.meta.url), 'utf8');

/** What is not an option but what a conversation is made of cannot be left out of it. */
const LEFT_OUT_OR_REFUSED = new Set(['logprobs', 'participant-name']);
const OPTIONS = new Set([
  ...FEATURES.slice(FEATURES.indexOf('max-output-tokens')),
  ...FEATURES.filter((feature) => feature.startsWith('tool-choice')),
  'strict-tools',
  'parallel-tool-calls',
  'prompt-cache-key',
  'audio-input',
]);

function provider(preset: string, options: Parameters<typeof makeProvider>[1] = {}): Provider {
  return makeProvider((given, transport) => createOpenAiCompatibleProvider({ ...given, preset }, transport), options);
}

describe('presets', () => {
  it('are all there', () => {
    assert.deepEqual(
      PRESET_NAMES.toSorted(),
      (
        'ark dashscope dashscope-intl deepseek fireworks groq llamacpp lmstudio mistral moonshot ollama openrouter ' +
        'perplexity ray-serve sglang tgi together triton vllm xai zai zhipu'
      ).split(' '),
    );
  });

  for (const [name, preset] of Object.entries(PRESETS)) {
    it(`${name}: says where it is, and where that was read`, () => {
      const { origin } = splitBaseUrl(preset.baseUrl);
      assert.equal(new URL(origin).protocol, preset.hosted ? 'https:' : 'http:');
      assert.equal(preset.hosted, preset.keyVariable !== undefined);
      assert.ok(!preset.discovered || preset.hosted);
      assert.ok(preset.sources.length > 0);
      for (const url of preset.sources) assert.ok(URL.canParse(url), url);
      assert.match(preset.checked ?? '2026-11-21', /^\d{4}-\d{2}-\d{2}$/);
    });

    it(`${name}: stands in docs/presets.md, as read or as known`, () => {
      const row = DOCUMENT.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      assert.ok(row);
      assert.ok(row.includes(`\`${preset.baseUrl}\``));
      assert.ok(row.includes(preset.checked === undefined ? '| no |' : `| ${preset.checked} |`), row);
    });

    it(`${name}: leaves out options only`, () => {
      for (const quirks of [preset.quirks, ...(preset.quirks.models ?? []).map((each) => each.quirks)]) {
        for (const feature of quirks.untaken ?? []) {
          assert.ok(OPTIONS.has(feature) || LEFT_OUT_OR_REFUSED.has(feature), feature);
          assert.notEqual(OPENAI_TRANSLATION[feature].treatment, 'refused');
        }
      }
    });

    it(`${name}: owns the models that are listed of it, and they have no other owner`, () => {
      const rows = CAPABILITY_ROWS[name];
      const models = (rows ?? []).flatMap((row) => row.models).filter((model) => !model.endsWith('*'));
      const own = models.filter((model) => preset.owns?.test(model));
      for (const [other, { owns }] of Object.entries(PRESETS)) {
        // The same provider in another country has the same models.
        if (CAPABILITY_ROWS[other] === rows) continue;
        for (const model of own) assert.ok(!owns?.test(model), `${model} of ${other}`);
      }
    });
  }

  it('have quirks of single models', () => {
    const { moonshot, xai, zhipu } = PRESETS;
    assert.ok(moonshot && xai && zhipu);
    assert.equal(quirksOf(moonshot.quirks, 'kimi-k3').reasoning, 'effort');
    assert.equal(quirksOf(moonshot.quirks, 'kimi-k2.6').reasoning, 'thinking');
    assert.ok(quirksOf(moonshot.quirks, 'kimi-k2.6').untaken.includes('temperature'));
    assert.ok(!quirksOf(moonshot.quirks, 'moonshot-v1-8k').untaken.includes('temperature'));
    assert.ok(quirksOf(xai.quirks, 'grok-4.3').untaken.includes('stop'));
    assert.ok(!quirksOf(xai.quirks, 'grok-4-1-fast-non-reasoning').untaken.includes('stop'));
    const told = ['grok-4', 'grok-4.20-reasoning', 'grok-3-mini', 'grok-4.3', 'grok-4.7'].map((model) => {
      const { reasoning, efforts } = quirksOf(xai.quirks, model);
      return reasoning === 'none' ? 'none' : efforts?.[0];
    });
    assert.deepEqual(told, ['none', 'none', 'low', 'none', 'low']);
    assert.equal(quirksOf(xai.quirks, 'grok-4.3').reasoning, 'effort-where-known');
    assert.deepEqual(quirksOf(zhipu.quirks, 'glm-5.2').efforts, ['low', 'high', 'max']);
    assert.equal(quirksOf(zhipu.quirks, 'glm-4.7').efforts, undefined);
  });
});

describe('a provider with a preset', () => {
  it('is at its own address, or at the operator’s', () => {
    const { request } = provider('deepseek').plan(makeCall(), 'deepseek-v4-pro');
    assert.deepEqual([request.origin, request.path], ['https://api.deepseek.com', '/chat/completions']);
    const local = provider('vllm', { baseUrl: 'http://gpu:8001/v1', apiKeys: [] }).plan(makeCall(), 'm').request;
    assert.deepEqual([local.origin, local.headers['authorization']], ['http://gpu:8001', undefined]);
  });

  it('needs a key where it is on the internet', () => {
    assert.throws(() => provider('groq', { apiKeys: [] }).plan(makeCall(), 'm'), {
      code: 'provider_auth_failed',
      message: /GROQ_API_KEY/,
    });
    assert.doesNotThrow(() => provider('ollama', { apiKeys: [] }).plan(makeCall(), 'm'));
    assert.doesNotThrow(() => provider('groq', { apiKeys: [], baseUrl: 'http://proxy/v1' }).plan(makeCall(), 'm'));
  });

  it('has the type of its protocol, and its own family', () => {
    assert.deepEqual([provider('groq').type, provider('groq').family], ['openai-compatible', 'groq']);
    // Another country is another price list.
    assert.equal(provider('dashscope-intl').family, 'dashscope-intl');
    assert.equal(provider('dashscope-intl').ownsModel('qwen-plus'), true);
  });

  it('owns models by their names', () => {
    const cases: [string, string, boolean][] = [
      ['deepseek', 'deepseek-v4-pro', true],
      ['dashscope', 'qwen3.8-max', true],
      ['moonshot', 'kimi-k3', true],
      ['zhipu', 'glm-5.2', true],
      ['ark', 'doubao-seed-2-0-pro', true],
      ['mistral', 'codestral-latest', true],
      ['mistral', 'open-mixtral-8x7b', true],
      ['xai', 'grok-4.3', true],
      ['perplexity', 'sonar-pro', true],
      ['perplexity', 'sonarqube', false],
      ['vllm', 'qwen3-8b', false],
      ['groq', 'gpt-oss-120b', false],
    ];
    for (const [preset, model, owned] of cases) assert.equal(provider(preset).ownsModel(model), owned, model);
  });

  it('does not ask for a usage frame of a server that refuses the option', () => {
    const call = makeCall({ json: { model: 'm', stream: true } });
    for (const [preset, asked] of [
      ['groq', true],
      ['mistral', false],
      ['perplexity', false],
      ['zhipu', false],
    ] as const) {
      const plan = provider(preset).plan(call, 'm');
      assert.deepEqual([plan.hideUsageFrame, plan.patches.length > 0], [asked, asked], preset);
    }
  });

  it('reads tags around reasoning where its server leaves them in', () => {
    const body = { choices: [{ message: { content: '<think>hm</think>Hello' }, finish_reason: 'stop' }] };
    const first = (preset: string): string | undefined =>
      provider(preset).wire('anthropic', 'chat')?.answerEvents(body)[1]?.type;
    assert.deepEqual([first('perplexity'), first('deepseek')], ['reasoning-delta', 'text-delta']);
  });
});
