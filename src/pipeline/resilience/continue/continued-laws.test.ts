import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeReader } from '../../../../test/support/attempt-bench.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { RouteBench, type RouteRun, turn } from '../../../../test/support/route-bench.ts';
import { DONE, OPENAI_ROLE, OPENAI_STOP, OPENAI_USAGE, openAiFrame } from '../../../../test/support/wire-texts.ts';
import type { AbortedBy } from '../../../core/cancellation.ts';
import { USUAL_POLICY } from '../route/policy.ts';

const TARGETS = ['a', 'b', 'c'] as const;
type Name = (typeof TARGETS)[number];

/** Each one's words are its own, and none begins as another one ends. */
const WORDS: Readonly<Record<Name, readonly string[]>> = {
  a: ['Alpha', ' amber', ' apple'],
  b: [' Bravo', ' blue', ' berry'],
  c: [' Charlie', ' crimson', ' cherry'],
};

type Step =
  /** The next frame of one, and of its stream at most a part of it. */
  | { readonly do: 'say'; readonly who: Name; readonly bytes: number }
  | { readonly do: 'break'; readonly who: Name; readonly kind: 'connect' | 'timeout' | 'broken' }
  | { readonly do: 'end' | 'refuse'; readonly who: Name }
  | { readonly do: 'slow' | 'fast' | 'turn' | 'expire' | 'leave' }
  | { readonly do: 'cancel'; readonly by: AbortedBy };

const who = fc.constantFrom(...TARGETS);
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('say' as const), who, bytes: fc.nat(400) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('break' as const),
        who,
        kind: fc.constantFrom('connect' as const, 'timeout' as const, 'broken' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'refuse' as const), who }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom('slow' as const, 'fast' as const, 'turn' as const, 'turn' as const) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('expire' as const, 'leave' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('cancel' as const),
        by: fc.constantFrom('client' as const, 'deadline' as const, 'shutdown' as const),
      }),
    },
  ),
  { maxLength: 40, size: 'max' },
);

/** A call on its way, and what of each one's stream was sent. */
class Play {
  readonly bench: RouteBench;
  readonly run: RouteRun;
  readonly #left = new Map<Name, string>();
  reader: FakeReader | undefined;
  thrown: unknown;

  constructor(concurrency: number) {
    const queue = { ...USUAL_POLICY.queue, concurrency };
    const retries = { ...USUAL_POLICY.retries, max: 0 };
    this.bench = new RouteBench({ targets: TARGETS, policy: { continue: true, queue, retries } });
    const json = { model: 'chat', stream: true, messages: [{ role: 'user', content: 'Hello' }] };
    this.run = this.bench.send({ json });
    void this.#await();
  }

  async #await(): Promise<void> {
    try {
      const reply = await this.run.reply;
      assert.equal(reply.kind, 'stream');
      this.reader = new FakeReader(reply.stream).read();
    } catch (thrown) {
      this.thrown = thrown;
    }
  }

  async step(step: Step): Promise<void> {
    const { call } = this.run;
    switch (step.do) {
      case 'say':
        return this.#say(step.who, step.bytes);
      case 'break':
        return this.#open(step.who)?.fail(step.kind);
      case 'end':
        return this.#open(step.who)?.end();
      case 'refuse':
        if (!this.#left.has(step.who)) this.#open(step.who)?.answer(500, { error: { message: 'no' } });
        return;
      case 'slow':
        if (this.reader) this.reader.hasRoom = false;
        return;
      case 'fast':
        return this.#read();
      case 'turn':
        return turn();
      case 'expire':
        return this.bench.advance(300_000);
      case 'leave':
        this.reader?.stream.abort('client');
        return this.reader && this.#isLeftAlone();
      default:
        call.cancellation.cancel(step.by);
        this.reader?.stream.abort(step.by);
        return this.#isLeftAlone();
    }
  }

  async #isLeftAlone(): Promise<void> {
    await turn();
    for (const name of TARGETS) assert.equal(this.#open(name), undefined, `${name} is given up`);
  }

  /** Everything that is still open comes to its end in order. */
  async finish(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      await turn();
      this.#read();
      for (const name of TARGETS) this.#say(name, 100_000);
    }
  }

  #read(): void {
    if (!this.reader) return;
    this.reader.hasRoom = true;
    this.reader.stream.resume();
  }

  #open(name: Name): ReturnType<RouteBench['last']> | undefined {
    return this.bench.exchanges(name).find(({ freed }) => !freed);
  }

  #say(name: Name, bytes: number): void {
    const exchange = this.#open(name);
    if (!exchange) return;
    if (!this.#left.has(name)) {
      exchange.sse();
      this.#left.set(name, streamOf(name));
    }
    const left = this.#left.get(name) ?? '';
    exchange.data(left.slice(0, bytes));
    this.#left.set(name, left.slice(bytes));
    if (left.length <= bytes) exchange.end();
  }
}

function streamOf(name: Name): string {
  const words = WORDS[name].map((content) => openAiFrame({ content }));
  return OPENAI_ROLE + words.join('') + OPENAI_STOP + OPENAI_USAGE + DONE;
}

describe('any course of two answers, cuts, slow readers and leaving clients', () => {
  it('promises 1 and 11: has one end, says nothing twice, and leaves nothing behind', async () => {
    const seen = { continued: 0, completed: 0 };
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(1, 4), async (course, concurrency) => {
        const play = new Play(concurrency);
        for (const step of course) await play.step(step);
        await play.finish();
        check(play);
        if (play.run.attempts().some((attempt) => attempt.startsWith('continuation'))) {
          seen.continued += 1;
          if (play.reader?.terminals[0]?.kind === 'completed') seen.completed += 1;
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(seen.continued > 40 && seen.completed > 10, `the law is about something: ${JSON.stringify(seen)}`);
  });
});

function check({ bench, run, reader, thrown }: Play): void {
  const { attempts } = run.call;
  assert.ok(reader !== undefined || thrown !== undefined, 'the call is settled');
  assert.ok(
    attempts.all.every(({ closing }) => closing),
    'every attempt is settled',
  );
  assert.ok(attempts.all.filter(({ opening }) => opening.kind === 'continuation').length <= 1);
  for (const { queue, breaker } of bench.deps.targets.all) {
    assert.deepEqual([queue.inFlight, queue.waiting, breaker.snapshot().probesInFlight], [0, 0, 0]);
  }
  assert.equal(bench.clock.waiting, 0, 'no timer is left');
  if (reader) checkReader(run, reader);
}

function checkReader({ call }: RouteRun, { terminals, said }: FakeReader): void {
  assert.equal(terminals.length, 1, 'one terminal');
  const spoken = call.attempts.all.filter(({ firstContentAt }) => firstContentAt !== undefined);
  const [first, second] = spoken.map(({ opening }) => WORDS[opening.target[0] as Name].join(''));
  const last = call.attempts.last?.closing?.outcome;
  if (terminals[0]?.kind === 'completed') {
    assert.equal(last, 'completed');
    const end = second ?? first ?? '';
    assert.ok(said.endsWith(end), `${said} ends with ${end}`);
    assert.ok(second === undefined ? said === end : (first ?? '').startsWith(said.slice(0, -end.length)), said);
  } else {
    assert.ok(second === undefined ? (first ?? '').startsWith(said) : isPartOf(said, first ?? '', second), said);
  }
}

/** Some of the first, and then some of the second. */
function isPartOf(said: string, first: string, second: string): boolean {
  for (let at = 0; at <= said.length; at += 1) {
    if (first.startsWith(said.slice(0, at)) && second.startsWith(said.slice(at))) return true;
  }
  return false;
}
