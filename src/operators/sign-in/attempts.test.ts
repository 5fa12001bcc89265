import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { Attempts, SIGN_IN_BOUNDS } from './attempts.ts';

const MINUTE_MS = 60_000;

function attemptsAt(clock = new FakeClock()) {
  const told: [string, number][] = [];
  const attempts = new Attempts({ clock, bounds: SIGN_IN_BOUNDS, told: (...one) => void told.push(one) });
  /** Tries as often as it is let, at most so many times. */
  function fail(address: string, most = 1000): number {
    for (let tried = 0; tried < most; tried += 1) {
      if (attempts.waitMs(address) > 0) return tried;
      attempts.failed(address);
    }
    return most;
  }
  return { clock, attempts, fail, told };
}

test('five fail in a minute, twenty in a quarter of an hour, and whoever waits may try again', () => {
  const { clock, attempts, fail } = attemptsAt();
  const tried = [];
  for (let minute = 0; minute < 16; minute += 1) {
    tried.push(fail('192.0.2.1'));
    clock.advance(MINUTE_MS);
  }
  assert.deepEqual(tried, [5, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
  fail('192.0.2.1');
  assert.throws(
    () => attempts.require('192.0.2.1'),
    (error) => error instanceof GatewayError && error.status === 429 && (error.retryAfterMs ?? 0) > 0,
  );
  assert.equal(fail('192.0.2.2', 1), 1, 'others are not held up');
});

test('the time that is said is the time after which it goes on', () => {
  const { clock, attempts, fail } = attemptsAt();
  fail('192.0.2.1');
  const waitMs = attempts.waitMs('192.0.2.1');
  clock.advance(waitMs - 1);
  assert.equal(fail('192.0.2.1'), 0);
  clock.advance(1);
  assert.equal(fail('192.0.2.1'), 5);
});

test('many addresses together are bounded, and those of one IPv6 network are one', () => {
  const { clock, fail } = attemptsAt();
  assert.equal(fail('2001:db8::1', 3) + fail('2001:db8::ffff'), 5);
  let all = 5;
  for (let at = 0; at < 100; at += 1) all += fail(`192.0.2.${at}`);
  assert.equal(all, 100);
  clock.advance(MINUTE_MS);
  assert.equal(fail('198.51.100.1'), 5);
});

test('who succeeds now and then guesses no more than others', () => {
  const { clock, attempts, fail } = attemptsAt();
  let guesses = 0;
  for (let minute = 0; minute < 15; minute += 1) {
    for (let round = 0; round < 5; round += 1) {
      guesses += fail('192.0.2.1', 4);
      attempts.succeeded('192.0.2.1');
    }
    clock.advance(MINUTE_MS);
  }
  assert.equal(guesses, 20);
});

test('ten in a row are told once; who succeeds begins a new row', () => {
  const { clock, attempts, fail, told } = attemptsAt();
  for (let minute = 0; minute < 4; minute += 1) {
    fail('192.0.2.1');
    clock.advance(MINUTE_MS);
  }
  assert.deepEqual(told, [['192.0.2.1', 10]]);
  let failed = 0;
  for (let round = 0; round < 5; round += 1) {
    failed += fail('192.0.2.7', 4);
    attempts.succeeded('192.0.2.7');
    clock.advance(MINUTE_MS);
  }
  assert.deepEqual([failed, told.length], [20, 1]);
});
