import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { Cancellation } from '../../../core/cancellation.ts';
import { GatewayError } from '../../../core/errors.ts';
import { Slot, SlotQueue, type SlotRequest } from './slot-queue.ts';

interface BenchOptions {
  readonly concurrency?: number;
  readonly size?: number;
  readonly maxWaitMs?: number;
}

/** A queue, and what became of each request by its name. */
class QueueBench {
  readonly clock = new FakeClock();
  readonly slots = new Map<string, Slot>();
  /** Names in the order in which they were given a slot. */
  readonly granted: string[] = [];
  readonly refused = new Map<string, GatewayError>();
  readonly queue: SlotQueue;
  concurrency: number;

  constructor({ concurrency = 1, size = 100, maxWaitMs = 30_000 }: BenchOptions = {}) {
    this.concurrency = concurrency;
    this.queue = new SlotQueue({
      concurrency: () => this.concurrency,
      size: () => size,
      maxWaitMs: () => maxWaitMs,
      clock: this.clock,
      scheduler: this.clock,
    });
  }

  ask(name: string, request: Partial<SlotRequest> = {}): void {
    const grant = (slot: Slot): void => {
      this.slots.set(name, slot);
      this.granted.push(name);
    };
    const refuse = (error: unknown): void => {
      assert.ok(error instanceof GatewayError);
      this.refused.set(name, error);
    };
    try {
      const outcome = this.queue.acquire({ owner: 'a', ...request });
      if (outcome instanceof Slot) grant(outcome);
      else void outcome.then(grant, refuse);
    } catch (error) {
      refuse(error);
    }
  }

  async release(name: string): Promise<void> {
    this.slots.get(name)?.release();
    await settled();
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

test('promise 11: so many are in flight, so many wait, and no more', async () => {
  const bench = new QueueBench({ concurrency: 2, size: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) bench.ask(name);
  assert.deepEqual(bench.granted, ['a', 'b']);
  assert.equal(bench.refused.get('e')?.code, 'queue_full');
  assert.equal(bench.queue.waiting, 2);
  await bench.release('b');
  await bench.release('b');
  assert.deepEqual(bench.granted, ['a', 'b', 'c']);
  assert.equal(bench.queue.inFlight, 2);
});

test('a full queue gives the place of the newest of the lowest priority to a newcomer of a higher one', async () => {
  const bench = new QueueBench({ size: 3 });
  bench.ask('held');
  bench.ask('old low', { priority: 2 });
  bench.ask('new low', { priority: 2 });
  bench.ask('middle', { priority: 4 });
  bench.ask('also low', { priority: 2 });
  bench.ask('high', { priority: 9 });
  await settled();
  assert.deepEqual([...bench.refused.keys()], ['also low', 'new low']);
  for (const name of ['held', 'high', 'middle']) await bench.release(name);
  assert.deepEqual(bench.granted, ['held', 'high', 'middle', 'old low']);
});

test('owners have turns at the same priority, and each its own order', async () => {
  const bench = new QueueBench();
  bench.ask('held');
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) bench.ask(name, { owner: name.slice(0, 1) });
  for (const name of ['held', 'a1', 'b1', 'c1', 'a2', 'b2']) await bench.release(name);
  assert.deepEqual(bench.granted, ['held', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('one whose deadline passes is refused at that moment, and so is one that waits for too long', async () => {
  const bench = new QueueBench({ maxWaitMs: 5000 });
  bench.ask('held');
  bench.ask('hurried', { deadline: 100 });
  bench.ask('patient');
  await bench.advance(99);
  assert.equal(bench.refused.size, 0);
  await bench.advance(1);
  assert.equal(bench.refused.get('hurried')?.code, 'queue_full');
  await bench.advance(4899);
  assert.equal(bench.refused.size, 1);
  await bench.advance(1);
  assert.equal(bench.refused.get('patient')?.code, 'queue_full');
  bench.ask('late', { deadline: 4000 });
  assert.equal(bench.refused.get('late')?.code, 'queue_full');
});

test('one that is cancelled leaves at once, by the name of who cancelled', async () => {
  const bench = new QueueBench();
  const cancellation = new Cancellation();
  bench.ask('held');
  bench.ask('gone', { cancellation });
  cancellation.cancel('client');
  await settled();
  assert.equal(bench.refused.get('gone')?.code, 'client_aborted');
  assert.equal(bench.queue.waiting, 0);
  assert.equal(bench.clock.waiting, 0);
  bench.ask('too late', { cancellation });
  assert.equal(bench.refused.get('too late')?.code, 'client_aborted');
});

test('one that could not be served in time is refused at once, with the time after which it could', async () => {
  const bench = new QueueBench({ concurrency: 2, maxWaitMs: 10_000 });
  for (let round = 0; round < 20; round += 1) {
    bench.ask(`early ${round}`);
    bench.ask(`early too ${round}`);
    bench.clock.advance(1000);
    await bench.release(`early ${round}`);
    await bench.release(`early too ${round}`);
  }
  assert.equal(bench.queue.snapshot().holdingMs, 1000);
  // 1 s for each pair: the 20th in the queue waits 10 s.
  for (let at = 0; at < 24; at += 1) bench.ask(`flood ${at}`);
  assert.deepEqual([...bench.refused.keys()], ['flood 22', 'flood 23']);
  assert.equal(bench.refused.get('flood 22')?.retryAfterMs, 500);
  bench.ask('hurried', { deadline: bench.clock.monotonic() + 400, priority: 9 });
  assert.equal(bench.refused.get('hurried')?.retryAfterMs, 100);
  // Another owner has its turn early, and a higher priority goes before all.
  bench.ask('of another', { owner: 'b', deadline: bench.clock.monotonic() + 1000 });
  bench.ask('urgent', { priority: 9, deadline: bench.clock.monotonic() + 500 });
  assert.equal(bench.refused.size, 3);
});

test('a target that hangs is noticed before anything comes back from it', async () => {
  const bench = new QueueBench({ maxWaitMs: 100_000 });
  bench.ask('hangs');
  bench.ask('waits');
  await bench.advance(60_000);
  bench.ask('newcomer', { deadline: bench.clock.monotonic() + 50_000 });
  assert.equal(bench.refused.get('newcomer')?.retryAfterMs, 70_000);
});

test('one request that takes long says nothing about the others', async () => {
  const bench = new QueueBench({ concurrency: 10, maxWaitMs: 10_000 });
  bench.ask('long');
  await bench.advance(3_600_000);
  for (let at = 0; at < 30; at += 1) bench.ask(`burst ${at}`);
  await settled();
  assert.deepEqual([bench.queue.inFlight, bench.queue.waiting, bench.refused.size], [10, 21, 0]);
});

test('more slots are handed out when they are allowed, and fewer are taken back as they come free', async () => {
  const bench = new QueueBench({ concurrency: 1 });
  for (const name of ['a', 'b', 'c', 'd']) bench.ask(name);
  bench.concurrency = 3;
  bench.queue.refresh();
  await settled();
  assert.deepEqual(bench.granted, ['a', 'b', 'c']);
  bench.concurrency = 1;
  await bench.release('a');
  await bench.release('b');
  assert.deepEqual(bench.granted, ['a', 'b', 'c']);
  await bench.release('c');
  assert.deepEqual(bench.granted, ['a', 'b', 'c', 'd']);
  const { inFlight, waiting, waitingAt } = bench.queue.snapshot();
  assert.deepEqual([inFlight, waiting, waitingAt.length], [1, 0, 10]);
});

interface Waiting {
  readonly name: string;
  readonly priority: number;
  readonly owner: string;
  readonly until: number;
}

/** The same rules over plain lists. */
class PlainQueue {
  waiting: Waiting[] = [];
  held = new Set<string>();
  granted: string[] = [];
  /** By priority, the owners in the order of their turns. */
  readonly #turns: string[][] = Array.from({ length: 10 }, () => []);

  ask(one: Waiting, limit: number, size: number): string | undefined {
    if (this.waiting.length === 0 && this.held.size < limit) {
      this.#grant(one);
      return undefined;
    }
    let displaced: Waiting | undefined;
    if (this.waiting.length >= size) {
      const lowest = Math.min(...this.waiting.map(({ priority }) => priority));
      displaced = this.waiting.findLast(({ priority }) => priority === lowest);
      if (!displaced || displaced.priority >= one.priority) return one.name;
      this.leave(displaced.name);
    }
    this.waiting.push(one);
    const turns = this.#turns[one.priority];
    if (!turns?.includes(one.owner)) turns?.push(one.owner);
    return displaced?.name;
  }

  leave(name: string): boolean {
    const one = this.waiting.find((waiting) => waiting.name === name);
    if (!one) return false;
    this.waiting = this.waiting.filter((waiting) => waiting !== one);
    this.#forget(one);
    return true;
  }

  dispatch(limit: number): void {
    while (this.waiting.length > 0 && this.held.size < limit) {
      const priority = Math.max(...this.waiting.map((one) => one.priority));
      const owner = this.#turns[priority]?.shift();
      const next = this.waiting.find((one) => one.priority === priority && one.owner === owner);
      assert.ok(next && owner !== undefined);
      this.#turns[priority]?.push(owner);
      this.leave(next.name);
      this.#grant(next);
    }
  }

  #grant({ name }: Waiting): void {
    this.held.add(name);
    this.granted.push(name);
  }

  #forget({ priority, owner }: Waiting): void {
    if (this.waiting.some((one) => one.priority === priority && one.owner === owner)) return;
    this.#turns[priority] = (this.#turns[priority] ?? []).filter((one) => one !== owner);
  }
}

type Command =
  | { readonly do: 'ask'; readonly priority: number; readonly owner: string; readonly patience: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'limit'; readonly to: number };

/** No estimate is that long. */
const FOREVER_MS = 1e9;

const COMMAND: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      priority: fc.integer({ min: 4, max: 6 }),
      owner: fc.constantFrom('a', 'b', 'c'),
      patience: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constant(FOREVER_MS)),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('limit' as const), to: fc.integer({ min: 1, max: 3 }) }) },
);

/** Runs the commands on the queue and on the plain one, and compares them after each. */
class Comparison {
  readonly #size = 6;
  readonly #bench = new QueueBench({ concurrency: 2, size: this.#size, maxWaitMs: FOREVER_MS });
  readonly #plain = new PlainQueue();
  readonly #cancellations = new Map<string, Cancellation>();
  readonly #refused = new Set<string>();
  #asked = 0;

  async run(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      await this.#step(command);
      this.#compare();
    }
    await this.#drain();
  }

  async #step(command: Command): Promise<void> {
    if (command.do === 'ask') return this.#ask(command);
    if (command.do === 'advance') return this.#advance(command.ms);
    if (command.do === 'limit') {
      this.#bench.concurrency = command.to;
      this.#bench.queue.refresh();
    } else if (command.do === 'release') {
      await this.#release(pick([...this.#plain.held], command.which));
    } else {
      const name = pick([...this.#cancellations.keys()], command.which) ?? '';
      this.#cancellations.get(name)?.cancel('client');
      if (this.#plain.leave(name)) this.#refused.add(name);
    }
    this.#plain.dispatch(this.#bench.concurrency);
    return settled();
  }

  async #ask({ priority, owner, patience }: Extract<Command, { do: 'ask' }>): Promise<void> {
    this.#asked += 1;
    const name = `${owner}${this.#asked} at ${priority}`;
    const deadline = this.#bench.clock.monotonic() + patience;
    const cancellation = new Cancellation();
    this.#bench.ask(name, { priority, owner, deadline, cancellation });
    await settled();
    // Whether the estimate is good is looked at elsewhere: here it may refuse whom it likes, but for the patient.
    if (this.#bench.refused.has(name) && patience < FOREVER_MS) {
      this.#refused.add(name);
      return;
    }
    this.#cancellations.set(name, cancellation);
    const displaced = this.#plain.ask({ name, priority, owner, until: deadline }, this.#bench.concurrency, this.#size);
    if (displaced !== undefined) this.#refused.add(displaced);
  }

  async #advance(ms: number): Promise<void> {
    await this.#bench.advance(ms);
    const now = this.#bench.clock.monotonic();
    for (const { name } of this.#plain.waiting.filter((one) => one.until <= now)) {
      this.#plain.leave(name);
      this.#refused.add(name);
    }
  }

  async #release(name: string | undefined): Promise<void> {
    if (name === undefined) return;
    this.#plain.held.delete(name);
    await this.#bench.release(name);
    await this.#bench.release(name);
  }

  #compare(): void {
    const { queue, granted, refused, concurrency } = this.#bench;
    assert.deepEqual(granted, this.#plain.granted);
    assert.deepEqual([...refused.keys()].toSorted(), [...this.#refused].toSorted());
    assert.equal(queue.inFlight, this.#plain.held.size);
    assert.equal(queue.waiting, this.#plain.waiting.length);
    assert.ok(queue.waiting <= this.#size);
    assert.ok(queue.waiting === 0 || queue.inFlight >= concurrency, 'nobody waits beside a free slot');
    for (const error of refused.values()) assert.ok(error.code !== 'queue_full' || (error.retryAfterMs ?? 0) > 0);
  }

  /** No slot is lost: with everything given back, as many can be had as are allowed. */
  async #drain(): Promise<void> {
    while (this.#plain.held.size > 0) {
      await this.#release([...this.#plain.held][0]);
      this.#plain.dispatch(this.#bench.concurrency);
      this.#compare();
    }
    assert.equal(this.#bench.queue.inFlight, 0);
    assert.equal(this.#bench.clock.waiting, 0, 'no timer is left');
    for (let at = 0; at < this.#bench.concurrency; at += 1) this.#bench.ask(`last ${at}`);
    assert.equal(this.#bench.queue.inFlight, this.#bench.concurrency);
  }
}

function pick<Value>(values: readonly Value[], which: number): Value | undefined {
  return values[which % Math.max(1, values.length)];
}

test('promise 11: the queue does what the plain rules say, whatever comes in whichever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(COMMAND, { minLength: 10, maxLength: 80, size: 'max' }), (commands) =>
      new Comparison().run(commands),
    ),
    { numRuns: 300 },
  );
});

test('two owners that both wait at the same priority are served alike, but for one', async () => {
  const counts = fc.integer({ min: 1, max: 15 });
  await fc.assert(
    fc.asyncProperty(counts, counts, fc.integer({ min: 1, max: 4 }), async (ofA, ofB, concurrency) => {
      const bench = new QueueBench({ concurrency });
      for (let at = 0; at < concurrency; at += 1) bench.ask(`held ${at}`);
      for (let at = 0; at < ofA; at += 1) bench.ask(`a ${at}`, { owner: 'a' });
      for (let at = 0; at < ofB; at += 1) bench.ask(`b ${at}`, { owner: 'b' });
      const served = { a: 0, b: 0 };
      for (let at = 0; served.a < ofA && served.b < ofB; at += 1) {
        assert.ok(Math.abs(served.a - served.b) <= 1);
        await bench.release(bench.granted[at] ?? '');
        served[bench.granted.at(-1)?.startsWith('a') ? 'a' : 'b'] += 1;
      }
    }),
  );
});
