import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Assignment } from '../../../core/call.ts';
import { GatewayError, type ErrorCode } from '../../../core/errors.ts';
import type { RetryPolicy } from '../../../core/route-policy.ts';
import { FollowedAnswer, GoneError } from './followed-answer.ts';
import { encodeEntry } from './entries.ts';
import { eventually, localDeck } from '../../../../test/support/flight-deck.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { ONE_ATTEMPT } from '../../../../test/support/route-deps.ts';

const HEADERS = { 'content-type': 'application/json', 'x-ratelimit-remaining-requests': '3', 'x-request-id': 'req_1' };

function withRetries(retries: Partial<RetryPolicy>): Assignment {
  const policy = { ...ONE_ATTEMPT, retries: { ...ONE_ATTEMPT.retries, baseDelay: 100, maxDelay: 5000, ...retries } };
  return { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined, policy };
}

const PATIENT = { assignment: withRetries({ max: 2 }) };

describe('requests of two names', () => {
  it('are not one where their names share a number, and each has an answer of its own', async () => {
    const { flights } = localDeck({ numberOf: () => 7 });
    const asked: string[] = [];
    const answers = ['a', 'b', 'a'].map((name) =>
      flights.run(name, makeCall(), async () => {
        asked.push(name);
        await eventually();
        const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
        return { kind: 'whole', status: 200, headers: {}, body: Buffer.from(name), terminal };
      }),
    );
    const replies = await Promise.all(answers);
    assert.deepEqual(asked, ['a', 'b']);
    assert.deepEqual(
      replies.map((reply) => reply.kind === 'whole' && Buffer.from(reply.body).toString()),
      ['a', 'b', 'a'],
    );
    assert.equal(flights.size, 0);
  });
});

describe('an answer in one piece to identical requests', () => {
  it('is one for all, each with headers of its own, and the price is paid once', async () => {
    const deck = localDeck();
    const leader = deck.board({ id: 'a'.repeat(32) });
    const follower = deck.board({ id: 'b'.repeat(32) });
    deck.clock.advance(40);
    leader.call.warnings.push('the model does not know `seed`');
    deck.upstreams[0]?.whole({ ...HEADERS });
    await eventually();
    assert.equal(deck.upstreams.length, 1);
    assert.deepEqual(leader.reply?.headers, HEADERS);
    assert.deepEqual(follower.reply?.headers, {
      'content-type': 'application/json',
      'x-causeway-cost-usd': '0',
      'x-causeway-request-id': 'b'.repeat(32),
      'x-causeway-cache': 'coalesced',
      'x-causeway-cache-key': 'k'.repeat(32),
      'x-causeway-target': 'lab/m',
      'x-causeway-warnings': 'the model does not know `seed`',
    });
    assert.deepEqual(follower.call.savings, [
      { mechanism: 'coalesced', nanoUsd: 700, inputTokens: 3, outputTokens: 7 },
    ]);
    assert.equal(follower.call.cache?.answeredAt, 40);
    assert.equal(leader.call.savings, undefined);
    assert.equal(leader.call.cache?.state, 'miss');
  });

  it('saves the others what the answer cost, and not what failed before it', async () => {
    const deck = localDeck();
    const leader = deck.board();
    const follower = deck.board();
    const opening = { target: 'lab/n', priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined };
    const failed = leader.call.attempts.open({ ...opening, simulated: false });
    failed.sentAt = 0;
    failed.close(0, { outcome: 'failed', usage: { inputTokens: 3, outputTokens: 1 } });
    deck.upstreams[0]?.whole();
    await eventually();
    assert.deepEqual(follower.call.savings, [
      { mechanism: 'coalesced', nanoUsd: 700, inputTokens: 3, outputTokens: 7 },
    ]);
  });

  it('promise 6: is paid by the record of who asked, also where that client has left', async () => {
    const deck = localDeck();
    const leader = deck.board();
    const follower = deck.board();
    leader.leave();
    await eventually();
    assert.deepEqual([leader.error?.code, leader.settled], ['client_aborted', 0]);
    assert.equal(deck.upstreams[0]?.aborted, false);
    deck.upstreams[0]?.whole();
    await eventually();
    assert.equal(leader.settled, 1);
    assert.equal(leader.call.attempts.cost.nanoUsd, 700);
    assert.equal(follower.terminals[0]?.kind, 'completed');
  });
});

/** What a follower gets after the leader's request failed so. */
async function after(code: ErrorCode, follower = PATIENT, leading: object = {}, detail = {}) {
  const deck = localDeck();
  const leader = deck.board(leading);
  const waiting = deck.board(follower);
  deck.upstreams[0]?.refuse(new GatewayError(code, { headers: { 'x-ratelimit': '1' }, ...detail }));
  await eventually();
  assert.equal(leader.error?.code, code);
  return { deck, waiting };
}

describe('a failure before there is an answer', () => {
  it('is the same for all where the request is at fault', async () => {
    const { deck, waiting } = await after('context_length_exceeded');
    assert.equal(waiting.error?.code, 'context_length_exceeded');
    assert.equal(waiting.error?.headers, undefined, 'what it says of limits is for who sent it');
    assert.equal(deck.clock.waiting, 0);
  });

  it('is told once to each, and each goes on by its own policy after a while', async () => {
    const { deck, waiting } = await after('provider_overloaded');
    assert.equal(waiting.error, undefined);
    assert.equal(deck.upstreams.length, 1);
    deck.clock.advance(49);
    await eventually();
    assert.equal(deck.upstreams.length, 1);
    deck.clock.advance(1);
    await eventually();
    assert.equal(deck.upstreams.length, 2);
    assert.equal(deck.upstreams[1]?.call, waiting.call);
    assert.equal(deck.flights.size, 0, 'nobody joins it');
    deck.upstreams[1]?.whole();
    await eventually();
    assert.equal(waiting.terminals[0]?.kind, 'completed');
    assert.equal(waiting.call.savings, undefined);
    assert.equal(waiting.call.cache?.state, 'miss');
  });

  it('is waited out as long as the provider asked for, but no longer than the policy allows', async () => {
    const { deck, waiting } = await after('provider_rate_limited', PATIENT, {}, { retryAfterMs: 2000 });
    deck.clock.advance(1999);
    await eventually();
    assert.equal(deck.upstreams.length, 1);
    deck.clock.advance(200);
    await eventually();
    assert.equal(deck.upstreams.length, 2);
    waiting.leave();
    const long = await after('provider_rate_limited', PATIENT, {}, { retryAfterMs: 6000 });
    assert.equal(long.waiting.error?.code, 'provider_rate_limited');
    assert.equal(long.waiting.error?.retryAfterMs, 6000);
  });

  it('ends a call that is not to be retried', async () => {
    const { waiting } = await after('provider_error', { assignment: withRetries({ max: 0 }) });
    assert.equal(waiting.error?.code, 'provider_error');
  });

  it('says nothing about others where it is for the sender alone: its budget, its deadline', async () => {
    const never = { assignment: withRetries({ max: 0 }) };
    for (const [code, leading] of [
      ['budget_exhausted', {}],
      ['deadline_exceeded', {}],
      ['queue_full', { deadlineAt: 50 }],
    ] as const) {
      const { deck, waiting } = await after(code, never, leading);
      assert.equal(waiting.error, undefined, code);
      assert.equal(deck.upstreams.length, 2, code);
    }
  });

  it('is waited out also where it came under a deadline that it has nothing to do with', async () => {
    const never = { assignment: withRetries({ max: 0 }) };
    const { deck, waiting } = await after('provider_rate_limited', never, { deadlineAt: 50 });
    assert.equal(waiting.error?.code, 'provider_rate_limited');
    const patient = await after('provider_rate_limited', PATIENT, { deadlineAt: 50 }, { retryAfterMs: 2000 });
    assert.deepEqual([deck.upstreams.length, patient.deck.upstreams.length, patient.deck.clock.waiting], [1, 1, 1]);
  });

  it('promise 11: is not asked again for a client that left while it waited', async () => {
    const { deck, waiting } = await after('provider_error');
    waiting.leave();
    await eventually();
    deck.clock.advance(1000);
    await eventually();
    assert.equal(waiting.error?.code, 'client_aborted');
    assert.equal(deck.upstreams.length, 1);
    assert.equal(deck.clock.waiting, 0);
  });
});

describe('an answer that another replica passes on', () => {
  const saving = { mechanism: 'coalesced', nanoUsd: 1, inputTokens: 1, outputTokens: 1 } as const;
  const failed = { kind: 'failed', error: { code: 'provider_error', message: 'no', status: 502 } } as const;
  const head = { status: 200, headers: {}, origin: { warnings: [] } } as const;

  it('is gone where it has no beginning', async () => {
    for (const entry of [
      { type: 'end', terminal: failed, saving },
      { type: 'item', events: [] },
    ] as const) {
      let left = 0;
      const answer = new FollowedAnswer(
        makeCall(),
        () => 0,
        () => void (left += 1),
      );
      answer.take([encodeEntry(entry as Parameters<typeof encodeEntry>[0])]);
      await assert.rejects(answer.reply, GoneError);
      assert.equal(left, 1);
    }
  });

  it('saves nothing where it did not end well', async () => {
    const call = makeCall();
    const answer = new FollowedAnswer(
      call,
      () => 0,
      () => {},
    );
    const piece = { kind: 'whole', body: '' } as const;
    answer.take([encodeEntry({ type: 'answer', ...head, piece, terminal: failed as never, saving })]);
    assert.equal((await answer.reply).status, 200);
    assert.equal(call.savings, undefined);
  });
});

function of(project: string) {
  return { principal: { keyId: `key of ${project}`, project, user: undefined, models: undefined } };
}

describe('requests of two projects', () => {
  it('promise 8: are never one, whatever they are called', () => {
    const deck = localDeck();
    deck.board(of('a'));
    deck.board(of('b'));
    deck.board(of('b'));
    deck.board(of('a'));
    deck.board();
    assert.deepEqual(
      deck.upstreams.map(({ call }) => call.principal?.project),
      ['a', 'b', 'a', undefined],
    );
  });
});

describe('a request of higher priority', () => {
  const urgent = { facts: { stream: true, priority: 9 } };

  it('does not wait where one of a lower one waits its turn, and is joined in its place', async () => {
    const deck = localDeck();
    const first = deck.board();
    const second = deck.board(urgent);
    assert.equal(deck.upstreams.length, 2);
    deck.board();
    assert.equal(deck.upstreams.length, 2);
    deck.upstreams[0]?.whole();
    deck.upstreams[1]?.whole();
    await eventually();
    assert.deepEqual(
      [first, second].map(({ terminals }) => terminals.length),
      [1, 1],
    );
    assert.equal(deck.flights.size, 0);
  });

  it('joins an answer that has begun', async () => {
    const deck = localDeck();
    deck.board();
    deck.upstreams[0]?.answer();
    await eventually();
    deck.board(urgent);
    assert.equal(deck.upstreams.length, 1);
  });
});
