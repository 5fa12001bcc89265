import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { eventually, localDeck } from '../../../../test/support/flight-deck.ts';
import { ONE_ATTEMPT } from '../../../../test/support/route-deps.ts';
import { ReplyStream } from '../../../core/reply.ts';
import { SharedStream } from './shared-stream.ts';

/** Who would ask again after a failure before the answer. */
const PATIENT = {
  assignment: {
    virtualModel: 'chat',
    targets: [],
    passThroughCredentials: false,
    timeouts: undefined,
    policy: { ...ONE_ATTEMPT, retries: { ...ONE_ATTEMPT.retries, max: 2 } },
  },
};

describe('a stream that several read', () => {
  it('may be joined late, and gives all of it', async () => {
    const deck = localDeck();
    deck.board();
    const [upstream] = deck.upstreams;
    upstream?.answer();
    await eventually();
    upstream?.push();
    upstream?.push();
    const late = deck.board();
    await eventually();
    assert.deepEqual(late.heard, [0, 1]);
    upstream?.push();
    upstream?.complete();
    assert.deepEqual(late.heard, [0, 1, 2]);
    assert.equal(deck.flights.keptBytes, 0);
    deck.board();
    assert.equal(deck.upstreams.length, 2, 'what has ended is asked for anew');
  });

  it('promise 1: ends in the error for all where it breaks off', async () => {
    const deck = localDeck();
    const [leader, follower] = [deck.board(), deck.board(PATIENT)];
    deck.upstreams[0]?.answer();
    await eventually();
    deck.upstreams[0]?.push();
    deck.upstreams[0]?.fail();
    assert.deepEqual(
      [leader, follower].map(({ terminals }) => terminals[0]?.kind),
      ['failed', 'failed'],
    );
    assert.equal(follower.call.savings, undefined);
    assert.equal(deck.upstreams.length, 1);
  });

  it('promise 11: is not joined where too much was said, and who is too far behind is cut off for the others', async () => {
    const deck = localDeck({ maxBytes: 10_000 });
    const [fast, slow] = [deck.board(), deck.board()];
    slow.setSlow(true);
    const [upstream] = deck.upstreams;
    upstream?.answer();
    await eventually();
    upstream?.push(4000);
    upstream?.push(4000);
    assert.equal(slow.heard.length, 1);
    upstream?.push(4000);
    assert.equal(slow.terminals.length, 0);
    assert.ok(deck.flights.keptBytes < 10_000, `${deck.flights.keptBytes}`);
    deck.board();
    assert.equal(deck.upstreams.length, 2, 'it takes no more');
    upstream?.push(4000);
    slow.setSlow(false);
    const [end] = slow.terminals;
    assert.equal(end?.kind === 'failed' && end.error.code, 'stream_interrupted');
    assert.deepEqual(slow.heard, [0]);
    upstream?.complete();
    assert.equal(fast.terminals[0]?.kind, 'completed');
    assert.equal(fast.heard.length, 4);
  });

  it('promise 11: keeps no more of all answers together than it may', async () => {
    const deck = localDeck({ maxTotal: 10_000 });
    deck.board();
    const [upstream] = deck.upstreams;
    upstream?.answer();
    await eventually();
    for (let each = 0; each < 20; each += 1) upstream?.push(4000);
    assert.equal(deck.flights.keptBytes, 0, 'the only reader has read it all');
    deck.board();
    assert.equal(deck.upstreams.length, 2);
  });

  it('promise 11: also where a slow reader is behind, who is cut off for it', async () => {
    const deck = localDeck({ maxTotal: 300_000 });
    const [fast, slow] = [deck.board(), deck.board()];
    slow.setSlow(true);
    deck.upstreams[0]?.answer();
    await eventually();
    for (let each = 0; each < 20; each += 1) deck.upstreams[0]?.push(50_000);
    assert.ok(deck.flights.keptBytes < 300_000, `${deck.flights.keptBytes}`);
    slow.setSlow(false);
    assert.equal(slow.terminals[0]?.kind, 'failed');
    assert.equal(fast.heard.length, 20);
  });

  it('promise 1, 11: is given piece by piece to who joins late and is slow, and kept until all was read', async () => {
    for (const more of [0, 1]) {
      const deck = localDeck();
      const leader = deck.board();
      const [upstream] = deck.upstreams;
      upstream?.answer();
      await eventually();
      for (let each = 0; each < 20; each += 1) upstream?.push(10_000);
      const late = deck.board();
      late.setSlow(true);
      await eventually();
      assert.ok(late.heard.length > 0 && late.heard.length < 15, `${late.heard.length}`);
      for (let each = 0; each < more; each += 1) upstream?.push();
      upstream?.complete();
      assert.equal(leader.terminals[0]?.kind, 'completed');
      assert.equal(late.terminals.length, 0);
      assert.ok(deck.flights.keptBytes > 10_000);
      late.setSlow(false);
      assert.deepEqual(late.heard, upstream?.said);
      assert.equal(late.terminals[0]?.kind, 'completed');
      assert.equal(deck.flights.keptBytes, 0);
    }
  });

  it('promise 11: cuts off who joined late and is slow where it is too much, and nobody else', async () => {
    const deck = localDeck({ maxBytes: 20_000 });
    const leader = deck.board();
    const [upstream] = deck.upstreams;
    upstream?.answer();
    await eventually();
    upstream?.push(4000);
    const late = deck.board();
    late.setSlow(true);
    await eventually();
    for (let each = 0; each < 5; each += 1) upstream?.push(4000);
    assert.ok(deck.flights.keptBytes < 20_000, `${deck.flights.keptBytes}`);
    late.setSlow(false);
    assert.deepEqual([late.heard, late.terminals[0]?.kind], [[0], 'failed']);
    upstream?.complete();
    assert.deepEqual([leader.heard.length, leader.terminals[0]?.kind], [6, 'completed']);
    assert.equal(deck.flights.keptBytes, 0);
  });

  it('promise 11: keeps the rest a minute for a reader that has stalled at the end', async () => {
    const deck = localDeck();
    const [, stalled] = [deck.board(), deck.board()];
    stalled.setSlow(true);
    deck.upstreams[0]?.answer();
    await eventually();
    for (let each = 0; each < 3; each += 1) deck.upstreams[0]?.push(4000);
    deck.upstreams[0]?.complete();
    deck.clock.advance(59_999);
    assert.ok(deck.flights.keptBytes > 0);
    deck.clock.advance(1);
    assert.equal(deck.flights.keptBytes, 0);
    stalled.setSlow(false);
    assert.deepEqual([stalled.terminals[0]?.kind, stalled.heard], ['failed', [0]]);
    assert.equal(stalled.call.savings, undefined);
    assert.equal(deck.clock.waiting, 0);
  });

  it('gives each item once, also where somebody joins while the only reader gets one', () => {
    const source = new ReplyStream({ pause: () => {}, resume: () => {}, cancel: () => {} });
    const keeping = { maxBytes: 10_000, maxTotal: 10_000, total: 0, scheduler: new FakeClock() };
    const shared = new SharedStream(source, keeping, () => {});
    const heard = ['', ''];
    const read = (reader: 0 | 1, then = (): void => {}): void => {
      shared.branch({ isLeader: reader === 0, left: () => {}, ending: () => {} }).read({
        item({ bytes }) {
          heard[reader] += Buffer.from(bytes ?? []).toString();
          then();
          return true;
        },
        terminal: () => {},
      });
    };
    read(0, () => {
      if (heard[0] === 'ab') read(1);
    });
    shared.start();
    for (const letter of ['a', 'b', 'c']) source.push({ bytes: Buffer.from(letter), events: [] });
    assert.deepEqual(heard, ['abc', 'abc']);
  });
});
