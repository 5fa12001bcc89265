import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RouteBench, refusal, turn } from '../../../../test/support/route-bench.ts';
import { USUAL_POLICY } from './policy.ts';

const NO_RETRIES = { retries: { ...USUAL_POLICY.retries, max: 0 } };

describe('a call along its targets', () => {
  it('is answered by the first, and asks nobody else', async () => {
    const bench = new RouteBench();
    const run = bench.send();
    await bench.answer('a');
    await run.reply;
    assert.deepEqual(run.attempts(), ['first a/m completed']);
    assert.deepEqual(run.call.answeredBy, { provider: 'a', model: 'm' });
    assert.equal(bench.exchanges('b').length, 0);
  });

  for (const [what, fails] of [
    ['is not reached', (bench: RouteBench) => bench.fail('a', 'connect')],
    ['breaks off', (bench: RouteBench) => bench.fail('a', 'broken')],
    ['fails', (bench: RouteBench) => bench.answer('a', 500, refusal())],
    ['is overloaded', (bench: RouteBench) => bench.answer('a', 529, refusal())],
    ['limits', (bench: RouteBench) => bench.answer('a', 429, refusal(), { 'retry-after': '20' })],
    ['refuses our key', (bench: RouteBench) => bench.answer('a', 401, refusal())],
    ['does not have the model', (bench: RouteBench) => bench.answer('a', 404, refusal('model_not_found'))],
    ['answers with a page', (bench: RouteBench) => bench.answer('a', 200, '<html>')],
  ] as const) {
    it(`goes to the next at once where one ${what}`, async () => {
      const bench = new RouteBench({ policy: NO_RETRIES });
      const run = bench.send();
      await fails(bench);
      await bench.answer('b');
      const reply = await run.reply;
      assert.deepEqual(run.attempts(), ['first a/m failed', 'fallback b/m completed']);
      assert.equal(reply.headers['x-causeway-target'], 'b/m');
      assert.equal(reply.headers['x-causeway-attempts'], '2');
      assert.equal(run.call.attempts.all[1]?.opening.retryOf, 0);
    });
  }

  for (const [status, code] of [
    [400, 'request_invalid'],
    [413, 'request_too_large'],
    [422, 'request_invalid'],
  ] as const) {
    it(`promise 10: goes nowhere else where the client is at fault (${status}), which no target is blamed for`, async () => {
      const bench = new RouteBench();
      for (let count = 0; count < 10; count += 1) {
        const run = bench.send();
        await bench.answer('a', status, refusal());
        assert.equal((await run.error()).code, code);
        assert.deepEqual(run.attempts(), ['first a/m failed']);
      }
      assert.equal(bench.exchanges('b').length, 0);
    });
  }

  it('is told what the last one said where all fail', async () => {
    const bench = new RouteBench({ policy: NO_RETRIES });
    const run = bench.send();
    await bench.answer('a', 500, refusal());
    await bench.answer('b', 529, refusal());
    assert.equal((await run.error()).code, 'provider_overloaded');
    assert.deepEqual(run.attempts(), ['first a/m failed', 'fallback b/m failed']);
  });

  it('is refused, and sent nowhere, where no target can do it', async () => {
    const bench = new RouteBench();
    const run = bench.send({ operation: 'rerank' });
    const error = await run.error();
    assert.equal(error.code, 'operation_unsupported');
    assert.deepEqual(run.attempts(), []);
  });

  it('is answered by the target for long prompts, and by no other, where the prompt is too long', async () => {
    const bench = new RouteBench({ policy: { onContextLength: [{ provider: 'long', model: 'm' }] } });
    const run = bench.send();
    await bench.answer('a', 400, refusal('context_length_exceeded'));
    await bench.answer('long');
    await run.reply;
    assert.deepEqual(run.attempts(), ['first a/m failed', 'fallback long/m completed']);
    const again = bench.send();
    await bench.answer('a', 400, refusal('context_length_exceeded'));
    await bench.answer('long', 400, refusal('context_length_exceeded'));
    assert.equal((await again.error()).code, 'context_length_exceeded');
    assert.equal(bench.exchanges('b').length, 0);
  });

  it('is answered by the target for refused prompts where a filter refuses it', async () => {
    const bench = new RouteBench({ policy: { onContentPolicy: [{ provider: 'other', model: 'm' }] } });
    const run = bench.send();
    await bench.answer('a', 400, refusal('content_policy_violation'));
    await bench.answer('other');
    await run.reply;
    assert.deepEqual(run.attempts(), ['first a/m failed', 'fallback other/m completed']);
  });
});

describe('retries', () => {
  it('begin again with the first when all have failed, each after a longer wait', async () => {
    const bench = new RouteBench({ targets: ['a'] });
    const run = bench.send();
    for (const delayMs of [500, 1000, 2000]) {
      await bench.answer('a', 500, refusal());
      const before = bench.exchanges('a').length;
      await bench.advance(delayMs - 1);
      assert.equal(bench.exchanges('a').length, before, `not before ${delayMs} ms`);
      await bench.advance(1);
      assert.equal(bench.exchanges('a').length, before + 1);
    }
    await bench.answer('a', 500, refusal());
    assert.equal((await run.error()).code, 'provider_error');
    assert.deepEqual(
      run.attempts(),
      ['first', 'retry', 'retry', 'retry'].map((kind) => `${kind} a/m failed`),
    );
    assert.equal(bench.clock.waiting, 0, 'no timer is left');
  });

  it('wait as long as the provider asks', async () => {
    const bench = new RouteBench({ targets: ['a'], policy: { pacing: { burst: 0.1, learn: false } } });
    const run = bench.send();
    await bench.answer('a', 429, refusal(), { 'retry-after': '7' });
    await bench.advance(6999);
    assert.equal(bench.exchanges('a').length, 1);
    await bench.advance(800);
    await bench.answer('a');
    await run.reply;
  });

  it('are not waited for where the client gives up before, or the provider asks for too long', async () => {
    const bench = new RouteBench({ targets: ['a'] });
    const hurried = bench.send({ deadlineAt: 400 });
    await bench.answer('a', 500, refusal());
    assert.equal((await hurried.error()).code, 'provider_error');
    const asked = bench.send();
    await bench.answer('a', 503, refusal(), { 'retry-after': '3600' });
    assert.equal((await asked.error()).code, 'provider_overloaded');
    assert.equal(bench.exchanges('a').length, 2);
  });

  it('promise 11: are not sent for a client that leaves meanwhile', async () => {
    const bench = new RouteBench({ targets: ['a'] });
    const run = bench.send();
    await bench.answer('a', 500, refusal());
    run.call.cancellation.cancel('client');
    assert.equal((await run.error()).code, 'client_aborted');
    await bench.advance(60_000);
    assert.equal(bench.exchanges('a').length, 1);
    assert.equal(bench.clock.waiting, 0);
  });

  it('and fallbacks are no more than their budget', async () => {
    const budget = { share: 0, perSecond: 1 };
    const bench = new RouteBench({
      policy: {
        retries: { ...USUAL_POLICY.retries, max: 0, budget },
        breaker: { ...USUAL_POLICY.breaker, failures: 99 },
      },
    });
    for (let count = 0; count < 15; count += 1) {
      const run = bench.send();
      await bench.answer('a', 500, refusal());
      if (count < 10) await bench.answer('b');
      const attempts = count < 10 ? 2 : 1;
      await run.reply.catch(() => {});
      assert.equal(run.attempts().length, attempts, `request ${count}`);
    }
  });
});

async function openBreaker(bench: RouteBench): Promise<void> {
  for (let count = 0; count < 5; count += 1) {
    const run = bench.send();
    await bench.answer('a', 500, refusal());
    await bench.answer('b');
    await run.reply;
  }
}

describe('a target that fails again and again', () => {
  it('is left alone, and asked with one request after a while', async () => {
    const bench = new RouteBench({ policy: NO_RETRIES });
    await openBreaker(bench);
    const run = bench.send();
    assert.equal(bench.exchanges('a').length, 5);
    await bench.answer('b');
    await run.reply;
    assert.deepEqual(run.attempts(), ['fallback b/m completed']);
    await bench.advance(30_000);
    const probe = bench.send();
    const other = bench.send();
    assert.equal(bench.exchanges('a').length, 6, 'one probe');
    await bench.answer('b');
    await bench.answer('a');
    await Promise.all([probe.reply, other.reply]);
    bench.send();
    assert.equal(bench.exchanges('a').length, 7);
  });

  it('is said to be left alone where there is no other, with the time', async () => {
    const bench = new RouteBench({ targets: ['a'], policy: NO_RETRIES });
    for (let count = 0; count < 5; count += 1) {
      const run = bench.send();
      await bench.answer('a', 500, refusal());
      await run.error();
    }
    await bench.advance(10_000);
    const run = bench.send();
    const error = await run.error();
    assert.deepEqual([error.code, error.status, error.retryAfterMs], ['target_unavailable', 503, 20_000]);
    assert.deepEqual(run.attempts(), []);
  });
});

describe('a target that is full', () => {
  const queue = { concurrency: 1, size: 10, maxWait: 5000, adaptive: false };

  it('is waited for, and its place is free when the answer is over', async () => {
    const bench = new RouteBench({ targets: ['a'], policy: { queue } });
    const first = bench.send();
    const second = bench.send();
    await turn();
    assert.equal(bench.exchanges('a').length, 1);
    await bench.answer('a');
    await first.reply;
    assert.equal(bench.exchanges('a').length, 2);
    await bench.answer('a');
    await second.reply;
  });

  it('is soon passed over for the next one', async () => {
    const bench = new RouteBench({ policy: { queue } });
    bench.send();
    const second = bench.send();
    await bench.advance(1000);
    assert.equal(bench.exchanges('b').length, 1);
    await bench.answer('b');
    await second.reply;
    assert.deepEqual(second.attempts(), ['fallback b/m completed']);
  });

  it('gives its places by priority', async () => {
    const bench = new RouteBench({ targets: ['a'], policy: { queue } });
    bench.send();
    const low = bench.send({ facts: { priority: 1 } });
    const high = bench.send({ facts: { priority: 9 } });
    await bench.answer('a');
    await bench.answer('a');
    await high.reply;
    assert.deepEqual(low.attempts(), ['first a/m …']);
  });
});

describe('a slow target', () => {
  it('is given up when its first content does not come, and the next is asked', async () => {
    const bench = new RouteBench();
    const run = bench.send({
      json: { model: 'm', stream: true, messages: [] },
      assignment: {
        virtualModel: 'chat',
        targets: [
          { provider: 'a', model: 'm' },
          { provider: 'b', model: 'm' },
        ],
        passThroughCredentials: false,
        timeouts: { headers: 300 },
      },
    });
    bench.last('a').sse();
    await bench.advance(300);
    assert.equal(bench.last('a').freed, true);
    await bench.answer('b', 500, refusal());
    assert.deepEqual(run.attempts().slice(0, 2), ['first a/m failed', 'fallback b/m failed']);
    assert.equal(run.call.attempts.all[0]?.closing?.errorCode, 'provider_timeout');
  });

  it('has 30 seconds for an answer in one piece, where nobody said otherwise', async () => {
    const bench = new RouteBench({ targets: ['a'], policy: NO_RETRIES });
    const run = bench.send();
    await bench.advance(29_999);
    assert.equal(bench.last('a').aborts, 0);
    await bench.advance(1);
    const error = await run.error();
    assert.equal(error.code, 'provider_timeout');
    assert.match(error.message, /30 s.*timeouts\.total/);
    assert.equal(bench.clock.waiting, 0);
  });
});

describe('a hedge', () => {
  const policy = { hedge: { after: 200 } };

  it('starts at the next target after its delay; the first answer wins, and the other attempt is ended', async () => {
    const bench = new RouteBench({ policy });
    const run = bench.send();
    await bench.advance(199);
    assert.equal(bench.exchanges('b').length, 0);
    await bench.advance(1);
    await bench.answer('b');
    const reply = await run.reply;
    assert.equal(reply.headers['x-causeway-target'], 'b/m');
    assert.deepEqual(run.attempts(), ['first a/m aborted', 'hedge b/m completed']);
    assert.equal(bench.last('a').aborts, 1);
    assert.deepEqual(run.call.answeredBy, { provider: 'b', model: 'm' });
    assert.equal(bench.clock.waiting, 0);
  });

  it('is not needed where the first is in time', async () => {
    const bench = new RouteBench({ policy });
    const run = bench.send();
    await bench.answer('a');
    await run.reply;
    await bench.advance(1000);
    assert.equal(bench.exchanges('b').length, 0);
  });

  it('leaves the first one running where it fails, and the other way round', async () => {
    const bench = new RouteBench({ policy });
    const run = bench.send();
    await bench.advance(200);
    await bench.answer('b', 500, refusal());
    await bench.answer('a');
    const reply = await run.reply;
    assert.equal(reply.headers['x-causeway-target'], 'a/m');
    assert.deepEqual(run.attempts(), ['first a/m completed', 'hedge b/m failed']);
  });

  it('ends with the client', async () => {
    const bench = new RouteBench({ policy });
    const run = bench.send();
    await bench.advance(200);
    run.call.cancellation.cancel('client');
    assert.equal((await run.error()).code, 'client_aborted');
    assert.deepEqual(run.attempts(), ['first a/m aborted', 'hedge b/m aborted']);
    assert.deepEqual([bench.last('a').freed, bench.last('b').freed], [true, true]);
  });
});
