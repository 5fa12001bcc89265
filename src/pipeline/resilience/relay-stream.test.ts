import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Bench, type BenchOptions, type FakeReader, startAttempt } from '../../../test/support/attempt-bench.ts';
import {
  ANTHROPIC_BLOCK,
  ANTHROPIC_END,
  ANTHROPIC_HELLO,
  ANTHROPIC_START,
  DONE,
  OPENAI_HELLO,
  OPENAI_ROLE,
  OPENAI_STOP,
  OPENAI_USAGE,
  anthropicFrame,
} from '../../../test/support/wire-texts.ts';

const SAID = { inputTokens: 1000, outputTokens: 500 };

function startStream(options: BenchOptions = {}): Bench {
  const bench = startAttempt({ ...options, facts: { stream: true, ...options.facts } });
  bench.upstream.sse();
  return bench;
}

/** A stream whose first content is out, with a reader on it. */
async function begun(options: BenchOptions = {}): Promise<{ bench: Bench; reader: FakeReader }> {
  const bench = startStream(options);
  bench.upstream.data(OPENAI_HELLO);
  return { bench, reader: (await bench.reader()).read() };
}

async function pending(bench: Bench): Promise<boolean> {
  const nothing = Symbol('nothing');
  await new Promise((resolve) => void setImmediate(resolve));
  return (await Promise.race([bench.reply.catch(() => 0), Promise.resolve(nothing)])) === nothing;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

describe('a relayed stream', () => {
  it('comes as it came, but for the usage frame that the client did not ask for', async () => {
    const bench = startStream();
    bench.upstream.data(OPENAI_ROLE + OPENAI_HELLO + OPENAI_STOP);
    const reader = (await bench.reader()).read();
    bench.upstream.data(OPENAI_USAGE + DONE);
    bench.upstream.end();
    assert.equal(reader.text, OPENAI_ROLE + OPENAI_HELLO + OPENAI_STOP + DONE);
    assert.equal(reader.said, 'Hello');
    assert.deepEqual(reader.terminals, [{ kind: 'completed', finishReason: 'stop', usage: SAID }]);
    assert.deepEqual(bench.attempt.closing, {
      outcome: 'completed',
      errorCode: undefined,
      usage: SAID,
      usageSource: 'reported',
      costNanoUsd: 450_000,
      costSource: 'priced',
    });
    assert.equal(bench.attempt.responseModel, 'gpt-4o-mini-2024-07-18');
  });

  it('takes the usage frame out wherever it stands in a read, and leaves the rest', async () => {
    const parts = [OPENAI_HELLO, OPENAI_STOP, OPENAI_USAGE, DONE];
    for (const cut of [OPENAI_HELLO.length, OPENAI_HELLO.length + OPENAI_STOP.length + 10]) {
      const bench = startStream();
      bench.upstream.data(parts.join('').slice(0, cut));
      bench.upstream.data(parts.join('').slice(cut));
      assert.equal((await bench.reader()).read().text, OPENAI_HELLO + OPENAI_STOP + DONE);
    }
  });

  it('keeps the usage frame that the client asked for', async () => {
    const json = { model: 'gpt-4o-mini', stream: true, stream_options: { include_usage: true } };
    const bench = startStream({ json });
    bench.upstream.data(OPENAI_HELLO + OPENAI_STOP + OPENAI_USAGE + DONE);
    assert.equal((await bench.reader()).read().text, OPENAI_HELLO + OPENAI_STOP + OPENAI_USAGE + DONE);
  });

  it('carries headers of its own and of the provider, and no cost, which is not known yet', async () => {
    const bench = startAttempt({ facts: { stream: true } });
    bench.upstream.head(200, {
      'content-type': 'text/event-stream',
      'x-request-id': 'req_1',
      'set-cookie': 'a=b',
      'transfer-encoding': 'chunked',
    });
    bench.upstream.data(OPENAI_HELLO);
    const { headers, status } = await bench.reply;
    assert.equal(status, 200);
    assert.deepEqual(headers, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-request-id': 'req_1',
      'x-causeway-request-id': bench.call.id,
      'x-causeway-target': 'openai/gpt-4o-mini',
      'x-causeway-attempts': '1',
    });
  });

  it('notes when the first content came, and not the first frame', async () => {
    const bench = startStream();
    bench.clock.advance(10);
    bench.upstream.data(OPENAI_ROLE);
    bench.clock.advance(40);
    bench.upstream.data(OPENAI_HELLO);
    bench.clock.advance(40);
    bench.upstream.data(OPENAI_HELLO);
    await bench.reply;
    assert.equal(bench.attempt.firstContentAt, 50);
  });

  it('relays Anthropic as it came, and merges what it reports of its tokens', async () => {
    const bench = startStream({ type: 'anthropic', facts: { model: 'claude-haiku-4-5' } });
    const ping = anthropicFrame('ping', {});
    bench.upstream.data(ANTHROPIC_START + ping + ANTHROPIC_BLOCK + ANTHROPIC_HELLO);
    const reader = (await bench.reader()).read();
    bench.upstream.data(ANTHROPIC_END);
    bench.upstream.end();
    assert.equal(reader.text, ANTHROPIC_START + ping + ANTHROPIC_BLOCK + ANTHROPIC_HELLO + ANTHROPIC_END);
    const usage = { inputTokens: 100, outputTokens: 20 };
    assert.deepEqual(reader.terminals, [{ kind: 'completed', finishReason: 'stop', usage }]);
    assert.equal(bench.attempt.closing?.costNanoUsd, 200_000);
  });

  it('is whole without [DONE] where a compatible server leaves it out, also without the last blank line', async () => {
    const bench = startStream({ type: 'openai-compatible', facts: { model: 'm' } });
    bench.upstream.data(OPENAI_HELLO + OPENAI_STOP.trimEnd());
    bench.upstream.end();
    const reader = (await bench.reader()).read();
    assert.equal(reader.terminals[0]?.kind, 'completed');
    assert.equal(reader.text, OPENAI_HELLO + OPENAI_STOP);
    assert.equal(bench.attempt.closing?.usageSource, 'assumed');
  });

  it('is over with its last word: what follows is not relayed, and the connection does not stay', async () => {
    const { bench, reader } = await begun();
    bench.upstream.data(`${OPENAI_STOP}${DONE}${OPENAI_HELLO}`);
    assert.equal(reader.text, OPENAI_HELLO + OPENAI_STOP + DONE);
    assert.equal(reader.terminals.length, 1);
    assert.equal(bench.upstream.aborts, 0, 'a provider that ends in order keeps its connection');
    bench.upstream.data(OPENAI_HELLO);
    assert.equal(bench.upstream.aborts, 1, 'one that goes on does not');
    assert.equal(reader.text, OPENAI_HELLO + OPENAI_STOP + DONE);
  });
});

describe('the headers of a stream', () => {
  it('wait for the first content, and leave no timer behind', async () => {
    const before = timers();
    const bench = startStream();
    bench.upstream.data(OPENAI_ROLE);
    bench.upstream.data(': keep-alive\n\n');
    assert.equal(await pending(bench), true);
    assert.equal(timers(), before + 1);
    bench.upstream.data(OPENAI_HELLO);
    const reader = (await bench.reader()).read();
    assert.equal(reader.text, `${OPENAI_ROLE}: keep-alive\n\n${OPENAI_HELLO}`);
    assert.equal(timers(), before);
    reader.stream.abort('client');
  });

  it('wait no longer than they may', async () => {
    const bench = startStream({ holdHeadersMs: 1 });
    bench.upstream.data(OPENAI_ROLE);
    const reader = (await bench.reader()).read();
    assert.equal(reader.text, OPENAI_ROLE);
    bench.upstream.data(OPENAI_HELLO);
    assert.equal(reader.text, OPENAI_ROLE + OPENAI_HELLO);
    reader.stream.abort('client');
  });

  it('promise 11: do not wait while more than 1 MB is held', async () => {
    const bench = startStream();
    const comment = `: ${'x'.repeat(300_000)}\n\n`;
    for (let sent = 0; sent < 3; sent += 1) bench.upstream.data(comment);
    assert.equal(await pending(bench), true);
    bench.upstream.data(comment);
    assert.equal((await bench.reader()).read().text.length, comment.length * 4);
    bench.call.cancellation.cancel('client');
  });

  it('go with an answer that has nothing but its end', async () => {
    const before = timers();
    const bench = startStream();
    bench.upstream.data(OPENAI_ROLE);
    bench.upstream.data(DONE);
    const reader = (await bench.reader()).read();
    assert.equal(reader.terminals[0]?.kind, 'completed');
    assert.equal(timers(), before);
  });
});

describe('promise 1: before the first content, a stream that fails is an error with a status', () => {
  const rows: [string, (bench: Bench) => void, string][] = [
    [
      'an error event',
      ({ upstream }) => upstream.data('data: {"error":{"message":"m","code":429}}\n\n'),
      'provider_rate_limited',
    ],
    ['a malformed frame', ({ upstream }) => upstream.data('data: {"choices":[{\n\n'), 'provider_bad_response'],
    ['a cut', ({ upstream }) => upstream.fail('broken'), 'stream_interrupted'],
    ['an end in order without a last word', ({ upstream }) => upstream.end(), 'stream_interrupted'],
    ['silence', ({ upstream }) => upstream.fail('timeout'), 'provider_timeout'],
  ];
  for (const [what, happen, code] of rows) {
    it(`${what}: ${code}`, async () => {
      const before = timers();
      const bench = startStream();
      bench.upstream.data(OPENAI_ROLE);
      happen(bench);
      assert.equal((await bench.error()).code, code);
      assert.equal(bench.attempt.closing?.outcome, 'failed');
      assert.equal(bench.attempt.closing.errorCode, code);
      assert.ok(bench.upstream.freed);
      assert.equal(timers(), before);
      const { aborts } = bench.upstream;
      bench.call.cancellation.cancel('client');
      assert.equal(bench.upstream.aborts, aborts, 'nothing listens any more');
    });
  }
});

describe('promise 1: after the first content, a stream that fails never ends as if it were whole', () => {
  const rows: [string, (bench: Bench) => void, string][] = [
    [
      'an error event',
      ({ upstream }) => upstream.data('data: {"error":{"message":"m","code":429}}\n\n'),
      'provider_rate_limited',
    ],
    ['a malformed frame', ({ upstream }) => upstream.data('data: {"choices":[{\n\n'), 'provider_bad_response'],
    ['a cut', ({ upstream }) => upstream.fail('broken'), 'stream_interrupted'],
    ['an end in order without a last word', ({ upstream }) => upstream.end(), 'stream_interrupted'],
    ['silence', ({ upstream }) => upstream.fail('timeout'), 'stream_interrupted'],
  ];
  for (const [what, happen, code] of rows) {
    it(`${what}: ${code}`, async () => {
      const { bench, reader } = await begun();
      happen(bench);
      const [terminal] = reader.terminals;
      assert.ok(terminal?.kind === 'failed' && terminal.error.code === code);
      assert.equal(reader.text, OPENAI_HELLO, 'the frame at fault is not shown');
      assert.equal(bench.attempt.closing?.errorCode, code);
      assert.equal(bench.attempt.closing.usageSource, 'assumed');
      assert.ok(bench.upstream.freed);
    });
  }

  it('also where the cut is inside a frame', async () => {
    const { bench, reader } = await begun();
    bench.upstream.data(OPENAI_STOP.slice(0, 30));
    bench.upstream.end();
    assert.equal(reader.terminals[0]?.kind, 'failed');
    assert.equal(reader.text, OPENAI_HELLO);
  });

  it('also where a frame is too large to be one', async () => {
    const { bench, reader } = await begun();
    for (let sent = 0; sent <= 16; sent += 1) bench.upstream.data(Buffer.alloc(1 << 20, 'x'));
    const [terminal] = reader.terminals;
    assert.ok(terminal?.kind === 'failed' && terminal.error.code === 'provider_bad_response');
    assert.equal(bench.upstream.aborts, 1);
  });

  it('relays what came before an error in the same read', async () => {
    const bench = startStream();
    bench.upstream.data(`${OPENAI_HELLO}data: {"error":"m"}\n\n${DONE}`);
    const reader = (await bench.reader()).read();
    assert.equal(reader.text, OPENAI_HELLO);
    assert.deepEqual(
      reader.terminals.map(({ kind }) => kind),
      ['failed'],
    );
  });
});

describe('promise 6: a stream that does not end is settled by what was seen', () => {
  it('keeps the input that Anthropic reported at the start, and assumes the output', async () => {
    const bench = startStream({ type: 'anthropic', facts: { model: 'claude-haiku-4-5' } });
    bench.upstream.data(ANTHROPIC_START + ANTHROPIC_BLOCK + ANTHROPIC_HELLO);
    const reader = (await bench.reader()).read();
    reader.stream.abort('client');
    assert.equal(bench.attempt.closing?.usageSource, 'assumed');
    // "Hello, dear reader" has 18 characters.
    assert.deepEqual(bench.attempt.closing.usage, { inputTokens: 100, outputTokens: 5 });
  });

  it('assumes both where nothing was reported', async () => {
    const { bench, reader } = await begun();
    bench.upstream.fail('broken');
    const sent = bench.upstream.request.body?.length ?? 0;
    assert.deepEqual(bench.attempt.closing?.usage, { inputTokens: Math.ceil(sent / 4), outputTokens: 2 });
    assert.equal(reader.terminals[0]?.usage, undefined);
  });

  it('assumes by bytes, since a Chinese character is about as much as three letters', async () => {
    const { bench } = await begun();
    bench.upstream.data(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: '通过堤道' } }] })}\n\n`);
    bench.upstream.fail('broken');
    // The first content has 5 to 8 bytes, these four characters 12.
    assert.equal(bench.attempt.closing?.usage?.outputTokens, 5);
  });
});

describe('promise 11: a reader', () => {
  it('that is slow holds the provider back until it has room', async () => {
    const { bench, reader } = await begun();
    assert.equal(bench.upstream.paused, false);
    reader.hasRoom = false;
    bench.upstream.data(OPENAI_HELLO);
    assert.equal(bench.upstream.paused, true);
    bench.upstream.data(OPENAI_HELLO);
    assert.equal(reader.items.length, 2, 'what had been read already waits');
    reader.hasRoom = true;
    reader.stream.resume();
    assert.equal(reader.items.length, 3);
    assert.equal(bench.upstream.paused, false);
    reader.stream.abort('client');
  });

  it('that has not come yet holds it back too', async () => {
    const bench = startStream();
    bench.upstream.data(OPENAI_HELLO);
    const reader = await bench.reader();
    assert.equal(bench.upstream.paused, true);
    reader.read();
    assert.equal(bench.upstream.paused, false);
    reader.stream.abort('client');
  });

  it('that is slow at the end leaves no connection paused', async () => {
    const { bench, reader } = await begun();
    reader.hasRoom = false;
    bench.upstream.data(OPENAI_HELLO);
    bench.upstream.data(OPENAI_STOP + DONE);
    assert.equal(bench.upstream.paused, false, 'the end of its answer may be read');
    assert.equal(reader.terminals.length, 0);
    reader.hasRoom = true;
    reader.stream.resume();
    assert.equal(reader.terminals.at(-1)?.kind, 'completed');
  });

  it('that leaves aborts the provider, and what was used is settled before anyone is told', async () => {
    const { bench, reader } = await begun();
    let outcomeSeen: string | undefined;
    reader.stream.observe({ terminal: () => (outcomeSeen = bench.attempt.closing?.outcome) });
    reader.stream.abort('client');
    assert.equal(bench.upstream.aborts, 1);
    assert.equal(outcomeSeen, 'aborted');
    assert.deepEqual(reader.terminals, [{ kind: 'aborted', by: 'client', usage: undefined }]);
    assert.ok((bench.attempt.closing?.costNanoUsd ?? 0) > 0);
  });

  for (const by of ['client', 'deadline', 'shutdown'] as const) {
    it(`ends with the call that the ${by} ends, in mid-stream and while it is slow at the end`, async () => {
      const midway = await begun();
      midway.bench.call.cancellation.cancel(by);
      assert.deepEqual(midway.reader.terminals, [{ kind: 'aborted', by, usage: undefined }]);
      assert.ok(midway.bench.upstream.aborts > 0);
      assert.equal(midway.bench.attempt.closing?.outcome, 'aborted');

      const slow = await begun();
      slow.reader.hasRoom = false;
      slow.bench.upstream.data(OPENAI_HELLO);
      slow.bench.upstream.data(OPENAI_STOP + OPENAI_USAGE + DONE);
      slow.bench.call.cancellation.cancel(by);
      assert.deepEqual(slow.reader.terminals, [{ kind: 'aborted', by, usage: SAID }]);
      assert.equal(slow.bench.attempt.closing?.outcome, 'completed');
    });
  }

  it('that comes after the end of the call is told so', async () => {
    const bench = startStream();
    bench.upstream.data(OPENAI_HELLO);
    const reader = await bench.reader();
    bench.call.cancellation.cancel('deadline');
    const late: string[] = [];
    reader.stream.observe({ terminal: ({ kind }) => void late.push(kind) });
    assert.deepEqual(late, ['aborted']);
    assert.deepEqual(reader.read().terminals, [{ kind: 'aborted', by: 'deadline', usage: undefined }]);
    assert.equal(reader.text, '');
  });
});
