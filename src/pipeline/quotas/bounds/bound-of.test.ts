import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { boundedCatalog, callTo, targetOf } from '../../../../test/support/bounded-catalog.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import type { CallParts } from '../../../../test/support/make-call.ts';
import type { Dialect, Operation } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AttemptBound } from './attempt-bound.ts';
import { type BoundOptions, boundOf } from './bound-of.ts';
import { capOutput } from './cap-output.ts';

const CATALOG = boundedCatalog();

/** Around the one letter that is asked, and the name of who asks. */
const AROUND = 1024 + 32 + 4 + 1;

const ASKED: Readonly<Record<Dialect, (limit?: number) => JsonObject>> = {
  openai: (limit) => ({
    model: 'm',
    messages: [{ role: 'user', content: 'a' }],
    ...(limit && { max_completion_tokens: limit }),
  }),
  responses: (limit) => ({
    model: 'm',
    input: [{ role: 'user', content: 'a' }],
    ...(limit && { max_output_tokens: limit }),
  }),
  anthropic: (limit = 100_000) => ({ model: 'm', messages: [{ role: 'user', content: 'a' }], max_tokens: limit }),
  gemini: (limit) => ({
    contents: [{ role: 'user', parts: [{ text: 'a' }] }],
    ...(limit && { generationConfig: { maxOutputTokens: limit } }),
  }),
};

function bound(
  target: string,
  dialect: Dialect,
  json: JsonObject,
  options: BoundOptions = {},
  more: CallParts = {},
): AttemptBound {
  return boundOf(callTo([target], dialect, json, more), targetOf(target), CATALOG, options);
}

function other(target: string, operation: Operation, json: JsonObject): AttemptBound {
  return bound(target, 'openai', json, {}, { operation });
}

function kindOf(resource: CallParts['resource']): AttemptBound {
  return boundOf(
    callTo(['openai/m'], 'openai', {}, { operation: 'resource', resource }),
    targetOf('openai/m'),
    CATALOG,
  );
}

/** At a dollar for a million tokens of input, and ten for output. */
function nano(input: number, output: number): number {
  return 1000 * input + 10_000 * output;
}

describe('promise 4: what an attempt may use at most', () => {
  it('is what goes in and the longest answer, at the dearest price', () => {
    const { tokens, nanoUsd, maxOutputTokens } = bound('openai/m', 'openai', ASKED.openai(100));
    assert.deepEqual([tokens, nanoUsd, maxOutputTokens], [AROUND + 100, nano(AROUND, 100), 100]);
  });

  it('is not known where nothing bounds the answer, and within a cap it is', () => {
    const unbounded = bound('openai/m', 'openai', ASKED.openai());
    assert.deepEqual(
      [unbounded.tokens, unbounded.nanoUsd, unbounded.maxOutputTokens],
      [undefined, undefined, undefined],
    );
    const { tokens, nanoUsd } = unbounded.within(50);
    assert.deepEqual([tokens, nanoUsd], [AROUND + 50, nano(AROUND, 50)]);
    assert.equal(bound('local/m', 'openai', ASKED.openai()).maxOutputTokens, 32_000, 'the context');
  });

  it('counts every answer: once what goes in where the client is relayed, else with each', () => {
    const three = { ...ASKED.openai(100), n: 3 };
    const relayed = bound('openai/m', 'openai', three);
    assert.deepEqual([relayed.tokens, relayed.nanoUsd], [AROUND + 300, nano(AROUND, 300)]);
    const translated = bound('anthropic/m', 'openai', three);
    assert.deepEqual([translated.tokens, translated.nanoUsd], [3 * (AROUND + 100), 3 * nano(AROUND, 100)]);
    const capped = translated.within(10);
    assert.deepEqual([capped.tokens, capped.nanoUsd], [3 * (AROUND + 10), 3 * nano(AROUND, 10)]);
    assert.equal(bound('openai/m', 'openai', { ...three, n: 'many' }).tokens, undefined);
  });

  it('counts what goes in beside what the client sent', () => {
    const more = bound('openai/m', 'openai', ASKED.openai(100), { moreInputTokens: 500 });
    assert.equal(more.tokens, AROUND + 600);
  });

  it('does not count a limit that the target is not known to keep to', () => {
    assert.equal(bound('deepseek/m', 'openai', ASKED.openai(100)).maxOutputTokens, 8000);
    assert.equal(bound('deepseek/m', 'openai', { ...ASKED.openai(), max_tokens: 100 }).maxOutputTokens, 100);
    assert.equal(bound('local/m', 'openai', ASKED.openai(100)).maxOutputTokens, 100);
    // Its limits leave out what is thought before the answer.
    const thinks = bound('dashscope/m', 'openai', { ...ASKED.openai(), max_tokens: 100 });
    assert.equal(thinks.maxOutputTokens, 50_000);
    assert.equal(thinks.within(10).tokens, thinks.tokens);
  });

  it('counts the longer prompts and answers that a header of Anthropic asks for', () => {
    const pdf = { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } };
    const body = { model: 'm', max_tokens: 100_000, messages: [{ role: 'user', content: [pdf] }] };
    const asked = (beta: string | undefined, json: JsonObject = body) =>
      bound('anthropic/claude-sonnet-4-5', 'anthropic', json, {}, { headers: { 'anthropic-beta': beta } });
    assert.equal(asked(undefined).tokens, 200_000 + 64_000);
    assert.equal(asked('context-management-2025-06-27').tokens, 200_000 + 64_000);
    assert.equal(asked('a, context-1m-2025-08-07,output-128k-2025-02-19').tokens, 2 ** 20 + 100_000);
    const thinking = { type: 'enabled', budget_tokens: 120_000 };
    assert.equal(asked(undefined, { ...body, thinking }).maxOutputTokens, 200_000);
    assert.equal(asked(undefined, { ...body, thinking }).within(5000).tokens, 200_000 + 5000);
  });

  it('is by the tier and the place that the request names, and else by the dearest', () => {
    const flex = { ...ASKED.openai(100), service_tier: 'default' };
    const named = bound('openai/gpt-5', 'openai', flex).nanoUsd ?? 0;
    const open = bound('openai/gpt-5', 'openai', ASKED.openai(100)).nanoUsd ?? 0;
    assert.equal(bound('openai/gpt-5', 'openai', { ...flex, service_tier: 'auto' }).nanoUsd, open);
    assert.ok(named > 0 && open > named, `${named} ${open}`);
    const global = { ...ASKED.anthropic(100), inference_geo: 'global' };
    const opus = 'anthropic/claude-opus-4-6';
    assert.ok(
      (bound(opus, 'anthropic', ASKED.anthropic(100)).nanoUsd ?? 0) > (bound(opus, 'anthropic', global).nanoUsd ?? 0),
    );
  });

  it('is nothing where nothing is billed, and has no end where a batch is made', () => {
    const kept = { kind: 'file', action: 'read', method: 'GET', id: 'file-1', path: '/files/file-1' } as const;
    assert.deepEqual([kindOf(kept).tokens, kindOf(kept).nanoUsd, kindOf(kept).within(5).tokens], [0, 0, 0]);
    const batch = { kind: 'batch', action: 'create', method: 'POST', id: undefined, path: '/batches' } as const;
    assert.deepEqual([kindOf(batch).tokens, kindOf(batch).nanoUsd], [undefined, undefined]);
    assert.equal(bound('openai/m', 'openai', ASKED.openai(), {}, { operation: 'token-count' }).nanoUsd, 0);
    // Refused before anything is sent.
    assert.equal(other('anthropic/m', 'image', { model: 'm', prompt: 'a' }).nanoUsd, 0);
  });

  it('has no price where there is none', () => {
    const { tokens, nanoUsd } = bound('openai/unheard-of', 'openai', ASKED.openai(100));
    assert.deepEqual([tokens, nanoUsd], [AROUND + 100, undefined]);
  });

  it('of other operations is what each is billed by', () => {
    const embedding = other('openai/text-embedding-3-small', 'embeddings', { model: 'm', input: 'hello' });
    assert.deepEqual([embedding.tokens, embedding.nanoUsd, embedding.maxOutputTokens], [37, 740, undefined]);
    const speech = other('openai/tts-1', 'speech', { model: 'm', input: 'hello', voice: 'alloy' });
    assert.deepEqual([speech.tokens, speech.nanoUsd], [undefined, 75_000]);
    const ranked = other('cohere/rerank-v4.0-fast', 'rerank', { model: 'm', query: 'a', documents: ['b'] });
    assert.equal(ranked.nanoUsd, 2_000_000);
    const heard = other('openai/whisper-1', 'transcription', { model: 'm' });
    assert.deepEqual([heard.tokens, heard.nanoUsd], [undefined, undefined]);
    const completed = other('openai/gpt-3.5-turbo-instruct', 'completion', {
      model: 'm',
      prompt: ['a', 'b'],
      max_tokens: 10,
      n: 2,
    });
    assert.deepEqual([completed.tokens, completed.maxOutputTokens], [66 + 40, 10]);
  });

  it('law: within a cap is what a request is that is capped to it, and no more than without', () => {
    const targets = fc.constantFrom('openai/m', 'anthropic/m', 'gemini/m', 'local/m', 'deepseek/m', 'dashscope/m');
    const limit = fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined });
    const cap = fc.integer({ min: 1, max: 20_000 });
    const dialects = fc.constantFrom<Dialect>('openai', 'responses', 'anthropic', 'gemini');
    fc.assert(
      fc.property(
        dialects,
        fc.array(targets, { minLength: 1, maxLength: 3 }),
        limit,
        cap,
        (dialect, chain, asked, most) => {
          const call = callTo(chain, dialect, ASKED[dialect](asked));
          const before = chain.map((name) => boundOf(call, targetOf(name), CATALOG));
          const announced = chain.map((name) => boundOf(call, targetOf(name), CATALOG, { maxOutputTokens: most }));
          capOutput(call, CATALOG, most);
          for (const [at, name] of chain.entries()) {
            const capped = boundOf(call, targetOf(name), CATALOG);
            const { tokens, nanoUsd } = before[at]?.within(most) ?? {};
            assert.deepEqual([tokens, nanoUsd], [capped.tokens, capped.nanoUsd], name);
            assert.deepEqual([announced[at]?.tokens, announced[at]?.nanoUsd], [tokens, nanoUsd], name);
            assert.ok((capped.tokens ?? Infinity) <= (before[at]?.tokens ?? Infinity));
          }
        },
      ),
    );
  });

  it('does not decode what may be relayed', () => {
    const call = callTo(['openai/m'], 'openai', ASKED.openai(100));
    Object.defineProperty(call, 'inference', {
      get: () => assert.fail('decoded'),
    });
    assert.notEqual(boundOf(call, targetOf('openai/m'), CATALOG).nanoUsd, undefined);
    capOutput(call, CATALOG, 5);
  });
});
