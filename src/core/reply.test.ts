import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import type { AbortedBy } from './cancellation.ts';
import { GatewayError } from './errors.ts';
import type { Terminal } from './events.ts';
import { ReplyStream, type StreamItem } from './reply.ts';

const COMPLETED: Terminal = { kind: 'completed', finishReason: 'stop', usage: undefined };
const FAILED: Terminal = { kind: 'failed', error: new GatewayError('stream_interrupted'), usage: undefined };

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant('push' as const) },
  fc.constantFrom('read', 'resume', 'complete', 'fail', 'abort', 'cancel-in-item', 'full', 'free' as const),
);

/** A stream whose reader and producer write down what happens to them. */
class Bench {
  readonly items: number[] = [];
  readonly terminals: Terminal[] = [];
  readonly watched: Terminal[] = [];
  readonly cancels: AbortedBy[] = [];
  afterTerminal = 0;
  full = false;
  abortOnItem = false;
  pushed = 0;
  #reading = false;
  readonly stream = new ReplyStream({
    pause() {},
    resume() {},
    cancel: (by) => void this.cancels.push(by),
  });

  constructor() {
    this.stream.observe({ terminal: (terminal) => void this.watched.push(terminal) });
  }

  read(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.stream.read({
      item: (item) => {
        if (this.terminals.length > 0) this.afterTerminal += 1;
        this.items.push(Number(Buffer.from(item.bytes ?? []).toString()));
        if (this.abortOnItem) this.stream.abort('client');
        return !this.full;
      },
      terminal: (terminal) => void this.terminals.push(terminal),
    });
  }

  push(): void {
    this.pushed += 1;
    const item: StreamItem = { bytes: Buffer.from(String(this.pushed)), events: [] };
    this.stream.push(item);
  }

  do(what: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
    if (what === 'push') this.push();
    else if (what === 'read') this.read();
    else if (what === 'resume') this.stream.resume();
    else if (what === 'complete') this.stream.end(COMPLETED);
    else if (what === 'fail') this.stream.end(FAILED);
    else if (what === 'abort') this.stream.abort('client');
    else if (what === 'cancel-in-item') this.abortOnItem = true;
    else this.full = what === 'full';
  }
}

test('promise 1: exactly one terminal event under any order of pushes, ends, reads and aborts', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const bench = new Bench();
      for (const what of steps) bench.do(what);
      bench.full = false;
      bench.read();
      bench.stream.end(COMPLETED);
      bench.stream.resume();
      bench.do('abort');
      assert.equal(bench.terminals.length, 1);
      assert.deepEqual(bench.watched, bench.terminals, 'watchers see the same one');
      assert.equal(bench.stream.terminal, bench.terminals[0]);
      assert.equal(bench.afterTerminal, 0, 'nothing follows it');
      assert.ok(bench.cancels.length <= 1);
      const inOrder = bench.items.every((item, at) => item === at + 1);
      assert.ok(inOrder, `items in order and without gaps: ${bench.items.join(' ')}`);
      bench.push();
      assert.equal(bench.items.includes(bench.pushed), false);
    }),
    { numRuns: 2000 },
  );
});

test('a reader that leaves before the last item was taken makes it aborted', () => {
  const bench = new Bench();
  bench.full = true;
  bench.read();
  bench.push();
  bench.push();
  bench.stream.end(COMPLETED);
  assert.deepEqual(bench.items, [1]);
  bench.stream.abort('client');
  assert.deepEqual(
    bench.terminals.map(({ kind }) => kind),
    ['aborted'],
  );
  assert.deepEqual(bench.cancels, [], 'the producer had ended');
});

test('promise 11: a slow reader pauses the producer and a ready one resumes it', () => {
  const calls: string[] = [];
  let room = false;
  const stream = new ReplyStream({
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
    cancel() {},
  });
  stream.read({ item: () => room, terminal() {} });
  calls.length = 0;
  stream.push({ events: [] });
  assert.deepEqual(calls, ['pause']);
  room = true;
  stream.resume();
  assert.deepEqual(calls, ['pause', 'resume']);
});

test('a stream has one reader', () => {
  const bench = new Bench();
  bench.read();
  assert.throws(() => bench.stream.read({ item: () => true, terminal() {} }));
});
