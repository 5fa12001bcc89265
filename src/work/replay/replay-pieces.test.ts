import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { answerAt, recorded } from '../../../test/support/recorded-traffic.ts';
import { KeptAnswers } from './kept-answers.ts';
import { Knowledge } from './knowledge.ts';
import { outputLimitOf, textOf } from './recorded-texts.ts';
import { ReplayClock } from './replay-clock.ts';
import { TimeHistogram } from './time-histogram.ts';

test('what is due happens at its time, in the order of times and then of telling, also when that makes more of it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }),
      fc.integer({ min: 0, max: 25 }),
      (times, until) => {
        const clock = new ReplayClock();
        const happened: [at: number, index: number][] = [];
        for (const [index, ms] of times.entries()) {
          clock.at(ms, () => {
            happened.push([clock.now(), index]);
            if (index === 0) clock.at(ms + 1, () => happened.push([clock.now(), -1]));
          });
        }
        clock.moveTo(until);
        assert.equal(clock.now(), until);
        clock.finish();
        const sorted = happened.toSorted(([a], [b]) => a - b);
        assert.deepEqual(
          happened.map(([at]) => at),
          sorted.map(([at]) => at),
        );
        assert.equal(happened.length, times.length + Math.min(1, times.length));
        const told = happened.filter(([, index]) => index >= 0);
        for (const [at, index] of told) assert.equal(at, Math.max(times[index] ?? 0, 0));
        for (const [before, after] of told.slice(1).map((one, at) => [told[at], one] as const)) {
          if (before?.[0] === after[0]) assert.ok((before?.[1] ?? 0) < after[1]);
        }
      },
    ),
  );
});

describe('kept answers', () => {
  const answer = { target: 'sim/small', expiresAt: 100, bytes: 500 };

  test('take no more room than there is, and the one used longest ago goes first', () => {
    const kept = new KeptAnswers(2100);
    kept.keep('a', answer);
    kept.keep('b', answer);
    assert.ok(kept.find('a', 0));
    kept.keep('c', answer);
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => kept.find(key, 0) !== undefined),
      [true, false, true],
    );
    assert.ok(kept.isGone('b', 0) && !kept.isGone('a', 0) && !kept.isGone('d', 0));
    assert.equal(kept.find('a', 100), undefined);
    assert.ok(kept.isGone('a', 100));
  });
});

/** Which requests are kept is drawn by their ids. */
const idOf = (index: number): string => index.toString(16).padStart(32, '0');

describe('what is known of targets', () => {
  const requests = Array.from({ length: 1000 }, (_, index) =>
    recorded({ traceId: idOf(index), usage: { inputTokens: 100, outputTokens: index % 50 }, latencyMs: index }),
  );

  test('does not depend on the order in which it is learned', () => {
    const [one, other] = [new Knowledge(), new Knowledge()];
    for (const request of requests) one.learn(request);
    for (const request of requests.toReversed()) other.learn(request);
    for (const request of requests.slice(0, 50)) {
      assert.deepEqual(one.sample('sim/small', request, 100), other.sample('sim/small', request, 100));
    }
  });

  test('a long answer of one target is a long one of the other', () => {
    const knowledge = new Knowledge();
    for (const [index, request] of requests.entries()) {
      knowledge.learn(request);
      const usage = { inputTokens: 100, outputTokens: 10 * (index % 50) };
      const attempts = [answerAt('sim/large', { usage })];
      knowledge.learn(recorded({ traceId: idOf(index), target: 'sim/large', attempts }));
    }
    const lengthAfter = (outputTokens: number): number =>
      knowledge.sample('sim/large', recorded(), 100, { target: 'sim/small', outputTokens })?.usage.outputTokens ?? 0;
    assert.ok(Math.abs(lengthAfter(5) - 50) <= 20, `${lengthAfter(5)}`);
    assert.ok(Math.abs(lengthAfter(45) - 450) <= 20, `${lengthAfter(45)}`);
  });

  test('an answer to a longer request is drawn from those to longer requests', () => {
    const knowledge = new Knowledge();
    for (const inputTokens of [10, 10_000]) {
      for (let at = 0; at < 20; at += 1)
        knowledge.learn(recorded({ usage: { inputTokens, outputTokens: inputTokens } }));
    }
    assert.equal(knowledge.sample('sim/small', recorded(), 12)?.usage.outputTokens, 10);
    assert.equal(knowledge.sample('sim/small', recorded(), 3000)?.usage.outputTokens, 10_000);
    assert.equal(knowledge.sample('sim/other', recorded(), 10), undefined);
  });
});

test('texts are read as they were kept', () => {
  assert.equal(textOf({ model: 'x' }).kept, 'whole');
  assert.equal(textOf({ sha256: 'a'.repeat(64), bytes: 7 }).bytes, 7);
  assert.deepEqual(textOf('{"model… [cut: 5 of 900 bytes kept]'), {
    kept: 'cut',
    body: undefined,
    sha256: undefined,
    bytes: 900,
  });
  assert.equal(textOf(null).kept, 'absent');
  const { kept, body } = textOf({ messages: ['mail [email] about [card]'] });
  assert.equal(kept, 'redacted');
  assert.deepEqual(body, { messages: ['mail someone@example.com about 4111 1111 1111 1111'] });
  assert.equal(outputLimitOf({ generationConfig: { maxOutputTokens: 9 } }), 9);
});

test('percentiles are off by 1 % at most', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 1 }), (times) => {
      const histogram = new TimeHistogram();
      for (const ms of times) histogram.add(ms);
      const exact = times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0;
      const told = histogram.percentile(0.95) ?? 0;
      assert.ok(Math.abs(told / exact - 1) < 0.0101, `${told} is not ${exact}`);
    }),
  );
});
