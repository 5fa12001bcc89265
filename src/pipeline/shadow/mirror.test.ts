import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import { ShadowSite, answering, assignmentTo, attempted } from '../../../test/support/shadow-site.ts';
import type { Call } from '../../core/call.ts';
import { newTraceId } from '../../core/ids.ts';
import { abortError } from '../../core/abort-error.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Terminal } from '../../core/events.ts';
import { type Reply, ReplyStream } from '../../core/reply.ts';
import { sumAt } from './sums.ts';

const PARIS = { model: 'chat', messages: [{ role: 'user', content: 'The capital of France?' }], temperature: 0.2 };

const originals = ({ asked }: ShadowSite) => asked.map(({ facts }) => facts.metadata?.['shadow_of']);

async function leftOutOf(site: ShadowSite): Promise<readonly string[]> {
  await site.turn();
  assert.equal(site.asked.length, 0);
  assert.deepEqual(site.failures, []);
  return site.leftOut;
}

describe('what is mirrored', () => {
  it('is the bytes of the client, for the candidate, in the name of the caller, without its headers', async () => {
    const site = new ShadowSite();
    const principal = { keyId: 'key_1', project: 'support', user: 'ada', models: undefined };
    const headers = { authorization: 'Bearer secret', 'idempotency-key': 'once' };
    const call = site.answered({ json: PARIS, principal, headers, facts: { metadata: { team: 'a' } } });
    call.body.patch({ op: 'set', path: '/temperature', value: 1 });
    assert.equal(site.asked.length, 0);
    await site.turn();
    const [mirrored] = site.asked;
    assert.ok(mirrored);
    assert.deepEqual(mirrored.body.bytesWith([]), call.body.raw);
    assert.deepEqual(mirrored.headers, {});
    assert.equal(mirrored.endpoint, 'causeway/shadow');
    assert.equal(mirrored.principal, principal);
    assert.deepEqual(mirrored.assignment?.targets, [{ provider: 'local', model: 'm' }]);
    assert.deepEqual(mirrored.facts.metadata, { team: 'a', shadow: 'small', shadow_of: call.id });
    assert.equal(mirrored.assignment?.virtualModel, 'shadow:small');
    assert.equal(mirrored.facts.priority, 0);
    assert.notEqual(mirrored.id, call.id);
    assert.notEqual(mirrored.attempts, call.attempts);
    assert.deepEqual(site.outcomes, ['answered']);
  });

  it('is kept by no provider', async () => {
    const site = new ShadowSite();
    site.answered({ dialect: 'responses', json: { model: 'chat', input: 'Hello' } });
    site.answered({ json: { ...PARIS, store: true } });
    await site.turn();
    assert.deepEqual(
      site.asked.map(({ body }) => (JSON.parse(body.bytesWith([]).toString()) as { store?: boolean }).store),
      [false, false],
    );
  });

  it('is so by its share, the same each time', async () => {
    const site = new ShadowSite({ share: 0.2, concurrency: 1000 });
    const calls = Array.from({ length: 2000 }, () => makeCall({ id: newTraceId(1), assignment: assignmentTo('a/b') }));
    for (const { id } of calls) site.answered({ id });
    await site.turn();
    const share = site.asked.length / calls.length;
    assert.ok(share > 0.16 && share < 0.24, `${share}`);
    const again = new ShadowSite({ share: 0.2, concurrency: 1000 });
    for (const { id } of calls) again.answered({ id });
    await again.turn();
    assert.deepEqual(originals(again), originals(site));
  });
});

describe('what is not mirrored', () => {
  it('is what the gateway asks by itself, what failed, and what is no chat', async () => {
    const site = new ShadowSite();
    site.answered({ endpoint: 'causeway/shadow' });
    site.answered({}, 'no', { status: 'failed' });
    site.answered({}, 'no', { operation: 'embeddings' });
    site.answered({}, 'no', { virtualModel: undefined });
    site.answered({}, 'no', { virtualModel: 'other' });
    assert.deepEqual(await leftOutOf(site), []);
  });

  it('is what came from a cache', async () => {
    const site = new ShadowSite();
    site.answered({ cache: { state: 'exact' } });
    site.answered({ cache: { state: 'coalesced' } });
    assert.deepEqual(await leftOutOf(site), ['cached', 'cached']);
  });

  it('is what is confined to targets that the candidate goes beyond, if only when it fails', async () => {
    const confinedTo = [{ provider: 'openai', model: 'm' }];
    const elsewhere = new ShadowSite();
    elsewhere.answered({ confinedTo });
    assert.deepEqual(await leftOutOf(elsewhere), ['confined']);
    const fallback = new ShadowSite({}, { variant: () => assignmentTo('openai/m', 'local/m') });
    fallback.answered({ confinedTo });
    assert.deepEqual(await leftOutOf(fallback), ['confined']);
    const within = new ShadowSite({}, { variant: () => assignmentTo('openai/m') });
    within.answered({ confinedTo });
    await within.turn();
    assert.equal(within.asked.length, 1);
  });

  it('is what went with a credential of the client', async () => {
    const site = new ShadowSite();
    const assignment = { ...assignmentTo('openai/m'), passThroughCredentials: true };
    site.answered({ assignment, headers: { authorization: 'Bearer sk-own' } });
    assert.deepEqual(await leftOutOf(site), ['credentials']);
  });

  it('is what would do something, what is too large, and everything while the process sheds load', async () => {
    const doing = new ShadowSite({}, { isRepeatable: () => false });
    doing.answered();
    assert.deepEqual(await leftOutOf(doing), ['unrepeatable']);
    const large = new ShadowSite();
    large.answered({}, 'x'.repeat(1024 * 1024));
    assert.deepEqual(await leftOutOf(large), ['large']);
    const busy = new ShadowSite({}, { isBusy: () => true });
    busy.answered();
    assert.deepEqual(await leftOutOf(busy), ['overload']);
  });

  it('is what comes up late, since the thread was busy with others, and what waits for it goes on', async () => {
    const scheduled: (() => void)[] = [];
    const scheduler = { after: (_: number, fn: () => void) => (scheduled.push(fn), () => {}) };
    const site = new ShadowSite({ concurrency: 1 }, { scheduler });
    site.answered();
    site.answered();
    const [first] = scheduled.splice(0);
    site.clock.advance(20);
    first?.();
    assert.deepEqual(site.leftOut, ['overload']);
    assert.equal(scheduled.length, 1);
    scheduled.splice(0)[0]?.();
    await site.turn();
    assert.deepEqual(site.outcomes, ['answered']);
  });

  it('is anything for a while after the budget had not enough for a request', async () => {
    const site = new ShadowSite({ concurrency: 1 });
    site.answer = () => Promise.reject(new GatewayError('budget_exhausted'));
    for (let at = 0; at < 3; at += 1) {
      site.answered();
      await site.turn();
    }
    assert.deepEqual(site.leftOut, ['budget', 'budget', 'budget']);
    assert.equal(site.asked.length, 1);
    assert.equal(site.unaffordable, 1);
    site.answer = (call) => Promise.resolve(answering(call, 'Paris.'));
    site.clock.advance(5001);
    site.answered();
    await site.turn();
    assert.deepEqual(site.outcomes, ['answered']);
  });
});

/** What a candidate may do to whoever asks it. */
const BEHAVIOURS = {
  whole: (call: Call) => Promise.resolve(answering(call, 'Paris.')),
  huge: (call: Call) => Promise.resolve(answering(call, 'x'.repeat(600_000))),
  'no sense': (call: Call) =>
    Promise.resolve({ ...answering(call, ''), kind: 'whole', body: Buffer.from('<html>') } as Reply),
  refuses: () => Promise.reject(new GatewayError('provider_error')),
  crashes: () => Promise.reject(new TypeError('undefined is no function')),
  'throws at once': () => {
    throw new Error('at once');
  },
  unpaid: () => Promise.reject(new GatewayError('budget_exhausted')),
  hangs: (call: Call) =>
    new Promise<Reply>((_, reject) => void call.cancellation.onCancel((by) => reject(abortError(by)))),
  'hangs in a stream': () => {
    const stream = new ReplyStream({ pause: () => {}, resume: () => {}, cancel: () => {} });
    stream.push({ events: [{ type: 'text-delta', choice: 0, index: 0, text: 'Par' }] });
    return Promise.resolve<Reply>({ kind: 'stream', status: 200, headers: {}, translated: true, stream });
  },
  'breaks off': () => {
    const stream = new ReplyStream({ pause: () => {}, resume: () => {}, cancel: () => {} });
    const error = new GatewayError('stream_interrupted');
    stream.end({ kind: 'failed', error, usage: undefined } satisfies Terminal);
    return Promise.resolve<Reply>({ kind: 'stream', status: 200, headers: {}, translated: true, stream });
  },
} satisfies Record<string, (call: Call) => Promise<Reply>>;

const behaviour = fc.constantFrom(...(Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[]));

describe('whatever a candidate does', () => {
  it('touches no request of a client, is under way so often and no more, and is counted', async () => {
    const step = fc.record({ does: behaviour, pauseMs: fc.constantFrom(0, 1, 1000, 70_000) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency) => {
          const site = new ShadowSite({ concurrency });
          const doing = steps.map(({ does }) => does);
          let [underWay, most] = [0, 0];
          site.answer = async (call) => {
            underWay += 1;
            most = Math.max(most, underWay);
            try {
              return await BEHAVIOURS[doing[(site.asked.length - 1) % doing.length] ?? 'whole'](call);
            } finally {
              underWay -= 1;
            }
          };
          const calls: Call[] = [];
          for (const { pauseMs } of steps) {
            calls.push(site.answered({ json: PARIS }));
            assert.ok(site.mirror.underWay <= concurrency);
            await site.turn(pauseMs);
          }
          const closing = site.mirror.close();
          await site.turn();
          await closing;
          await site.turn();
          assert.ok(most <= concurrency, `${most} at once`);
          assert.equal(site.mirror.underWay, 0);
          assert.equal(site.outcomes.length + site.leftOut.length, steps.length);
          assert.equal(site.leftOut.length, counted(site));
          for (const call of calls) {
            assert.equal(call.cancellation.by, undefined);
            assert.equal(call.attempts.all.length, 1);
            assert.deepEqual(call.body.patches, []);
            assert.deepEqual(call.assignment, assignmentTo('openai/m'));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is given up when it takes too long, and that is its failure', async () => {
    const site = new ShadowSite({ concurrency: 1 });
    site.answer = BEHAVIOURS.hangs;
    site.answered();
    await site.turn();
    site.clock.advance(119_000);
    await site.turn();
    assert.deepEqual(site.outcomes, []);
    await site.turn(2000);
    assert.deepEqual(site.outcomes, ['failed']);
    assert.equal(sumAt(site.sums.candidate, 'errors', 'deadline_exceeded'), 1);
  });

  it('as many more wait as may be under way, and the next begins when one ends', async () => {
    const site = new ShadowSite({ concurrency: 1 });
    site.answer = BEHAVIOURS.hangs;
    for (let at = 0; at < 3; at += 1) site.answered();
    await site.turn();
    assert.deepEqual(site.leftOut, ['concurrency']);
    assert.equal(site.asked.length, 1);
    await site.turn(120_000);
    await site.turn();
    assert.equal(site.asked.length, 2);
  });
});

describe('what is counted', () => {
  it('what the candidate cost, what it said, and how long it took', async () => {
    const site = new ShadowSite();
    site.answer = (call) => {
      attempted(call, site.clock, { tookMs: 200, nanoUsd: 300 });
      return Promise.resolve(answering(call, 'Paris, of course.'));
    };
    site.answered({ json: PARIS });
    await site.turn();
    const { pairs, candidate, live } = site.sums;
    assert.equal(sumAt(pairs, 'cost', 'live'), 1000);
    assert.equal(sumAt(pairs, 'cost', 'candidate'), 300);
    assert.equal(sumAt(pairs, 'latency', 'times', 'sum'), Math.log(2));
    assert.equal(sumAt(pairs, 'length', 'live'), 6);
    assert.equal(sumAt(pairs, 'length', 'candidate'), 17);
    assert.equal(sumAt(pairs, 'finish', 'same'), 1);
    assert.equal(sumAt(candidate, 'nanoUsd'), 300);
    assert.equal(sumAt(live, 'nanoUsd'), 1000);
    assert.equal(site.spentNanoUsd, 300);
  });

  it('a judge that is out of reach of what is confined is not asked', async () => {
    const judge = { target: { provider: 'anthropic', model: 'm' }, sample: 1 };
    const site = new ShadowSite({ judge }, { variant: () => assignmentTo('openai/m') });
    site.answered({ json: PARIS, confinedTo: [{ provider: 'openai', model: 'm' }] });
    await site.turn();
    assert.equal(site.asked.length, 1);
    site.answered({ json: PARIS });
    await site.turn();
    assert.equal(site.asked.length, 3);
    assert.equal(site.asked[2]?.facts.model, 'anthropic/m');
    assert.equal(site.asked[2]?.endpoint, 'causeway/shadow');
  });

  it('nor one that is out of reach of what the rules of the candidate alone confine', async () => {
    const judge = { target: { provider: 'anthropic', model: 'm' }, sample: 1 };
    const site = new ShadowSite({ judge });
    site.answer = (call) => {
      if (call.facts.model === 'chat') call.confinedTo = [{ provider: 'local', model: 'm' }];
      return Promise.resolve(answering(call, 'first'));
    };
    site.answered({ json: PARIS });
    await site.turn();
    assert.deepEqual(
      site.asked.map(({ facts }) => facts.model),
      ['chat'],
    );
    assert.deepEqual(site.outcomes, ['answered']);
  });
});

function counted({ sums }: ShadowSite): number {
  const leftOut = sums.pairs['leftOut'] ?? {};
  return Object.keys(leftOut).reduce((sum, reason) => sum + sumAt(sums.pairs, 'leftOut', reason), 0);
}
