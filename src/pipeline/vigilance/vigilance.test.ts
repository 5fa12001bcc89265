import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { configOf } from '../../../test/support/config-of.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { type CallParts, makeCall } from '../../../test/support/make-call.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { ERRORS, type ErrorCode } from '../../core/errors.ts';
import { NANO_PER_USD } from '../../core/money.ts';
import type { Verdict } from '../../core/screening.ts';
import type { NewEvent } from '../../records/events/event.ts';
import type { CallRecord } from '../../records/journal/record.ts';
import type { Subject } from './subject.ts';
import { Vigilance } from './vigilance.ts';

const HOUR_MS = 3_600_000;
const PRINCIPAL = { keyId: 'key_1', project: 'support', user: 'ada', models: undefined };

interface Bench {
  readonly clock: FakeClock;
  readonly events: NewEvent[];
  readonly blocks: { readonly subject: Subject; readonly forMs: number }[];
  readonly vigilance: Vigilance;
  readonly see: (call: CallParts, record?: Partial<CallRecord>) => void;
  /** The rules and subjects that were told of. */
  readonly told: () => string[];
}

function bench(yaml = '{}'): Bench {
  const clock = new FakeClock();
  const events: NewEvent[] = [];
  const blocks: Bench['blocks'][number][] = [];
  const settings = configOf(`vigilance: ${yaml}`).vigilance;
  const vigilance = new Vigilance({
    settings: () => settings,
    clock,
    events: { raise: (event) => void events.push(event), resolve: () => {} },
    blocks: {
      impose(subject, { forMs }) {
        blocks.push({ subject, forMs });
        return new Date(clock.now() + forMs);
      },
    },
  });
  return {
    clock,
    events,
    blocks,
    vigilance,
    see: (call, record) => vigilance.observe(makeCall({ principal: PRINCIPAL, ...call }), makeRecord(record)),
    told: () => events.map(({ subject, evidence }) => `${evidence['rule'] as string} ${subject}`),
  };
}

function refused(code: ErrorCode): Partial<CallRecord> {
  return { status: 'failed', attempts: [], costNanoUsd: 0, error: { code, message: '', origin: ERRORS[code].origin } };
}

const usd = (amount: number): Partial<CallRecord> => ({ costNanoUsd: amount * NANO_PER_USD });

const body = (text: string, size: number): Buffer => Buffer.from(text.padEnd(size, '.'));

describe('a burst of refusals', () => {
  test('is told of at its threshold and not before, of key and user, once an hour', () => {
    const { see, told, clock, events } = bench();
    for (let each = 0; each < 49; each += 1) see({}, refused('limit_requests'));
    assert.deepEqual(told(), []);
    see({}, { ...refused('limit_requests'), traceId: 'last' });
    assert.deepEqual(told(), ['refusals key:key_1', 'refusals user:support/ada']);
    const evidence = events[0]?.evidence ?? {};
    assert.deepEqual(
      [evidence['count'], evidence['window_ms'], evidence['last_error']],
      [50, 60_000, 'limit_requests'],
    );
    assert.equal((evidence['traces'] as string[]).at(-1), 'last');
    for (let each = 0; each < 500; each += 1) see({}, refused('limit_requests'));
    assert.equal(told().length, 2);
    clock.advance(HOUR_MS);
    for (let each = 0; each < 50; each += 1) see({}, refused('limit_requests'));
    assert.equal(told().length, 4);
    assert.equal(new Set(events.map(({ dedupe }) => dedupe)).size, 4);
  });

  test('is of the address only where no valid key was sent', () => {
    const { see, told } = bench();
    const call = { principal: undefined, clientIp: '::ffff:203.0.113.7' };
    for (let each = 0; each < 50; each += 1) see(call, refused('auth_missing_key'));
    assert.deepEqual(told(), ['refusals ip:203.0.113.7']);
  });

  test('is not one when it is spread over more time, nor what providers refuse or blocks', () => {
    const { see, told, clock } = bench('{ keysPerAddress: { enabled: false }, sameRequest: { enabled: false } }');
    for (let each = 0; each < 200; each += 1) {
      see({}, refused('budget_exhausted'));
      clock.advance(1500);
    }
    for (let each = 0; each < 200; each += 1) {
      see({}, refused('provider_rate_limited'));
      see({}, refused('access_blocked'));
    }
    assert.deepEqual(told(), []);
  });

  test('are counted apart where guards found something in what was asked, and not where in the answer', () => {
    const { see, told } = bench('{ guardHits: { count: 3 } }');
    const hit = (place: Verdict['place'], outcome: Verdict['outcome'] = 'flagged'): void =>
      see({}, { verdicts: [{ guard: 'injection', place, outcome, micros: 1 }] });
    for (let each = 0; each < 10; each += 1) hit('output');
    for (let each = 0; each < 10; each += 1) hit('input', 'redacted');
    hit('input');
    hit('tool-results', 'blocked');
    for (const more of [{ ofAnswer: true }, { detail: { approved: 'rev_1' } }] as const) {
      const verdict = { guard: 'injection', place: 'tool-arguments', outcome: 'flagged', micros: 1, ...more } as const;
      for (let each = 0; each < 10; each += 1) see({}, { verdicts: [verdict] });
    }
    assert.deepEqual(told(), []);
    hit('input', 'blocked');
    assert.deepEqual(told(), ['guard_hits key:key_1', 'guard_hits user:support/ada']);
  });

  test('blocks whom it is about, where that is set', () => {
    const { see, blocks, events, clock } = bench('{ refusals: { count: 3, block: { for: 2h } } }');
    for (let each = 0; each < 3; each += 1) see({ principal: undefined }, refused('auth_missing_key'));
    assert.deepEqual(blocks, [{ subject: { kind: 'ip', id: '127.0.0.1' }, forMs: 2 * HOUR_MS }]);
    const until = new Date(clock.now() + 2 * HOUR_MS).toISOString();
    assert.equal(events[0]?.evidence['blocked_until'], until);
  });
});

describe('keys of one address', () => {
  test('are many from the tenth on', () => {
    const { see, told, clock } = bench();
    const use = (key: number): void => see({ principal: { ...PRINCIPAL, keyId: `key_${key}`, user: undefined } });
    for (let key = 0; key < 9; key += 1) use(key);
    for (let each = 0; each < 100; each += 1) use(each % 9);
    clock.advance(600_000);
    for (let key = 10; key < 19; key += 1) use(key);
    assert.deepEqual(told(), []);
    use(19);
    assert.deepEqual(told(), ['keys_per_address ip:127.0.0.1']);
  });

  test('are guessed where many of them do not exist; one that is tried again and again is not', () => {
    const { see, events, told } = bench('{ refusals: { enabled: false } }');
    const guess = (key: string): void =>
      see({ principal: undefined, headers: { authorization: `Bearer cw-${key}` } }, refused('auth_invalid_key'));
    for (let each = 0; each < 100; each += 1) guess('stale');
    for (let each = 0; each < 18; each += 1) guess(`wrong-${each}`);
    assert.deepEqual(told(), []);
    guess('wrong-18');
    assert.deepEqual(told(), ['guessed_keys ip:127.0.0.1']);
    assert.ok(!JSON.stringify(events).includes('wrong'), 'promise 12: no key is in the evidence');
  });

  test('are not looked at from addresses that are excepted', () => {
    const { see, told } = bench('{ exceptAddresses: [127.0.0.0/8, "2001:db8::/32"], refusals: { count: 3 } }');
    for (let each = 0; each < 100; each += 1) {
      const headers = { 'x-api-key': `cw-${each}` };
      for (const clientIp of ['127.0.0.1', '::ffff:127.0.0.1', '2001:db8::5'])
        see({ principal: undefined, headers, clientIp }, refused('auth_invalid_key'));
    }
    assert.deepEqual(told(), []);
    for (let each = 0; each < 3; each += 1) see({}, refused('limit_tokens'));
    assert.deepEqual(told(), ['refusals key:key_1', 'refusals user:support/ada']);
  });
});

describe('the same request', () => {
  const SETTINGS = '{ sameRequest: { count: 20 } }';
  test('is told of when one user has sent it so often, short or long', () => {
    const sizes = fc.integer({ min: 1, max: 200_000 });
    fc.assert(
      fc.property(sizes, (size) => {
        const { see, told } = bench(SETTINGS);
        const raw = body('{"q":1}', size);
        for (let each = 0; each < 19; each += 1) see({ raw });
        assert.deepEqual(told(), []);
        see({ raw });
        assert.deepEqual(told(), ['same_request user:support/ada']);
      }),
      { numRuns: 30 },
    );
  });

  test('differs where one byte of it does, also in the middle of a long one', () => {
    const { see, told } = bench(SETTINGS);
    for (let each = 100; each < 400; each += 1) {
      see({ raw: body(`{"q":${each}}`, 500) });
      const long = Buffer.alloc(50_000, '.');
      long.write(String(each), 25_000);
      see({ raw: long });
    }
    assert.deepEqual(told(), []);
  });

  test('is counted for each user by itself, and for a key where no user is named', () => {
    const { see, told } = bench(SETTINGS);
    const raw = body('{}', 20);
    for (let each = 0; each < 19; each += 1) {
      see({ raw, principal: { ...PRINCIPAL, user: 'ben' } });
      see({ raw, principal: { ...PRINCIPAL, project: 'sales' } });
      see({ raw, principal: { ...PRINCIPAL, user: undefined } }, { userId: undefined });
      see({ raw }, refused('limit_requests'));
    }
    assert.deepEqual(told(), []);
    see({ raw, principal: { ...PRINCIPAL, user: undefined } }, { userId: undefined });
    assert.deepEqual(told(), ['same_request key:key_1']);
  });
});

describe('spend', () => {
  const ONLY_SPEND = '{ keysPerAddress: { enabled: false }, sameRequest: { enabled: false } }';

  test('far above its own history is told of, once a day of it is known', () => {
    const { see, told, clock, events } = bench(ONLY_SPEND);
    see({}, usd(500));
    assert.deepEqual(told(), [], 'nothing is usual yet');
    clock.advance(8 * 24 * HOUR_MS);
    for (let hour = 0; hour < 48; hour += 1) {
      see({}, usd(0.5));
      clock.advance(HOUR_MS);
    }
    see({}, usd(1.25));
    assert.deepEqual(told(), [], 'eight times as much is not far above');
    see({}, usd(3.75));
    assert.deepEqual(told(), ['spend key:key_1', 'spend user:support/ada']);
    const evidence = events[0]?.evidence ?? {};
    assert.equal(evidence['last_hour_usd'], 5);
    assert.ok(Math.abs((evidence['usual_hourly_usd'] as number) - 24 / 167) < 0.001, JSON.stringify(evidence));
  });

  test('under the minimum is not suspicious, however unusual', () => {
    const { see, told, clock } = bench(ONLY_SPEND);
    see({}, usd(0.000_001));
    clock.advance(48 * HOUR_MS);
    see({}, usd(1));
    assert.deepEqual(told(), []);
    see({}, usd(0.000_000_001));
    assert.equal(told().length, 2);
  });
});

test('a flood of findings becomes one more event, and no flood of events', () => {
  const { see, told, events } = bench('{ refusals: { count: 2 } }');
  for (let each = 0; each < 1000; each += 1) {
    const call = { principal: undefined, clientIp: `10.0.${each >> 8}.${each & 255}` };
    for (let time = 0; time < 2; time += 1) see(call, refused('auth_missing_key'));
  }
  const others = told().filter((name) => name === 'many gateway');
  assert.equal(told().length - others.length, 200);
  assert.equal(new Set(events.slice(200).map(({ dedupe }) => dedupe)).size, 1);
});

test('nothing is looked at where it is switched off', () => {
  const { see, told } = bench('{ enabled: false }');
  for (let each = 0; each < 2000; each += 1) see({ principal: undefined }, refused('auth_missing_key'));
  assert.deepEqual(told(), []);
});
