import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import type { ReplyStream } from '../../../core/reply.ts';
import { pacedStream } from './paced-stream.ts';
import { piecesOf, tokensOf } from './token-pieces.ts';

const COMPLETED: Terminal = { kind: 'completed', finishReason: 'stop', usage: undefined };

function text(said: string): StreamEvent {
  return { type: 'text-delta', choice: 0, index: 0, text: said };
}

/** Reads a stream, and writes down what it gets and when. */
class Reader {
  said = '';
  readonly at: number[] = [];
  readonly terminals: Terminal[] = [];
  full = false;
  leaveAfter = Number.POSITIVE_INFINITY;
  readonly stream: ReplyStream;

  constructor(stream: ReplyStream, clock: FakeClock) {
    this.stream = stream;
    stream.read({
      item: ({ events }) => {
        for (const event of events) if (event.type === 'text-delta') this.said += event.text;
        this.at.push(clock.monotonic());
        if (this.at.length >= this.leaveAfter) stream.abort('client');
        return !this.full;
      },
      terminal: (terminal) => this.terminals.push(terminal),
    });
  }
}

function paced(events: readonly StreamEvent[], tokensPerSecond: number): { clock: FakeClock; reader: Reader } {
  const clock = new FakeClock();
  const stream = pacedStream(piecesOf(events), COMPLETED, { tokensPerSecond, clock, scheduler: clock });
  return { clock, reader: new Reader(stream, clock) };
}

describe('a paced stream', () => {
  it('says a token after the other, at the pace that is set', () => {
    const { clock, reader } = paced([{ type: 'message-start' }, text('one two three four'), { type: 'end' }], 100);
    assert.equal(reader.said, 'one');
    clock.advance(10);
    assert.equal(reader.said, 'one two');
    clock.advance(15);
    assert.equal(reader.said, 'one two three');
    assert.deepEqual(reader.terminals, []);
    clock.advance(15);
    assert.equal(reader.said, 'one two three four');
    assert.deepEqual(reader.terminals, [COMPLETED]);
    assert.equal(clock.waiting, 0);
  });

  it('is fast where timers are too coarse for the pace', () => {
    const words = Array.from({ length: 1000 }, () => 'word').join(' ');
    const { clock, reader } = paced([text(words)], 10_000);
    clock.advance(50);
    const half = reader.said.length / words.length;
    assert.ok(half > 0.4 && half < 0.6, `${half} of it after half of the time`);
    clock.advance(60);
    assert.deepEqual(reader.terminals, [COMPLETED]);
  });

  it('waits for a slow reader, and does not hurry after it', () => {
    const { clock, reader } = paced([text('a b c d')], 100);
    reader.full = true;
    clock.advance(1000);
    assert.equal(reader.said, 'a b');
    assert.equal(clock.waiting, 0);
    reader.full = false;
    reader.stream.resume();
    assert.equal(reader.said, 'a b c');
    clock.advance(5);
    assert.equal(reader.said, 'a b c');
  });
});

const step = fc.oneof(
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(60) }),
  fc.record({ do: fc.constantFrom('full', 'free', 'resume', 'abort') }),
);

it('promise 1: whoever pauses, goes on or leaves when, a paced stream has one end and loses nothing before it', () => {
  const scenario = fc.record({
    texts: fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 4 }),
    tokensPerSecond: fc.constantFrom(1, 50, 300, 100_000),
    leaveAfter: fc.oneof({ weight: 4, arbitrary: fc.constant(1e9) }, { weight: 1, arbitrary: fc.nat(10) }),
    steps: fc.array(step, { maxLength: 20 }),
  });
  fc.assert(
    fc.property(scenario, ({ texts, tokensPerSecond, leaveAfter, steps }) => {
      const { clock, reader } = paced([...texts.map(text), { type: 'end' }], tokensPerSecond);
      reader.leaveAfter = leaveAfter;
      for (const one of steps) {
        if ('ms' in one) clock.advance(one.ms);
        else if (one.do === 'abort') reader.stream.abort('client');
        else if (one.do === 'resume') reader.stream.resume();
        else reader.full = one.do === 'full';
        assert.ok(texts.join('').startsWith(reader.said));
      }
      reader.full = false;
      reader.stream.resume();
      clock.advance(1_000_000);
      const [terminal, ...more] = reader.terminals;
      assert.deepEqual(more, []);
      if (terminal?.kind === 'completed') assert.equal(reader.said, texts.join(''));
      else assert.equal(terminal?.kind, 'aborted');
      assert.equal(clock.waiting, 0, 'a timer is left');
    }),
    { numRuns: 500 },
  );
});

it('promise 2: the tokens of a text are the text', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.lorem());
  fc.assert(fc.property(anyText, (said) => assert.equal(tokensOf(said).join(''), said)));
  assert.deepEqual(tokensOf('Hello, world. 你好!'), ['Hello', ',', ' world', '.', ' 你', '好', '!']);
});
