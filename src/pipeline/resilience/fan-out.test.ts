import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { FakeReader } from '../../../test/support/attempt-bench.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import type { AbortedBy } from '../../core/cancellation.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../core/events.ts';
import { type Reply, ReplyStream } from '../../core/reply.ts';
import { type Copy, fanOut } from './fan-out.ts';

const USAGE = { inputTokens: 10, outputTokens: 3 };
const DONE: Terminal = { kind: 'completed', finishReason: 'stop', usage: USAGE };

function text(said: string): StreamEvent {
  return { type: 'text-delta', choice: 0, index: 0, text: said };
}

/** One attempt that streams what the test says. */
class FakeAttempt implements Copy {
  readonly cancelled: AbortedBy[] = [];
  isPaused = false;
  readonly stream = new ReplyStream({
    pause: () => (this.isPaused = true),
    resume: () => (this.isPaused = false),
    cancel: (by) => this.cancelled.push(by),
  });
  readonly reply: Promise<Reply> = Promise.resolve({
    kind: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    translated: true,
    stream: this.stream,
  });

  cancel(by: AbortedBy): void {
    this.stream.abort(by);
  }

  say(...events: StreamEvent[]): void {
    this.stream.push({ events });
  }
}

async function readerOf(attempts: readonly FakeAttempt[]): Promise<FakeReader> {
  const reply = await fanOut(makeCall(), attempts);
  assert.equal(reply.kind, 'stream');
  return new FakeReader(reply.stream).read();
}

/** What each answer said, in order. */
function saidBy(reader: FakeReader, count: number): string[] {
  const said = Array.from({ length: count }, () => '');
  for (const event of reader.items.flatMap(({ events }) => events)) {
    if (event.type === 'text-delta') said[event.choice] += event.text;
  }
  return said;
}

describe('several answers side by side', () => {
  it('are the choices of one stream, whatever the order in which they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        async (answers, random) => {
          const attempts = answers.map(() => new FakeAttempt());
          const reader = await readerOf(attempts);
          const left = answers.map((parts) => [...parts, undefined]);
          while (left.some((parts) => parts.length > 0)) {
            const open = left.flatMap((parts, at) => (parts.length > 0 ? [at] : []));
            const at = open[(random.next().value as number) % open.length] ?? 0;
            const part = left[at]?.shift();
            if (part === undefined) {
              attempts[at]?.say({ type: 'usage', usage: USAGE }, { type: 'end' });
              attempts[at]?.stream.end(DONE);
            } else attempts[at]?.say(text(part));
          }
          assert.deepEqual(
            saidBy(reader, answers.length),
            answers.map((parts) => parts.join('')),
          );
          const usage = { inputTokens: 10 * answers.length, outputTokens: 3 * answers.length };
          assert.deepEqual(reader.terminals, [{ kind: 'completed', finishReason: 'stop', usage }]);
          const events = reader.items.flatMap((item) => item.events);
          assert.deepEqual(events.slice(-2), [{ type: 'usage', usage }, { type: 'end' }]);
          assert.equal(events.filter(({ type }) => type === 'usage').length, 1);
        },
      ),
    );
  });

  it('promise 1: fail together: where one is cut, the others are ended and the stream says so', async () => {
    const attempts = [new FakeAttempt(), new FakeAttempt(), new FakeAttempt()];
    const reader = await readerOf(attempts);
    attempts[0]?.stream.end(DONE);
    const error = new GatewayError('stream_interrupted');
    attempts[1]?.stream.end({ kind: 'failed', error, usage: USAGE });
    assert.deepEqual(reader.terminals, [{ kind: 'failed', error, usage: USAGE }]);
    assert.deepEqual(
      attempts.map(({ cancelled }) => cancelled),
      [[], [], ['client']],
    );
  });

  it('promise 11: are all ended when the reader leaves, and wait when it is slow', async () => {
    const attempts = [new FakeAttempt(), new FakeAttempt()];
    const reader = await readerOf(attempts);
    reader.hasRoom = false;
    attempts[0]?.say(text('a'));
    attempts[1]?.say(text('b'));
    attempts[1]?.say(text('c'));
    assert.deepEqual(
      attempts.map(({ isPaused }) => isPaused),
      [true, true],
    );
    reader.hasRoom = true;
    reader.stream.resume();
    assert.deepEqual(saidBy(reader, 2), ['a', 'bc']);
    assert.deepEqual(
      attempts.map(({ isPaused }) => isPaused),
      [false, false],
    );
    reader.stream.abort('client');
    assert.deepEqual(
      attempts.map(({ cancelled }) => cancelled),
      [['client'], ['client']],
    );
    assert.equal(reader.terminals.length, 1);
  });

  it('are refused together where one is refused', async () => {
    const refused = new GatewayError('provider_rate_limited');
    const running = new FakeAttempt();
    const failing: Copy = { reply: Promise.reject(refused), cancel: () => {} };
    await assert.rejects(fanOut(makeCall(), [running, failing]), refused);
    assert.deepEqual(running.cancelled, ['client']);
  });

  it('count the tokens of all of them, where they are whole', async () => {
    const whole = (said: string): Copy => ({
      cancel: () => {},
      reply: Promise.resolve({
        kind: 'translated',
        status: 200,
        headers: {},
        events: [{ type: 'message-start' }, text(said), { type: 'usage', usage: USAGE }, { type: 'end' }],
        terminal: DONE,
      }),
    });
    const reply = await fanOut(makeCall(), [whole('a'), whole('b')]);
    assert.equal(reply.kind, 'translated');
    assert.deepEqual(reply.events, [
      { type: 'message-start' },
      text('a'),
      { ...text('b'), choice: 1 },
      { type: 'usage', usage: { inputTokens: 20, outputTokens: 6 } },
      { type: 'end' },
    ]);
    assert.deepEqual(reply.terminal.usage, { inputTokens: 20, outputTokens: 6 });
  });
});
