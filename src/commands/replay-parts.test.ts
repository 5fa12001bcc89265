import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { REFUSED, type RecordedParts, TRAFFIC_FROM, answerAt } from '../../test/support/recorded-traffic.ts';
import { summed, at, replayUnder } from '../../test/support/replay-under.ts';
import { redactTexts } from '../records/redaction/redact-texts.ts';
import type { Replayed } from '../work/replay/replayer.ts';
import { replayView } from '../work/replay/report-view.ts';
import { replayText } from './replay-text.ts';

const SMALL = 'models: { chat: { target: sim/small } }\n';

const kinds = (replayed: readonly Replayed[]): string[] =>
  replayed.map(({ after }) =>
    after.kind === 'cached' ? after.state : after.kind === 'refused' ? after.code : after.kind,
  );

const usages = fc.record({
  inputTokens: fc.integer({ min: 1, max: 100_000 }),
  outputTokens: fc.integer({ min: 0, max: 20_000 }),
});

test('the configuration that was in force makes what was recorded, to the nano-dollar', async () => {
  const requests = fc.array(
    fc.record({
      target: fc.constantFrom('sim/small', 'sim/large'),
      usage: usages,
      latencyMs: fc.integer({ max: 60_000, min: 0 }),
    }),
    { maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const replayed = await replayUnder(
        SMALL,
        all.map((one, index) => at(index * 10, { ...one, model: one.target, virtualModel: null })),
      );
      for (const { before, after: willBe } of replayed) assert.deepEqual(willBe, before);
    }),
    { numRuns: 30 },
  );
});

test('a request that was retried keeps all of its attempts, at the proposed prices', async () => {
  const failed = { ...answerAt('sim/small'), outcome: 'failed' as const };
  const requests = [at(0, { attempts: [failed, { ...answerAt('sim/small'), kind: 'retry' }] })];
  const prices = `prices: { sim/small: { input: 1, output: 2 } }\n`;
  const [{ after: willBe } = { after: undefined }] = await replayUnder(SMALL + prices, requests);
  assert.equal(willBe?.kind === 'answered' && willBe.costNanoUsd, 2 * (100 * 1000 + 40 * 2000));
});

test('what has no price is of unknown cost, and not compared', async () => {
  const unheard: RecordedParts = { target: 'sim/unheard-of', attempts: [answerAt('sim/unheard-of')] };
  const replayed = await replayUnder('models: { chat: { target: sim/unheard-of } }\n', [
    at(0, unheard),
    at(1, unheard),
  ]);
  const { all } = summed(replayed);
  assert.deepEqual([all.after.costUnknown, all.cost.requests], [2, 0]);
  assert.equal(all.after.targets.of('sim/unheard-of'), 2);
});

describe('the exact cache', () => {
  const CACHED = 'models: { chat: { target: sim/small, cache: { exact: { ttl: 1m } } } }\n';

  test('answers again from the end of the first answer until its time is over, and in between with the first one', async () => {
    const replayed = await replayUnder(CACHED, [at(0), at(50), at(150), at(60_099), at(60_150), at(60_300)]);
    assert.deepEqual(kinds(replayed), ['answered', 'coalesced', 'exact', 'exact', 'answered', 'exact']);
    const { all } = summed(replayed);
    assert.equal(all.after.costNanoUsd * 3, all.before.costNanoUsd);
  });

  test('gives no answer to another project, to another text, or of one that was cut short', async () => {
    const requests = [
      at(0, { finishReason: 'length' }),
      at(200),
      at(400, { project: 'other' }),
      at(600, { text: 'Bye' }),
      at(800, { cache: 'bypass' }),
      at(1000),
    ];
    assert.deepEqual(kinds(await replayUnder(CACHED, requests)), [...Array(5).fill('answered'), 'exact']);
  });

  test('knows texts by their hash where that is all there is, and says what it cannot know', async () => {
    const sha256 = createHash('sha256').update('x').digest('hex');
    const input = { sha256, bytes: 90 };
    const replayed = await replayUnder(CACHED, [at(0, { input }), at(200, { input }), at(400, { input: null })]);
    assert.deepEqual(kinds(replayed), ['answered', 'exact', 'answered']);
    assert.equal(summed(replayed).untold, 1);
  });

  test('a hit of before stays one where its answer is older than the record', async () => {
    const hit: RecordedParts = { cache: 'exact', attempts: [], latencyMs: 2 };
    const first = await replayUnder(CACHED, [at(0, hit)]);
    assert.deepEqual(kinds(first), ['exact']);
    const replayed = await replayUnder(SMALL, [
      at(0, { ...hit, savings: [{ mechanism: 'exact', inputTokens: 10, outputTokens: 5 }] }),
      at(9, { text: 'Hello again' }),
    ]);
    const [{ after: willBe } = { after: undefined }] = replayed;
    // It has to be asked for then: what it saved is what it costs.
    assert.equal(willBe?.kind === 'answered' && willBe.costNanoUsd, 10 * 100 + 5 * 400);
  });

  test('a hit without a text stays one as long as that cache is on', async () => {
    const requests = (['exact', 'semantic', 'miss'] as const).map((cache, index) =>
      at(index * 100, { cache, input: null, ...(cache !== 'miss' && { attempts: [], latencyMs: 2 }) }),
    );
    const replayed = await replayUnder(CACHED, requests);
    assert.deepEqual(kinds(replayed), ['exact', 'answered', 'answered']);
    assert.deepEqual(replayed[0]?.after, replayed[0]?.before);
    assert.equal(summed(replayed).untold, 3);
    assert.deepEqual(kinds(await replayUnder(SMALL, requests)), Array(3).fill('answered'));
  });

  test('a hit is none any more where its answer must be older than the ttl, if all answers since are seen', async () => {
    const hits = [0, 30_000, 59_999, 60_000, 60_200].map((ms) =>
      at(ms, { cache: 'exact', attempts: [], latencyMs: 2, savings: [], text: 'Asked long ago' }),
    );
    const answer = at(-1000, { text: 'So that the target is known' });
    const replayed = await replayUnder(CACHED, [at(0, { text: 'First' }), ...hits, answer]);
    assert.deepEqual(kinds(replayed).slice(1, -1), ['exact', 'exact', 'exact', 'answered', 'exact']);
    assert.equal(summed(replayed).hitsOfBefore, 3);
    const unseen = at(20_000, { input: null, latencyMs: 0 });
    const [, ...others] = kinds(await replayUnder(CACHED, [at(0, { text: 'First' }), unseen, ...hits.slice(1)]));
    assert.deepEqual(others, ['answered', ...Array(4).fill('exact')]);
  });
});

describe('limits', () => {
  test('requests follow the recorded times', async () => {
    const limits = 'limits: [{ per: key, requests: 60/1m, burst: 0.05 }]\n';
    const requests = [0, 10, 20, 30, 1100, 1110].map((ms) => at(ms));
    const replayed = await replayUnder(limits + SMALL, requests);
    assert.deepEqual(kinds(replayed), [...Array(3).fill('answered'), 'limit_requests', 'answered', 'limit_requests']);
  });

  test('places are taken for as long as the answers took', async () => {
    const limits = 'limits: [{ per: user, concurrency: 1 }]\n';
    const requests = [0, 90, 110].map((ms) => at(ms, { userId: 'ada' }));
    assert.deepEqual(kinds(await replayUnder(limits + SMALL, requests)), ['answered', 'limit_concurrency', 'answered']);
  });

  test('what was refused before is answered as requests like it were', async () => {
    const requests = [...Array.from({ length: 5 }, (_, index) => at(index * 1000)), at(9000, REFUSED)];
    const replayed = await replayUnder(SMALL, requests);
    const last = replayed.at(-1)?.after;
    assert.equal(last?.kind === 'answered' && last.basis, 'like-it');
    assert.equal(last?.kind === 'answered' && last.outputTokens, 40);
  });

  test('what was refused for another reason is refused again', async () => {
    const parts = { ...REFUSED, errorCode: 'request_invalid', errorOrigin: 'client' };
    const replayed = await replayUnder(SMALL, [at(0, parts), at(9, { ...REFUSED, keyId: null })]);
    assert.deepEqual(kinds(replayed), ['request_invalid', 'limit_requests']);
    assert.deepEqual(summed(replayed).left.entries(), [
      ['before-its-key', 1],
      ['refused-anyway', 1],
    ]);
  });
});

test('who left before anything was sent is taken as recorded, and costs nothing', async () => {
  const left: RecordedParts = { status: 'aborted', target: null, attempts: [], costNanoUsd: 0, finishReason: null };
  const replayed = await replayUnder(SMALL, [at(0), at(100, left)]);
  assert.deepEqual(replayed[1]?.after, replayed[1]?.before);
  assert.deepEqual(summed(replayed).left.entries(), [['given-up', 1]]);
  assert.equal(summed(replayed).all.after.costNanoUsd, summed(replayed).all.before.costNanoUsd);
});

test('the change of cost is of what is answered on both sides; refusals are told apart, as is what names no model', async () => {
  const limits = 'limits: [{ per: key, requests: 60/1m, burst: 0.05 }]\n';
  const requests = [
    at(0, { ...REFUSED, errorCode: 'path_not_found', model: null }),
    at(1, REFUSED),
    ...[2, 3, 4].map((ms) => at(ms)),
  ];
  const report = summed(await replayUnder(limits + SMALL, requests));
  const { all, models } = report;
  const { costNanoUsd: each } = at(0);
  assert.deepEqual(all.cost, { requests: 2, beforeNanoUsd: 2 * each, afterNanoUsd: 2 * each });
  assert.deepEqual(all.newlyRefused, { requests: 1, nanoUsd: each });
  assert.equal(all.noLongerRefused.requests, 1);
  assert.equal(all.noLongerRefused.nanoUsd, all.after.costNanoUsd - 2 * each);
  assert.deepEqual([...models.keys()], ['chat']);
  const [since, until] = [new Date(TRAFFIC_FROM), new Date(TRAFFIC_FROM + 9)];
  const text = replayText(replayView(report, { since, until, ownCalls: [], notes: [] }), 'new.yaml');
  assert.match(text, /^Cost of the 2 requests that are answered on both sides.*\(0\.0 %\)\.$/m);
  assert.match(text, /^Refused, and not before: 1 requests, which cost \$0\.000026\./m);
  assert.match(text, /^Refused before, and no longer: 1 requests/m);
});

const decided = (escalatedTo: string | undefined) => ({
  decision: {
    policy: 'order' as const,
    target: 'sim/small',
    reason: '',
    cascade: { first: 'sim/small', check: 'validator' as const, confidence: 1, escalatedTo },
  },
});

describe('routing', () => {
  test('a target of which nothing is recorded is named, and in no cost', async () => {
    const replayed = await replayUnder('models: { chat: { target: sim/large } }\n', [at(0), at(1)]);
    const { all } = summed(replayed);
    assert.deepEqual(all.after.unknown.entries(), [['sim/large', 2]]);
    assert.deepEqual(all.cost, { requests: 0, beforeNanoUsd: 0, afterNanoUsd: 0 });
  });

  test('an answer of the other target to the same request is taken as it is', async () => {
    const escalated = {
      ...answerAt('sim/large', { usage: { inputTokens: 7, outputTokens: 9 } }),
      kind: 'escalation' as const,
    };
    const request = at(0, { target: 'sim/large', attempts: [answerAt('sim/small'), escalated] });
    const [large] = await replayUnder('models: { chat: { target: sim/large } }\n', [request]);
    assert.equal(large?.after.kind === 'answered' && large.after.costNanoUsd, 7 * 2000 + 9 * 8000);
    const [small] = await replayUnder(SMALL, [request]);
    assert.equal(small?.after.kind === 'answered' && small.after.target, 'sim/small');
  });

  test('rules see metadata, and personal data in texts from which it was taken out', async () => {
    const rules =
      `models: { chat: { route: { targets: [{ target: sim/small }], rules: [` +
      `{ name: vip, when: { metadata: { tier: [vip] } }, targets: [sim/large] }, ` +
      `{ name: private, when: { sensitive: true }, targets: [sim/echo] }] } } }\n`;
    const personal = { model: 'chat', messages: [{ role: 'user', content: 'I am ada@example.org, call me' }] };
    const replayed = await replayUnder(rules, [
      at(0),
      at(1, { metadata: { tier: 'vip' } }),
      at(2, { input: JSON.parse(redactTexts(JSON.stringify(personal))) }),
      at(3, { target: 'sim/large' }),
    ]);
    const went = replayed.map(({ after: willBe }) => 'target' in willBe && willBe.target);
    assert.deepEqual(went, ['sim/small', 'sim/large', 'sim/echo', 'sim/small']);
    assert.equal(summed(replayed).texts.of('redacted'), 1);
  });

  test('weights have their shares, and the same each time', async () => {
    const weighted =
      'models: { chat: { route: { by: weight, targets: [{ target: sim/small, weight: 3 }, { target: sim/large }] } } }\n';
    const requests = Array.from({ length: 1000 }, (_, index) =>
      at(index, { target: index % 2 ? 'sim/small' : 'sim/large' }),
    );
    const [one, other] = [await replayUnder(weighted, requests), await replayUnder(weighted, requests)];
    assert.deepEqual(kinds(one), kinds(other));
    const small = summed(one).all.after.targets.of('sim/small') / 1000;
    assert.ok(Math.abs(small - 0.75) < 0.06, `${small}`);
  });

  test('a flag is in force for its users', async () => {
    const flags = 'flags: { big: { model: chat, users: [ada], set: { target: sim/large } } }\n';
    const requests = [at(0, { userId: 'ada' }), at(1, { userId: 'bob' }), at(2, { target: 'sim/large' })];
    const went = (await replayUnder(SMALL + flags, requests)).map((one) => 'target' in one.after && one.after.target);
    assert.deepEqual(went, ['sim/large', 'sim/small', 'sim/small']);
  });

  test('a cascade goes on as often as it did in the record, and is unknown where there was none', async () => {
    const cascade =
      'models: { chat: { route: { targets: [{ target: sim/small }], cascade: { to: sim/large, check: validator, validator: { minChars: 1 } } } } }\n';
    const large = at(0, { target: 'sim/large' });
    const [, unknown] = await replayUnder(cascade, [large, at(1)]);
    assert.deepEqual(unknown?.after, { kind: 'unknown', target: 'sim/small → sim/large' });
    const both = [answerAt('sim/small'), { ...answerAt('sim/large'), kind: 'escalation' as const }];
    const known = [
      at(10, { target: 'sim/large', attempts: both, routing: decided('sim/large') }),
      ...[20, 30, 40].map((ms) => at(ms, { routing: decided(undefined) })),
    ];
    const rest = Array.from({ length: 400 }, (_, index) => at(100 + index, { text: `Question ${index}` }));
    const replayed = await replayUnder(cascade, [...known, ...rest]);
    const share = summed(replayed.slice(known.length)).all.after.targets.of('sim/large') / rest.length;
    assert.ok(Math.abs(share - 0.25) < 0.08, `${share}`);
    const first = replayed[0];
    assert.deepEqual(first?.after, first?.before);
  });
});

test('the order in which requests are summed and learned from is no matter; shares add up to 1', async () => {
  const requests = Array.from({ length: 60 }, (_, index) =>
    at(index * 7, {
      target: index % 3 ? 'sim/small' : 'sim/large',
      usage: { inputTokens: 50 + index, outputTokens: index },
    }),
  );
  const replayed = await replayUnder(
    'models: { chat: { route: { by: weight, targets: [{ target: sim/small }, { target: sim/large }] } } }\n',
    requests,
  );
  const told = JSON.stringify(sumsOf(replayed));
  fc.assert(
    fc.property(fc.shuffledSubarray(replayed, { minLength: replayed.length }), (shuffled) => {
      assert.equal(JSON.stringify(sumsOf(shuffled)), told);
    }),
    { numRuns: 20 },
  );
});

function sumsOf(replayed: readonly Replayed[]): unknown {
  const { all } = summed(replayed);
  const { targets, latency, costNanoUsd } = all.after;
  const shares = targets.entries().map(([, count]) => count / targets.total);
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  return [targets.entries(), latency.percentile(0.5), latency.percentile(0.95), costNanoUsd, all.cost];
}
