import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeReader } from '../../../../test/support/attempt-bench.ts';
import type { CallParts } from '../../../../test/support/make-call.ts';
import { RouteBench, type RouteRun, refusal, turn } from '../../../../test/support/route-bench.ts';
import {
  DONE,
  OPENAI_HELLO,
  OPENAI_ROLE,
  OPENAI_STOP,
  OPENAI_USAGE,
  openAiFrame,
} from '../../../../test/support/wire-texts.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import { USUAL_POLICY } from '../route/policy.ts';

const ASKED = { model: 'chat', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
const END = OPENAI_STOP + OPENAI_USAGE + DONE;

interface Started {
  readonly bench: RouteBench;
  readonly run: RouteRun;
  readonly reader: FakeReader;
}

interface Options {
  readonly targets?: readonly string[];
  readonly policy?: Partial<RoutePolicy>;
  readonly call?: CallParts;
  /** What the first one says before the test goes on. */
  readonly first?: string;
}

async function start({ targets = ['a', 'b', 'c'], policy, call, first = OPENAI_ROLE + OPENAI_HELLO }: Options = {}) {
  const bench = new RouteBench({ targets, policy: { continue: true, ...policy } });
  const run = bench.send({ json: ASKED, ...call });
  await begin(bench, 'a', first);
  return { bench, run, reader: await readerOf(run) } satisfies Started;
}

async function begin(bench: RouteBench, name: string, said: string): Promise<void> {
  bench.last(name).sse();
  bench.last(name).data(said);
  await turn();
}

async function readerOf({ reply }: RouteRun): Promise<FakeReader> {
  const answer = await reply;
  assert.equal(answer.kind, 'stream');
  return new FakeReader(answer.stream).read();
}

function more(text: string): string {
  return openAiFrame({ content: text });
}

function sentTo(bench: RouteBench, name: string): JsonObject {
  return JSON.parse(Buffer.from(bench.last(name).request.body ?? '').toString()) as JsonObject;
}

function endings({ terminals }: FakeReader): string[] {
  return terminals.map((terminal) => (terminal.kind === 'failed' ? terminal.error.code : terminal.kind));
}

describe('a stream that breaks off', () => {
  it('goes on at the next target, in the same text', async () => {
    const { bench, run, reader } = await start();
    await bench.fail('a', 'broken');
    assert.deepEqual(endings(reader), []);
    await begin(bench, 'b', OPENAI_ROLE + more(', dear reader') + END);
    bench.last('b').end();
    assert.equal(reader.said, 'Hello, dear reader');
    assert.deepEqual(endings(reader), ['completed']);
    assert.deepEqual(run.attempts(), ['first a/m failed', 'continuation b/m completed']);
    assert.equal(run.call.attempts.all[1]?.opening.retryOf, 0);
    assert.deepEqual(run.call.warnings, [
      'answer: broke off at a/m (stream_interrupted) and goes on at b/m, which was asked to go on since it takes no prefill',
    ]);
    assert.equal(bench.exchanges('c').length, 0);
    assert.equal(bench.clock.waiting, 0, 'no timer is left');
  });

  it('asks with the conversation, the text so far and the wish to go on', async () => {
    const json = {
      ...ASKED,
      temperature: 0.5,
      max_tokens: 100,
      metadata: { a: 'b' },
      stream_options: { include_usage: true },
    };
    const headers = { 'idempotency-key': 'one' };
    const { bench } = await start({ call: { json, headers } });
    await bench.fail('a', 'broken');
    const sent = sentTo(bench, 'b');
    const messages = sent['messages'] as JsonObject[];
    assert.deepEqual(
      messages.map(({ role }) => role),
      ['user', 'assistant', 'user'],
    );
    assert.deepEqual([sent['model'], sent['stream'], sent['temperature']], ['m', true, 0.5]);
    assert.equal(bench.last('a').request.headers['idempotency-key'], 'one');
    assert.equal(bench.last('b').request.headers['idempotency-key'], undefined);
  });

  it('is read as one answer, of which the usage is that of both attempts', async () => {
    const { bench, run, reader } = await start();
    await bench.fail('a', 'broken');
    await begin(bench, 'b', OPENAI_ROLE + more(' you') + END);
    const [first, second] = run.call.attempts.all.map(({ closing }) => closing);
    assert.deepEqual([first?.usageSource, second?.usageSource], ['assumed', 'reported']);
    const [terminal] = reader.terminals;
    assert.equal(terminal?.usage?.inputTokens, 1000 + (first?.usage?.inputTokens ?? Number.NaN));
    assert.equal(terminal?.usage?.outputTokens, 500 + (first?.usage?.outputTokens ?? Number.NaN));
    const events = reader.items.flatMap((item) => item.events);
    assert.equal(events.filter(({ type }) => type === 'message-start').length, 1);
    assert.equal(events.filter(({ type }) => type === 'finish').length, 1);
    assert.ok(reader.items.every(({ bytes }) => bytes === undefined));
  });

  for (const [what, fault] of [
    ['an error event', `data: ${JSON.stringify(refusal('server_error'))}\n\n`],
    ['a broken chunk', 'data: {"choices": [\n\n'],
  ] as const) {
    it(`goes on after ${what}`, async () => {
      const { bench, reader } = await start();
      bench.last('a').data(fault);
      await turn();
      await begin(bench, 'b', more(' again') + END);
      assert.equal(reader.said, 'Hello again');
      assert.deepEqual(endings(reader), ['completed']);
    });
  }

  it('goes on after a silence', async () => {
    const { bench, run, reader } = await start();
    await bench.fail('a', 'timeout');
    await begin(bench, 'b', more(' again') + END);
    assert.deepEqual(endings(reader), ['completed']);
    assert.deepEqual(run.attempts(), ['first a/m failed', 'continuation b/m completed']);
  });

  it('promise 1: ends in an error where the second breaks off, too: it goes on once', async () => {
    const { bench, run, reader } = await start();
    await bench.fail('a', 'broken');
    await begin(bench, 'b', more(' and'));
    await bench.fail('b', 'broken');
    assert.equal(reader.said, 'Hello and');
    assert.deepEqual(endings(reader), ['stream_interrupted']);
    assert.deepEqual(run.attempts(), ['first a/m failed', 'continuation b/m failed']);
  });

  it('promise 1: ends in the first error where the second does not begin', async () => {
    const { bench, run, reader } = await start();
    await bench.fail('a', 'broken');
    await bench.answer('b', 400, refusal('context_length_exceeded'));
    assert.deepEqual(endings(reader), ['stream_interrupted']);
    assert.deepEqual(run.attempts(), ['first a/m failed', 'continuation b/m failed']);
  });

  for (const [what, first] of [
    ['no text was said', OPENAI_ROLE + openAiFrame({ reasoning_content: 'hm' })],
    [
      'a tool call has begun',
      OPENAI_HELLO + openAiFrame({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{' } }] }),
    ],
    ['it has its finish reason', OPENAI_HELLO + OPENAI_STOP],
    ['it refuses', OPENAI_HELLO + openAiFrame({ refusal: 'I cannot' })],
  ] as const) {
    it(`ends in an error where ${what}`, async () => {
      const { bench, run, reader } = await start({ first });
      await bench.fail('a', 'broken');
      assert.deepEqual(endings(reader), ['stream_interrupted']);
      assert.deepEqual(run.attempts(), ['first a/m failed']);
    });
  }

  it('ends in an error where the answer is held to a form, and nobody takes a prefill', async () => {
    const { bench, run, reader } = await start({
      call: { json: { ...ASKED, response_format: { type: 'json_object' } } },
    });
    await bench.fail('a', 'broken');
    assert.deepEqual(endings(reader), ['stream_interrupted']);
    assert.equal(run.attempts().length, 1);
  });

  it('ends in an error where there is no other target, or the budget of retries is used up', async () => {
    for (const options of [
      { targets: ['a'] },
      { policy: { retries: { ...USUAL_POLICY.retries, budget: { share: 0, perSecond: 0 } } } },
    ]) {
      const { bench, run, reader } = await start(options);
      await bench.fail('a', 'broken');
      assert.deepEqual(endings(reader), ['stream_interrupted']);
      assert.equal(run.attempts().length, 1);
      for (const { queue, breaker } of bench.deps.targets.all) {
        assert.deepEqual([queue.inFlight, breaker.snapshot().probesInFlight], [0, 0]);
      }
    }
  });

  it('goes on at the one after a target that is left alone, and at one before where there is none behind', async () => {
    const { bench } = await start({ policy: { breaker: { ...USUAL_POLICY.breaker, failures: 1 } } });
    await bench.fail('a', 'broken');
    await bench.answer('b', 500, refusal());
    const again = bench.send({ json: ASKED });
    await begin(bench, 'c', OPENAI_HELLO);
    const reader = await readerOf(again);
    await bench.fail('c', 'broken');
    assert.deepEqual(endings(reader), ['stream_interrupted'], 'all others are left alone');
    bench.clock.advance(USUAL_POLICY.breaker.openFor);
    const third = bench.send({ json: ASKED });
    await bench.answer('a', 500, refusal());
    await begin(bench, 'b', OPENAI_HELLO);
    await readerOf(third);
    await bench.fail('b', 'broken');
    assert.deepEqual(third.attempts(), ['first a/m failed', 'fallback b/m failed', 'continuation c/m …']);
  });

  it('promise 11: makes the provider of either answer wait for a slow reader', async () => {
    const { bench, reader } = await start();
    reader.hasRoom = false;
    bench.last('a').data(more(' a') + more(' b'));
    assert.equal(bench.last('a').paused, true);
    await bench.fail('a', 'broken');
    assert.equal(bench.exchanges('b').length, 0, 'nobody goes on before the reader has read it');
    reader.hasRoom = true;
    reader.stream.resume();
    await turn();
    await begin(bench, 'b', more(' c'));
    reader.hasRoom = false;
    bench.last('b').data(more(' d'));
    assert.equal(bench.last('b').paused, true);
    bench.last('b').data(more(' e'));
    reader.hasRoom = true;
    reader.stream.resume();
    assert.equal(bench.last('b').paused, false);
    bench.last('b').data(END);
    assert.equal(reader.said, 'Hello a b c d e');
    assert.deepEqual(endings(reader), ['completed']);
  });

  for (const [who, leave] of [
    [
      'a client that leaves',
      ({ run, reader }: Started) => (run.call.cancellation.cancel('client'), reader.stream.abort('client')),
    ],
    ['a reader that gives up', ({ reader }: Started) => reader.stream.abort('client')],
    ['a call that is cancelled', ({ run }: Started) => run.call.cancellation.cancel('client')],
  ] as const) {
    for (const when of ['waiting', 'asked', 'running'] as const) {
      it(`promise 11: is over at once for ${who} while the second is ${when}`, async () => {
        const policy = { queue: { ...USUAL_POLICY.queue, concurrency: 1 } };
        const started = await start({ targets: ['a', 'b'], policy });
        const { bench, run, reader } = started;
        const targets = [{ provider: 'b', model: 'm' }];
        const other = when === 'waiting' ? bench.send({ assignment: { ...assignmentOf(run), targets } }) : undefined;
        await bench.fail('a', 'broken');
        if (when === 'running') await begin(bench, 'b', more(' and'));
        leave(started);
        await turn();
        assert.equal(bench.last('b').aborts > 0, when !== 'waiting');
        if (other) await bench.answer('b');
        await turn();
        assert.deepEqual(
          reader.terminals.map((terminal) => terminal.kind === 'aborted' && terminal.by),
          ['client'],
        );
        const outcomes = when === 'waiting' ? [] : ['continuation b/m aborted'];
        assert.deepEqual(run.attempts(), ['first a/m failed', ...outcomes]);
        assert.deepEqual(
          [...bench.deps.targets.all].map(({ queue }) => queue.inFlight),
          [0, 0],
        );
      });
    }
  }
});

function assignmentOf({ call }: RouteRun): NonNullable<typeof call.assignment> {
  assert.ok(call.assignment);
  return call.assignment;
}

describe('an answer that could be relayed', () => {
  for (const [what, options] of [
    ['the operator does not ask for it', { policy: { continue: false } }],
    ['it is one of several', { call: { json: { ...ASKED, n: 2 } } }],
    ['it has log probabilities', { call: { json: { ...ASKED, logprobs: true } } }],
    ['the request is in nobody else’s words', { call: { json: { ...ASKED, web_search_options: {} } } }],
    ['its provider keeps something of it', { call: { keeps: true } }],
  ] as const) {
    it(`is relayed byte by byte where ${what}`, async () => {
      const { bench, run, reader } = await start(options);
      bench.last('a').data(END);
      assert.equal(reader.text.replaceAll(OPENAI_USAGE, ''), OPENAI_ROLE + OPENAI_HELLO + OPENAI_STOP + DONE);
      assert.equal(((await run.reply) as { translated?: boolean }).translated, false);
    });
  }

  it('is events where another one may have to follow it', async () => {
    const { bench, run, reader } = await start();
    bench.last('a').data(END);
    assert.deepEqual(endings(reader), ['completed']);
    assert.equal(reader.text, '');
    const { translated, rewritten } = (await run.reply) as { translated?: boolean; rewritten?: boolean };
    assert.deepEqual([translated, rewritten], [true, true]);
  });
});
