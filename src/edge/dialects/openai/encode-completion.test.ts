import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Bench, FakeReader, startAttempt } from '../../../../test/support/attempt-bench.ts';
import {
  everywhere,
  givenWith,
  newVault,
  phraseScanner,
  policyWith,
  scanning,
  screenedCall,
} from '../../../../test/support/screened-answers.ts';
import type { JsonObject } from '../../../core/json.ts';
import { ModelCatalog } from '../../../models/catalog.ts';
import { PriceBook } from '../../../models/pricing/price-book.ts';
import type { GuardPolicy } from '../../../pipeline/guards/engine/guard-policy.ts';
import type { OutputDeps } from '../../../pipeline/guards/output/deps.ts';
import { screenReply } from '../../../pipeline/guards/output/screen-reply.ts';
import { answerContext, bodyOf } from '../../reply-body.ts';
import { openai as adapter } from './adapter.ts';

const DEPS: OutputDeps = {
  clock: { now: () => 0, monotonic: () => 0 },
  catalog: () => {
    const prices = new PriceBook({});
    return new ModelCatalog({ providers: [], virtualModels: [], prices, passThroughProviders: new Set() });
  },
};

function benchWith(policy: GuardPolicy, json: JsonObject): Bench {
  const { screening } = screenedCall(policy);
  const parts = { operation: 'completion', endpoint: '/v1/completions', screening } as const;
  return startAttempt({ json: { model: 'gpt-4o-mini', ...json }, ...parts });
}

const chunk = (text: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'cmpl-1', object: 'text_completion', model: 'm', choices: [{ index: 0, text, logprobs: null, finish_reason: finish }] })}\n\n`;

describe('text completions that guards look at', () => {
  it('come back with their values, whole', async () => {
    const vault = newVault();
    const mark = vault.mark('PHONE', '13800138000');
    const bench = benchWith(policyWith(), { prompt: 'Call' });
    const usage = { prompt_tokens: 3, completion_tokens: 4 };
    const choices = [
      { index: 0, text: ` ${mark} now`, logprobs: null, finish_reason: 'stop' },
      { index: 1, text: ' nobody', logprobs: null, finish_reason: 'length' },
    ];
    bench.upstream.answer(200, { id: 'cmpl-1', object: 'text_completion', model: 'm', choices, usage });
    const reply = await screenReply(DEPS, bench.call, [policyWith()], givenWith({ vault }), await bench.reply);
    assert.ok(reply.kind === 'translated');
    const body = JSON.parse(Buffer.from(bodyOf(bench.call, adapter, reply)).toString()) as JsonObject;
    assert.deepEqual(body, {
      id: 'cmpl-1',
      object: 'text_completion',
      created: 1_700_000_000,
      model: 'm',
      choices: [{ ...choices[0], text: ' 13800138000 now' }, choices[1]],
      usage: { ...usage, total_tokens: 7 },
    });
  });

  it('stop where they are blocked, streamed', async () => {
    const scanner = phraseScanner(['forbidden']);
    const policy = policyWith({ scanning: [scanning(scanner, { actions: everywhere('block') })] });
    const bench = benchWith(policy, { prompt: 'Say', stream: true, stream_options: { include_usage: true } });
    bench.upstream.sse();
    bench.upstream.data(chunk('some '));
    const reply = await screenReply(DEPS, bench.call, [policy], givenWith(), await bench.reply);
    assert.ok(reply.kind === 'stream' && reply.translated);
    const encoder = adapter.streamEncoder(answerContext(bench.call, adapter, reply.rewritten));
    const reader = new FakeReader(reply.stream).read();
    bench.upstream.data(chunk('for'));
    bench.upstream.data(chunk('bidden words'));
    const frames = reader.items.map(({ events }) => encoder.push(events)).join('') + encoder.end();
    const texts = [...frames.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => {
      const { choices } = JSON.parse(json) as { choices: { text: string; finish_reason: string | null }[] };
      return choices.map(({ text, finish_reason: finish }) => [text, finish]);
    });
    // The last one says what was used, as far as it can be known.
    assert.deepEqual(texts, [[['some ', null]], [['', 'content_filter']], []]);
    assert.match(frames, /"usage":\{"prompt_tokens":[1-9]\d*,"completion_tokens":[1-9]/);
    assert.ok(frames.endsWith('data: [DONE]\n\n'));
    assert.equal(bench.attempt.closing?.outcome, 'aborted');
    assert.equal(bench.upstream.aborts, 1);
    assert.equal(reader.terminals[0]?.kind, 'completed');
  });
});
