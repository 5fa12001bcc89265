import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeReader } from '../../../../test/support/attempt-bench.ts';
import { CascadeBench, STREAMED } from '../../../../test/support/cascade-bench.ts';
import { turn } from '../../../../test/support/route-bench.ts';
import { DONE, OPENAI_ROLE, OPENAI_STOP, OPENAI_USAGE, openAiFrame } from '../../../../test/support/wire-texts.ts';

const frame = (content: string, logprob: number): string => {
  const logprobs = { content: [{ token: content, logprob, top_logprobs: [] }] };
  const choices = [{ index: 0, delta: { content }, logprobs, finish_reason: null }];
  return `data: ${JSON.stringify({ id: 'c1', choices })}\n\n`;
};
const bare = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }] })}\n\n`;
const END = OPENAI_STOP + DONE;

describe('a cascade of streams that are held', () => {
  it('gives nothing before the check, then the frames as they came', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({}, STREAMED);
    const frames = [OPENAI_ROLE, openAiFrame({ content: 'Pa' }), openAiFrame({ content: 'ris' }), OPENAI_STOP];
    bench.last('a').sse();
    let isThere = false;
    void run.reply.then(() => (isThere = true));
    for (const one of frames) bench.last('a').data(one);
    await bench.advance(40);
    assert.ok(!isThere);
    bench.last('a').data(OPENAI_USAGE + DONE);
    const reply = await run.reply;
    assert.ok(reply.kind === 'stream');
    const reader = new FakeReader(reply.stream).read();
    assert.equal(reader.text, frames.join('') + DONE);
    assert.deepEqual(
      reader.terminals.map(({ kind }) => kind),
      ['completed'],
    );
    assert.equal(run.call.heldUntil, 40);
  });

  it('shows nothing of a stream that is set aside', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' }, STREAMED);
    bench.last('a').sse();
    bench.last('a').data(OPENAI_ROLE + frame('Lyon', -4) + END);
    await turn();
    bench.last('b').sse();
    bench.last('b').data(OPENAI_ROLE + openAiFrame({ content: 'Paris' }) + END);
    const reply = await run.reply;
    assert.ok(reply.kind === 'stream');
    const reader = new FakeReader(reply.stream).read();
    assert.equal(reader.said, 'Paris');
    assert.ok(!reader.text.includes('Lyon'));
    assert.equal(run.call.heldUntil, undefined);
  });

  it('takes log probabilities out of the frames, and leaves every other byte', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' }, STREAMED);
    bench.last('a').sse();
    bench.last('a').data(OPENAI_ROLE + frame('Pa', -0.01) + frame('ris', -0.02) + END);
    const reply = await run.reply;
    assert.ok(reply.kind === 'stream');
    assert.equal(new FakeReader(reply.stream).read().text, OPENAI_ROLE + bare('Pa') + bare('ris') + END);
    assert.equal(run.call.routing?.cascade?.confidence, 0.9851);
  });

  it('goes on from a stream that breaks off, which nobody has seen', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({}, STREAMED);
    bench.last('a').sse();
    bench.last('a').data(OPENAI_ROLE + openAiFrame({ content: 'Par' }));
    await bench.fail('a', 'broken');
    bench.last('b').sse();
    bench.last('b').data(OPENAI_ROLE + openAiFrame({ content: 'Paris' }) + END);
    const reply = await run.reply;
    assert.ok(reply.kind === 'stream');
    assert.equal(new FakeReader(reply.stream).read().said, 'Paris');
    assert.deepEqual(run.attempts(), ['first a/m failed', 'escalation b/m completed']);
  });

  it('promise 11: lets a stream go that is too long to be held, at the pace of its reader', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({ check: 'logprobs' }, STREAMED);
    const piece = 'x'.repeat(100_000);
    bench.last('a').sse();
    for (let count = 0; count < 11; count += 1) bench.last('a').data(frame(piece, -9));
    const reply = await run.reply;
    assert.ok(reply.kind === 'stream');
    assert.match(reply.headers['x-causeway-warnings'] ?? '', /too long to be checked/);
    const reader = new FakeReader(reply.stream);
    reader.hasRoom = false;
    reader.read();
    bench.last('a').data(frame('y', -9));
    bench.last('a').data(frame('z', -9));
    assert.ok(bench.last('a').paused);
    reader.hasRoom = true;
    reply.stream.resume();
    for (let count = 0; count < 20; count += 1) reply.stream.resume();
    bench.last('a').data(END);
    assert.equal(reader.said, `${piece.repeat(11)}yz`);
    assert.ok(!reader.text.includes('"logprob"'));
    assert.deepEqual(
      reader.terminals.map(({ kind }) => kind),
      ['completed'],
    );
    assert.equal(bench.exchanges('b').length, 0);
  });
});

describe('a stream that is let go', () => {
  it('promise 11: is ended when its reader leaves', async () => {
    const bench = new CascadeBench();
    const run = bench.cascade({}, STREAMED);
    bench.last('a').sse();
    for (let count = 0; count < 11; count += 1) bench.last('a').data(openAiFrame({ content: 'x'.repeat(100_000) }));
    const reply = await run.reply;
    assert.ok(reply.kind === 'stream');
    const reader = new FakeReader(reply.stream).read();
    reply.stream.abort('client');
    assert.ok(bench.last('a').freed);
    assert.deepEqual(
      reader.terminals.map(({ kind }) => kind),
      ['aborted'],
    );
    assert.deepEqual(run.attempts(), ['first a/m aborted']);
  });
});
