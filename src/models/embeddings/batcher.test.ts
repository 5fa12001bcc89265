import assert from 'node:assert/strict';
import { type TestContext, describe, it } from 'node:test';

import {
  type Asked,
  BAD,
  BOUNDS,
  type Desk,
  WINDOW,
  answerTruly,
  desk,
  sentTexts,
  settled,
  vectorOf,
} from '../../../test/support/batcher-desk.ts';
import * as fc from '../../../test/support/fast-check.ts';
import type { FakeExchange } from '../../../test/support/fake-transport.ts';
import { tokensOf } from './split.ts';

type Answer = 'true' | 'overloaded' | 'short' | 'broken';

function answer(exchange: FakeExchange, how: Answer): void {
  if (how === 'overloaded') exchange.answer(503, { error: { message: 'busy', type: 'server_error' } });
  else if (how === 'short') exchange.answer(200, { vectors: sentTexts(exchange).slice(1).map(vectorOf), tokens: 1 });
  else if (how === 'broken') exchange.fail('broken');
  else answerTruly(exchange);
}

type Step =
  | { readonly kind: 'ask'; readonly texts: readonly { long: number; bad: boolean }[]; readonly user: string }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'leave'; readonly which: number }
  | { readonly kind: 'answer'; readonly which: number; readonly how: Answer };

/** Most texts are short and good, so that batches fill up and do not all fail. */
const text = fc.record({
  long: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) }),
  bad: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      texts: fc.array(text, { minLength: 1, maxLength: 3 }),
      user: fc.constantFrom('ann', 'ann', 'bob'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: WINDOW }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), which: fc.nat(50) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      which: fc.nat(10),
      how: fc.constantFrom<Answer>('true', 'true', 'true', 'overloaded', 'short', 'broken'),
    }),
  },
);

/** The number in its name makes a text one of its own. */
function textsNamed(first: number, texts: readonly { long: number; bad: boolean }[]): string[] {
  return texts.map(({ long, bad }, at) => `${first + at}${bad ? BAD : ''}${'x'.repeat(long)}`);
}

class Run {
  readonly desk: Desk;
  readonly #t: TestContext;
  readonly #parallel: number;
  #texts = 1;

  constructor(t: TestContext, parallel: number) {
    this.#t = t;
    this.#parallel = parallel;
    this.desk = desk({ parallel });
  }

  async take(next: Step): Promise<void> {
    const { asked, ask, open } = this.desk;
    if (next.kind === 'ask') {
      ask(textsNamed(this.#texts, next.texts), next.user);
      this.#texts += next.texts.length;
    } else if (next.kind === 'pass') {
      this.#t.mock.timers.tick(next.ms);
    } else if (next.kind === 'leave') {
      const waiting = asked.filter((one) => !isOver(one));
      waiting[next.which % Math.max(1, waiting.length)]?.leave();
    } else {
      const running = open();
      const exchange = running[next.which % Math.max(1, running.length)];
      if (exchange) answer(exchange, next.how);
    }
    await settled();
    this.check();
  }

  /** What is so at any time. */
  check(): void {
    const { asked, exchanges } = this.desk;
    const callerOf = new Map(asked.flatMap((one) => one.texts.map((name): [string, Asked] => [name, one])));
    const running = { ann: 0, bob: 0 };
    for (const exchange of exchanges) {
      const texts = sentTexts(exchange);
      const callers = new Set(texts.map((name) => callerOf.get(name) ?? assert.fail(`nobody asked for ${name}`)));
      assert.deepEqual(
        texts,
        [...callers].flatMap(({ texts: all }) => all),
        'each caller is in a batch as a whole',
      );
      const tokens = texts.reduce((sum, name) => sum + tokensOf(name), 0);
      assert.ok(callers.size === 1 || (texts.length <= BOUNDS.inputs && tokens <= BOUNDS.tokens), 'within the bounds');
      const [user, ...others] = new Set([...callers].map((one) => one.user));
      assert.deepEqual(others, [], 'one user');
      if (!exchange.freed) running[user === 'bob' ? 'bob' : 'ann'] += 1;
      const wanted = [...callers].some((one) => !one.left);
      if (!exchange.over) assert.equal(exchange.aborts > 0, !wanted, 'given up when all have left, and only then');
    }
    assert.ok(Math.max(running.ann, running.bob) <= this.#parallel, 'no more than may be under way');
    for (const one of asked) {
      assert.ok(one.results.length + one.errors.length <= 1, 'one end');
      assert.equal(one.sendsAfter, 0, 'who has left is not sent');
      for (const { vectors } of one.results) assert.deepEqual(vectors, one.texts.map(vectorOf), 'its own, in order');
      const isBad = one.texts.some((name) => name.includes(BAD));
      if (isBad) assert.equal(one.results.length, 0);
      // Whoever has a good request is refused for nothing: what it hears is about the provider.
      for (const { origin } of one.errors) assert.ok(isBad || origin === 'provider', 'its own error');
    }
  }

  /** The provider answers whatever comes; after some time nobody may still be waiting. */
  async finish(): Promise<void> {
    const rounds = this.desk.asked.length * 4 + 4;
    for (let round = 0; round < rounds; round += 1) {
      this.#t.mock.timers.tick(WINDOW);
      for (const exchange of this.desk.open()) {
        answerTruly(exchange);
        await settled();
        this.check();
      }
    }
    const waiting = this.desk.asked.filter((one) => !isOver(one));
    assert.deepEqual(
      waiting.map(({ texts }) => texts),
      [],
      'nobody waits for ever',
    );
    for (const one of this.desk.asked) assert.ok(!one.left || one.results.length + one.errors.length <= 1);
  }
}

function isOver({ results, errors, left }: Asked): boolean {
  return left || results.length + errors.length > 0;
}

describe('the batcher of embeddings', () => {
  it('law: whatever happens in whichever order, each caller gets its own, and all bounds hold', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const steps = fc.array(step, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (todo, parallel) => {
        const run = new Run(t, parallel);
        for (const one of todo) await run.take(one);
        await run.finish();
      }),
      { numRuns: 300 },
    );
  });

  it('law: who leaves hears nothing more', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), fc.boolean(), async (leaves, early) => {
        const { ask, open } = desk();
        const asked = leaves.map((_, at) => ask([`${at}`]));
        if (!early) t.mock.timers.tick(0);
        for (const [at, one] of asked.entries()) if (leaves[at]) one.leave();
        if (early) t.mock.timers.tick(0);
        for (const exchange of open()) answerTruly(exchange);
        await settled();
        for (const { left, results, errors } of asked)
          assert.deepEqual([results.length, errors.length], [left ? 0 : 1, 0]);
      }),
    );
  });

  it('gives the place of a batch that all have left to the next one', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, exchanges } = desk({ parallel: 1 });
    const first = ask(['1']);
    t.mock.timers.tick(0);
    const second = ask(['2']);
    first.leave();
    await settled();
    t.mock.timers.tick(0);
    assert.deepEqual(sentTexts(exchanges[1]), ['2']);
    answerTruly(exchanges[1]);
    await settled();
    assert.deepEqual(second.results[0]?.vectors, [[2]]);
  });

  it('sends what waited for a place as soon as there is one, and not a window later', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, exchanges } = desk({ parallel: 2 });
    for (const name of ['1', '2']) {
      ask([name]);
      t.mock.timers.tick(WINDOW);
    }
    assert.equal(exchanges.length, 2);
    ask(['3']);
    t.mock.timers.tick(WINDOW);
    assert.equal(exchanges.length, 2);
    answerTruly(exchanges[0]);
    await settled();
    t.mock.timers.tick(0);
    assert.deepEqual(sentTexts(exchanges[2]), ['3']);
  });

  it('sends what waits as soon as nothing else is under way', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, exchanges } = desk();
    ask(['1']);
    t.mock.timers.tick(0);
    ask(['2']);
    t.mock.timers.tick(0);
    answerTruly(exchanges[0]);
    await settled();
    t.mock.timers.tick(0);
    assert.deepEqual(exchanges.map(sentTexts), [['1'], ['2']]);
  });

  it('does not send again who left after the refusal', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, exchanges } = desk({ parallel: 1 });
    const asked = ['1', `2${BAD}`, '3', '4'].map((name) => ask([name]));
    t.mock.timers.tick(0);
    answerTruly(exchanges[0]);
    await settled();
    for (const one of asked.slice(2)) one.leave();
    answerTruly(exchanges[1]);
    await settled();
    answerTruly(exchanges[2]);
    await settled();
    assert.deepEqual(exchanges.slice(1).map(sentTexts), [['1'], [`2${BAD}`]]);
  });

  it('finds the bad ones of a large batch in few requests, and no more than may be under way', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, open, exchanges } = desk({ parallel: 4 }, { bounds: () => ({ inputs: 2048, tokens: undefined }) });
    const asked = Array.from({ length: 1024 }, (_, at) => ask([at === 700 ? `${at}${BAD}` : `${at}`]));
    t.mock.timers.tick(0);
    for (let running = open(); running.length > 0; running = open()) {
      assert.ok(running.length <= 4);
      for (const exchange of running) answerTruly(exchange);
      await settled();
    }
    assert.ok(exchanges.length <= 21, `${exchanges.length} requests`);
    const failed = asked.filter(({ errors }) => errors.length > 0);
    assert.deepEqual(
      failed.map(({ texts, errors }) => [texts, errors[0]?.message]),
      [[[`700${BAD}`], 'a bad text']],
    );
    assert.equal(asked.filter(({ results }) => results.length > 0).length, 1023);
  });

  it('does not ask again for each where it is the model that is not there', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, exchanges } = desk();
    const asked = [ask(['1']), ask(['2'])];
    t.mock.timers.tick(0);
    exchanges[0]?.answer(404, { error: { message: 'no such model', code: 'model_not_found' } });
    await settled();
    assert.equal(exchanges.length, 1);
    assert.deepEqual(
      asked.flatMap(({ errors }) => errors.map(({ code }) => code)),
      ['model_not_found', 'model_not_found'],
    );
  });

  it('has not sent what still waits for a token, and frees its place', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const token = Promise.withResolvers<void>();
    const { ask, exchanges } = desk(
      { parallel: 1 },
      {
        async authorize(request) {
          await token.promise;
          return request;
        },
      },
    );
    const first = ask(['1']);
    t.mock.timers.tick(0);
    assert.equal(first.sends, 0);
    first.leave();
    const second = ask(['2']);
    await settled();
    t.mock.timers.tick(WINDOW);
    token.resolve();
    await settled();
    assert.deepEqual(exchanges.map(sentTexts), [['2']]);
    assert.deepEqual([first.sends, second.sends], [0, 1]);
  });

  it('is idle once all is answered, refused or given up', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    const { ask, exchanges, idle } = desk({ parallel: 1 });
    await idle();
    const asked = [['1'], ['2', '3', '4', '5'], ['6']].map((texts) => ask(texts));
    let isIdle = false;
    const wait = idle().then(() => (isIdle = true));
    t.mock.timers.tick(0);
    answerTruly(exchanges[0]);
    await settled();
    asked[2]?.leave();
    t.mock.timers.tick(0);
    await settled();
    assert.equal(isIdle, false);
    answer(exchanges[1] ?? assert.fail('nothing was sent'), 'overloaded');
    await wait;
    await idle();
  });
});
