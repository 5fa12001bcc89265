import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeAnswer } from '../../../../test/support/make-answer.ts';
import type { AnswerLabels, StoredAnswer } from '../answer/stored-answer.ts';
import { type PurgeFilter, isPurged } from './answer-store.ts';
import { MemoryAnswers } from './memory-answers.ts';
import { Places } from './places.ts';

const TTL = 1000;

function answerOf(clock: FakeClock, id: number, size: number, labels: Partial<AnswerLabels> = {}): StoredAnswer {
  const now = clock.now();
  const body = Buffer.alloc(size, `${id}-${now}`);
  return makeAnswer({
    key: keyOf(id),
    storedAt: now,
    expiresAt: now + TTL,
    labels,
    content: { kind: 'bytes', contentType: 'text/plain', body },
  });
}

function keyOf(id: number): string {
  return hash('sha256', `${id}`).slice(0, 32);
}

type Step =
  | { readonly kind: 'set'; readonly id: number; readonly size: number; readonly labels: Partial<AnswerLabels> }
  | { readonly kind: 'get' | 'delete'; readonly id: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'purge'; readonly filter: PurgeFilter };

const id = fc.nat(30);
const label = fc.constantFrom('a', 'b', '');
const labels = fc.record(
  {
    project: label,
    model: label,
    user: fc.option(label, { nil: undefined }),
    promptVersion: fc.option(label, { nil: undefined }),
    tags: fc.subarray(['t', 'u', 'v']),
  },
  { requiredKeys: [] },
);
const filter = fc.record(
  {
    key: id.map(keyOf),
    project: label,
    model: label,
    user: label,
    promptVersion: label,
    tag: fc.constantFrom('t', 'u'),
  },
  { requiredKeys: [] },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('set' as const), id, size: fc.nat(1500), labels }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('get' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), filter }) },
);

/** Runs the steps on the store and on a plain map beside it, and calls for every look. */
function runBoth(
  steps: readonly Step[],
  maxBytes: number,
  looked: (found: StoredAnswer | undefined, meant: StoredAnswer | undefined) => void,
): MemoryAnswers {
  const clock = new FakeClock();
  const store = new MemoryAnswers({ maxBytes, clock });
  const plain = new Map<string, StoredAnswer>();
  const live = (answer: StoredAnswer | undefined): StoredAnswer | undefined =>
    answer && answer.expiresAt > clock.now() ? answer : undefined;
  for (const one of steps) {
    if (one.kind === 'set') {
      const answer = answerOf(clock, one.id, one.size, one.labels);
      store.set(answer);
      plain.set(answer.key, answer);
    } else if (one.kind === 'wait') clock.advance(one.ms);
    else if (one.kind === 'purge') {
      store.purge(one.filter);
      for (const answer of plain.values()) {
        if (isPurged(answer.labels, answer.key, one.filter)) plain.delete(answer.key);
      }
    } else if (one.kind === 'delete') {
      store.delete(keyOf(one.id));
      plain.delete(keyOf(one.id));
    } else looked(store.get(keyOf(one.id)), live(plain.get(keyOf(one.id))));
    assert.ok(store.stats.bytes <= maxBytes, `${store.stats.bytes} bytes of ${maxBytes}`);
  }
  return store;
}

function bodyOf(answer: StoredAnswer | undefined): string | undefined {
  return answer?.content.kind === 'bytes' ? answer.content.body.toString() : undefined;
}

test('with room enough, it keeps what a plain map keeps, until it is over or purged', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      runBoth(steps, 4_000_000, (found, meant) => assert.equal(bodyOf(found), bodyOf(meant)));
    }),
    { numRuns: 60 },
  );
});

test('promise 11: without room enough, it never takes more than it may, and what it gives is right', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 100, maxLength: 250 }),
      fc.integer({ min: 40_000, max: 80_000 }),
      (steps, maxBytes) => {
        runBoth(steps, maxBytes, (found, meant) => {
          if (found) assert.equal(bodyOf(found), bodyOf(meant));
        });
      },
    ),
    { numRuns: 60 },
  );
});

test('what is asked for stays, what nobody asks for goes', () => {
  const clock = new FakeClock();
  const store = new MemoryAnswers({ maxBytes: 200_000, clock });
  for (let at = 0; at < 2000; at += 1) {
    store.set(answerOf(clock, at, 500));
    assert.ok(store.get(keyOf(0)), `after ${at} others`);
  }
  const { entries, evictions } = store.stats;
  assert.ok(entries > 100 && entries < 400, `${entries} entries`);
  assert.equal(entries + evictions, 2000);
  assert.equal(store.get(keyOf(1)), undefined);
});

test('what was asked for once goes as well in the end', () => {
  const clock = new FakeClock();
  const store = new MemoryAnswers({ maxBytes: 200_000, clock });
  store.set(answerOf(clock, 0, 500));
  assert.ok(store.get(keyOf(0)));
  for (let at = 1; at < 1000; at += 1) store.set(answerOf(clock, at, 500));
  assert.equal(store.get(keyOf(0)), undefined);
});

test('what is given does not change when the memory is used again', () => {
  const clock = new FakeClock();
  const store = new MemoryAnswers({ maxBytes: 100_000, clock });
  store.set(answerOf(clock, 0, 300));
  const given = store.get(keyOf(0));
  const before = bodyOf(given);
  for (let at = 1; at < 1000; at += 1) store.set(answerOf(clock, at, 300));
  assert.equal(bodyOf(given), before);
});

test('a large answer has room of its own, and one that is too large is not kept', () => {
  const clock = new FakeClock();
  const store = new MemoryAnswers({ maxBytes: 1_000_000, clock });
  store.set(answerOf(clock, 0, 100));
  store.set(answerOf(clock, 1, 200_000));
  assert.equal(bodyOf(store.get(keyOf(1)))?.length, 200_000);
  assert.ok(store.get(keyOf(0)));
  store.set(answerOf(clock, 0, 300_000));
  assert.equal(store.get(keyOf(0)), undefined, 'the one before it is out of date');
  for (let at = 2; at < 20; at += 1) store.set(answerOf(clock, at, 200_000));
  assert.ok(store.stats.bytes <= 1_000_000);
  assert.ok(store.get(keyOf(19)));
});

test('what was purged is counted', () => {
  const clock = new FakeClock();
  const store = new MemoryAnswers({ maxBytes: 1_000_000, clock });
  for (let at = 0; at < 10; at += 1) store.set(answerOf(clock, at, 10, { project: at < 4 ? 'a' : 'b', tags: ['t'] }));
  assert.equal(store.purge({ project: 'a', tag: 'u' }), 0);
  assert.equal(store.purge({ project: 'a', tag: 't' }), 4);
  assert.equal(store.purge({ key: keyOf(5), project: 'a' }), 0);
  assert.equal(store.purge({ key: keyOf(5) }), 1);
  assert.equal(store.purge({}), 5);
  assert.equal(store.stats.entries, 0);
});

test('places are where a map has them, also where names share a slot', () => {
  const name = fc.record({ high: fc.nat(2), low: fc.oneof(fc.nat(20), fc.constantFrom(1023, 1024, 2047)) });
  const change = fc.record({ name, place: fc.option(fc.nat(), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const places = new Places();
      const plain = new Map<string, number>();
      for (const { name: one, place } of changes) {
        if (place === undefined) places.delete(one);
        else places.set(one, place);
        if (place === undefined) plain.delete(`${one.high} ${one.low}`);
        else plain.set(`${one.high} ${one.low}`, place);
        assert.equal(places.size, plain.size);
      }
      for (const { name: one } of changes) assert.equal(places.get(one), plain.get(`${one.high} ${one.low}`));
    }),
    { numRuns: 100 },
  );
});
