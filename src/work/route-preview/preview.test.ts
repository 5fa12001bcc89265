import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeCall } from '../../../test/support/make-call.ts';
import { RoutingWorld } from '../../../test/support/routing-world.ts';
import { type RecordedParts, recorded } from '../../../test/support/recorded-traffic.ts';
import type { Assignment } from '../../core/call.ts';
import { PriceBook } from '../../models/pricing/price-book.ts';
import { ReplayPrices } from '../replay/prices.ts';
import type { RecordedRequest } from '../replay/recorded-request.ts';
import { preview } from './preview.ts';

const assignmentTo = (provider: string): Assignment => ({
  virtualModel: 'chat',
  targets: [{ provider, model: 'm' }],
  passThroughCredentials: false,
  timeouts: undefined,
});
const SIDES = { now: assignmentTo('big'), proposed: assignmentTo('small') };

const ANSWER = { kind: 'first', outcome: 'completed', startMs: 0, latencyMs: 100 } as const;

function byWeight(big: number, small: number): Assignment {
  const candidates = [['big', big] as const, ['small', small] as const].map(([provider, weight]) => ({
    target: { provider, model: 'm' },
    weight,
    quality: undefined,
    tiers: [],
  }));
  return {
    ...assignmentTo('big'),
    targets: candidates.map(({ target }) => target),
    route: {
      by: 'weight',
      candidates,
      rules: [],
      sticky: 'none',
      complexity: undefined,
      cascade: undefined,
      reference: undefined,
    },
  };
}

function house() {
  const world = new RoutingWorld(['big', 'small']);
  const { clock } = world;
  const deps = {
    clock,
    plan: world.deps,
    prompts: { catalog: () => world.deps.catalog() },
    makeCall: (endpoint: string, json: object) => makeCall({ endpoint, json }),
    prices: new ReplayPrices(new PriceBook({}), new Map()),
  };
  return { clock, deps };
}

async function* pagesOf(
  parts: readonly RecordedParts[],
  before: () => void = () => undefined,
): AsyncGenerator<readonly RecordedRequest[]> {
  for (const one of parts) {
    before();
    yield [recorded(one)];
  }
}

const bounds = { sample: 100, most: 10_000, isWanted: () => true };
const TEN: readonly RecordedParts[] = Array.from({ length: 10 }, () => ({}));

test('what has taken its time comes to an end, with what was seen so far', async () => {
  const { clock, deps } = house();
  const report = await preview(
    deps,
    SIDES,
    pagesOf(TEN, () => clock.advance(3000)),
    bounds,
  );
  const { sampled, changed, is_cut: isCut } = report.view();
  assert.deepEqual([sampled, changed, isCut], [3, 3, true]);
});

test('nothing more is done for somebody who has left', async () => {
  const { deps } = house();
  let asked = 0;
  const report = await preview(deps, SIDES, pagesOf(TEN), { ...bounds, isWanted: () => ++asked < 5 });
  assert.equal(report.view().sampled, 4);
});

test('others get their turn meanwhile', async () => {
  const { clock, deps } = house();
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  // Each request takes as long as a turn may.
  const slow = {
    ...deps,
    makeCall: (...asked: Parameters<typeof deps.makeCall>) => {
      clock.advance(5);
      return deps.makeCall(...asked);
    },
  };
  await preview(slow, SIDES, pagesOf(TEN), bounds);
  isOver = true;
  assert.ok(turns >= TEN.length, String(turns));
});

test('whose text was not kept is said, and what is no request to send is left out', async () => {
  const { deps } = house();
  const parts: readonly RecordedParts[] = [
    {},
    { input: { sha256: 'a'.repeat(64), bytes: 100 } },
    { input: null },
    { status: 'failed', target: null, errorCode: 'auth_invalid_key' },
    { endpoint: '/v1/files', operation: 'resource' },
  ];
  const view = (await preview(deps, SIDES, pagesOf(parts), bounds)).view();
  assert.deepEqual([view.sampled, view.compared], [5, 3]);
  assert.deepEqual(
    view.left_out.map(({ requests }) => requests),
    [1, 1],
  );
  assert.equal(view.notes.filter((note) => /was not kept.*: 1 requests/.test(note)).length, 2);
});

test('now is what was recorded: who was asked, and all that it cost', async () => {
  const { deps } = house();
  const parts: readonly RecordedParts[] = [
    { target: 'big/m', attempts: [{ ...ANSWER, target: 'big/m' }], costNanoUsd: 5000 },
    { target: 'small/m', attempts: [{ ...ANSWER, target: 'small/m' }], costNanoUsd: 700 },
    { target: 'big/m', attempts: [{ ...ANSWER, target: 'big/m' }], costNanoUsd: 0, costKnown: false },
  ];
  const { now, proposed, moves } = (await preview(deps, SIDES, pagesOf(parts), bounds)).view();
  assert.deepEqual([now.cost_usd, now.cost_unknown], [0.0000057, 1]);
  assert.deepEqual(
    now.targets.map(({ target, requests }) => [target, requests]),
    [
      ['big/m', 2],
      ['small/m', 1],
    ],
  );
  // What was answered there already costs the same again; the price of the others is not known.
  assert.deepEqual([proposed.cost_usd, proposed.cost_unknown], [0.0000007, 2]);
  assert.deepEqual(moves, [{ from: 'big/m', to: 'small/m', requests: 2 }]);
});

test('chance falls as it fell: the route that is in force changes nothing, and another share moves its part', async () => {
  const { deps } = house();
  const parts = Array.from({ length: 60 }, (_, at): RecordedParts => {
    const target = at % 3 === 0 ? 'big/m' : 'small/m';
    return { target, attempts: [{ ...ANSWER, target }] };
  });
  const same = await preview(deps, { now: byWeight(1, 2), proposed: byWeight(1, 2) }, pagesOf(parts), bounds);
  assert.equal(same.view().changed, 0);
  const none = await preview(deps, { now: byWeight(1, 2), proposed: byWeight(0, 1) }, pagesOf(parts), bounds);
  assert.deepEqual(none.view().moves, [{ from: 'big/m', to: 'small/m', requests: 20 }]);
});
