import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { alertsOf } from '../../../../test/support/alerting.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import type { Verdict } from '../channels/verdict.ts';
import { pauseMs } from './backoff.ts';
import { Deliveries } from './deliveries.ts';
import type { Delivered } from './delivery-log.ts';
import { testNotice } from './outbox.ts';

const LATER: Verdict = { kind: 'later', reason: 'answered 503' };
const SENT: Verdict = { kind: 'sent' };
const CHANNELS = alertsOf(`channels:
  hook: { type: slack, url: "https://a.example/" }
  robot: { type: dingtalk, url: "https://b.example/" }
  mail: { type: email, host: mail.example, from: a@b.example, to: [c@d.example] }`).channels;

/** Deliveries to receivers that answer as a test says, by the number of the try. */
function open(answer: (channel: string, attempt: number) => Verdict | Promise<Verdict>, channels = CHANNELS) {
  const clock = new FakeClock();
  const sent: { channel: string; at: number; id: string }[] = [];
  const ended: Delivered[] = [];
  const deliveries = new Deliveries({
    channels: () => channels,
    async send(channel, notice) {
      const name = [...CHANNELS].find(([, one]) => one === channel)?.[0] ?? '';
      sent.push({ channel: name, at: clock.monotonic(), id: notice.id });
      return answer(name, sent.filter((one) => one.channel === name).length);
    },
    ended: (delivered) => void ended.push(delivered),
    clock,
    scheduler: clock,
    random: () => 1,
  });
  const notice = () => testNotice('Causeway', clock.now());
  async function pass(seconds: number): Promise<void> {
    await nextTurn();
    for (let at = 0; at < seconds; at += 0.5) {
      clock.advance(500);
      await nextTurn();
    }
  }
  return { deliveries, sent, ended, notice, pass, clock };
}

const nextTurn = (): Promise<void> => new Promise((next) => void setImmediate(next));

describe('a delivery', () => {
  test('is tried again after what passes, more and more slowly', async () => {
    const { deliveries, sent, ended, notice, pass } = open((_channel, attempt) => (attempt < 5 ? LATER : SENT));
    deliveries.add(notice(), ['mail']);
    await pass(60);
    assert.deepEqual(
      sent.map(({ at }) => at),
      [0, 2000, 6000, 14_000, 30_000],
    );
    assert.equal(new Set(sent.map(({ id }) => id)).size, 1, 'the same message');
    assert.deepEqual(
      ended.map(({ outcome, attempts }) => [outcome, attempts]),
      [['sent', 5]],
    );
  });

  test('is given up after ten minutes, with the reason', async () => {
    const { deliveries, sent, ended, notice, pass } = open(() => LATER);
    deliveries.add(notice(), ['mail']);
    await pass(700);
    assert.ok((sent.at(-1)?.at ?? 0) <= 600_000 && sent.length < 15, String(sent.length));
    assert.deepEqual(
      ended.map(({ outcome, error }) => [outcome, error]),
      [['failed', 'answered 503']],
    );
    assert.equal(deliveries.waiting, 0);
  });

  test('waits as long as the receiver asks, and not in vain', async () => {
    const asks = open((_channel, attempt) => (attempt === 1 ? { ...LATER, retryAfterMs: 45_000 } : SENT));
    asks.deliveries.add(asks.notice(), ['mail']);
    await asks.pass(60);
    assert.deepEqual(
      asks.sent.map(({ at }) => at),
      [0, 45_000],
    );
    const tooLong = open(() => ({ ...LATER, retryAfterMs: 601_000 }));
    tooLong.deliveries.add(tooLong.notice(), ['mail']);
    await tooLong.pass(1);
    assert.equal(tooLong.ended[0]?.outcome, 'failed');
  });

  test('that is refused is tried once', async () => {
    const { deliveries, sent, ended, notice, pass } = open(() => ({ kind: 'refused', reason: 'no such robot' }));
    deliveries.add(notice(), ['hook', 'gone']);
    await pass(30);
    assert.equal(sent.length, 1);
    assert.deepEqual(
      ended.map(({ channel, error }) => [channel, error]),
      [
        ['gone', 'there is no channel of this name any more'],
        ['hook', 'no such robot'],
      ],
    );
  });

  test('does not wait for one to another channel, nor for one that is tried again', async () => {
    const { deliveries, sent, notice, pass } = open((channel, attempt) => {
      return channel === 'robot' || attempt === 1 ? LATER : SENT;
    });
    deliveries.add(notice(), ['robot', 'mail']);
    deliveries.add(notice(), ['mail']);
    await pass(0.5);
    assert.deepEqual(
      sent.map(({ channel, at }) => `${channel} ${at}`),
      ['robot 0', 'mail 0', 'mail 0'],
    );
  });

  test('to a group keeps to what its robot may send', async () => {
    const { deliveries, sent, notice, pass } = open(() => SENT);
    for (let each = 0; each < 30; each += 1) deliveries.add(notice(), ['robot']);
    await pass(60);
    assert.ok(sent.length >= 18 && sent.length <= 20, String(sent.length));
    await pass(60);
    assert.equal(sent.length, 30);
  });

  test('promise 11: no more than 500 wait; the others are told to have failed', async () => {
    const { deliveries, ended, notice } = open(() => new Promise<Verdict>(() => undefined));
    for (let each = 0; each < 600; each += 1) deliveries.add(notice(), ['mail']);
    assert.equal(deliveries.waiting, 500);
    assert.deepEqual([ended.length, ended[0]?.error], [100, '500 others wait to be sent']);
  });

  test('at an end is sent where that is soon, and else has failed', async () => {
    const { deliveries, ended, notice, pass } = open((channel) => (channel === 'mail' ? LATER : SENT));
    deliveries.add(notice(), ['mail', 'robot']);
    deliveries.add(notice(), ['robot']);
    await pass(1);
    const closing = deliveries.close(5000);
    deliveries.add(notice(), ['hook']);
    await pass(6);
    await closing;
    assert.deepEqual(
      ended.map(({ channel, outcome }) => `${channel} ${outcome}`),
      ['robot sent', 'mail failed', 'hook failed', 'robot sent'],
    );
    const stuck = open(() => new Promise<Verdict>(() => undefined));
    stuck.deliveries.add(stuck.notice(), ['mail']);
    const ending = stuck.deliveries.close(5000);
    await stuck.pass(5);
    await ending;
    assert.equal(stuck.ended[0]?.outcome, 'failed');
  });
});

test('pauses grow, are spread by chance, and are bounded but for what the receiver asks', () => {
  const attempts = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(attempts, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(600_000), (count, random, asked) => {
      const pause = pauseMs(count, random);
      assert.ok(pause >= 1000 && pause <= 120_000);
      assert.equal(pauseMs(count, random, asked), Math.max(pause, asked));
      assert.ok(pauseMs(count + 1, random) >= pause);
    }),
  );
});
