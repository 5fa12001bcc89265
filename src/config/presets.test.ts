import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Environment, LoadedConfig } from './config.ts';
import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';

function parse(text: string | undefined, env: Environment = {}): LoadedConfig {
  return parseConfig(text, { path: 'causeway.yaml', env });
}

/** Key and address of a provider `deepseek` that the file describes, with its usual key in the environment. */
function deepseekOf(provider: string): unknown {
  const { config } = parse(`providers: { deepseek: ${provider} }`, { DEEPSEEK_API_KEY: 'usual' });
  const deepseek = config.providers.get('deepseek');
  return deepseek?.type === 'simulator' ? undefined : [deepseek?.apiKeys, deepseek?.baseUrl];
}

/** Why a provider is refused; empty where it is not. */
function problemOf(provider: string): string {
  try {
    parse(`providers: { a: ${provider} }`);
    return '';
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
}

describe('servers that are known by name', () => {
  it('are taken from the environment', () => {
    const { config, origins } = parse(undefined, {
      DEEPSEEK_API_KEY: 'sk-1',
      GROQ_API_KEY: 'sk-2',
      GROQ_BASE_URL: 'http://127.0.0.1:1/v1',
      DASHSCOPE_API_KEY: 'sk-3',
      VLLM_API_KEY: 'sk-4',
    });
    assert.deepEqual(
      [...config.providers].map(([name, provider]) => [name, 'preset' in provider && provider.preset]),
      [
        ['deepseek', 'deepseek'],
        ['dashscope', 'dashscope'],
        ['groq', 'groq'],
        ['sim', false],
      ],
    );
    const groq = config.providers.get('groq');
    assert.ok(groq?.type === 'openai-compatible');
    assert.deepEqual([groq.apiKeys, groq.baseUrl], [['sk-2'], 'http://127.0.0.1:1/v1']);
    assert.equal(origins.get('providers.groq'), 'environment');
  });

  it('promise 12: the usual key goes to no address that the file gives, only to its own', () => {
    assert.deepEqual(deepseekOf('{ type: openai-compatible, preset: deepseek, models: [m] }'), [['usual'], undefined]);
    assert.deepEqual(deepseekOf('{ type: openai-compatible, preset: deepseek, baseUrl: "http://other" }'), [
      [],
      'http://other',
    ]);
    assert.deepEqual(deepseekOf('{ type: openai-compatible, preset: groq }'), [[], undefined]);
    assert.deepEqual(deepseekOf('{ type: openai-compatible, baseUrl: "http://other" }'), [[], 'http://other']);
  });

  it('need a preset or an address', () => {
    assert.match(
      problemOf('{ type: openai-compatible }'),
      /providers\.a: one of these keys has to be there: preset \(.*baseUrl/,
    );
    assert.match(problemOf('{ type: openai-compatible, preset: vlm }'), /did you mean "vllm"/);
    assert.equal(problemOf('{ type: openai-compatible, preset: vllm }'), '');
    assert.equal(problemOf('{ type: openai-compatible, baseUrl: "http://h" }'), '');
  });
});
