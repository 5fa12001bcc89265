import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { QueueBench, settled } from '../../../../test/support/queue-bench.ts';
import { Cancellation } from '../../../core/cancellation.ts';

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
    this.#bench.ask(name, { priority, owner, patienceMs: patience, cancellation });
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
