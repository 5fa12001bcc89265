import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import {
  type Asked,
  EMBEDDER,
  SemanticWorld,
  callOf,
  settled,
  taught,
  vectorsFor,
} from '../../../../test/support/semantic-world.ts';
import { NO_NEEDS } from '../../../core/inference/needs.ts';

describe('the semantic cache', () => {
  it('asks the model until it knows enough, and then serves what means the same', async () => {
    const world = new SemanticWorld();
    assert.equal(await world.request('refund'), 'asked');
    assert.equal(await world.request('refund there'), 'asked');
    await taught(world);
    assert.equal(await world.request('refund here'), 'served refund');
    assert.equal(await world.request('parcel lost'), 'asked');
  });

  it('never serves where the model says something else each time', async () => {
    const world = new SemanticWorld();
    let nth = 0;
    world.answers = () => `answer ${(nth += 1)}`;
    await taught(world);
    for (const words of ['here', 'there', 'slowly']) assert.equal(await world.request(`refund ${words}`), 'asked');
    assert.ok((world.cache.view().families[0]?.wrongLabels ?? 0) > 5);
  });

  it('never serves where a number or a negation differs', async () => {
    const world = await taught(new SemanticWorld());
    assert.equal(await world.request('refund gladly'), 'served refund');
    assert.equal(await world.request('refund of 5 items'), 'asked');
    assert.equal(await world.request('refund of 6 items'), 'asked');
    assert.equal(await world.request('refund not wanted'), 'asked');
  });

  it('promise 8: has an answer for no other tenant, arm or context', async () => {
    const world = await taught(new SemanticWorld());
    assert.equal(await world.request('refund here'), 'served refund');
    // Each in words of its own, since a text that comes again is asked about.
    assert.equal(await world.request('refund there', { project: 'p2' }), 'asked');
    assert.equal(await world.request('refund gladly', { arm: 'b' }), 'asked');
    assert.equal(await world.request('refund slowly', { system: 'Be long.' }), 'asked');
    assert.equal(await world.request('refund kindly now'), 'served refund');
  });

  const OTHERS: readonly Asked[] = [{ project: 'p2' }, { arm: 'b' }];
  for (const other of OTHERS) {
    it(`promise 8: nothing that ${JSON.stringify(other)} asks changes what another is served`, async () => {
      const step = fc.record({
        own: fc.boolean(),
        text: fc
          .constantFrom('refund', 'parcel', 'card')
          .chain((topic) => fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g').map((words) => `${topic} ${words}`)),
        purge: fc.integer({ min: 0, max: 20 }).map((one) => one === 0),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
          const [with_, without] = [new SemanticWorld({ maxEntries: 40 }), new SemanticWorld({ maxEntries: 40 })];
          for (const { own, text, purge } of steps) {
            if (own) assert.equal(await with_.request(text), await without.request(text));
            else {
              with_.answers = () => 'something else';
              await with_.request(text, other);
              with_.answers = without.answers;
              if (purge && other.project) with_.cache.purge({ project: other.project });
            }
          }
        }),
        { numRuns: 40 },
      );
    });
  }

  it('forgets what is too old, and serves it no more', async () => {
    const world = await taught(new SemanticWorld());
    world.clock.advance(59_000);
    assert.equal(await world.request('refund here'), 'served refund');
    world.clock.advance(1001);
    assert.equal(await world.request('refund here'), 'asked');
    assert.equal(world.desk.size, 1);
  });

  it("deletes a user's entries with their vectors, also those that are on their way", async () => {
    const world = await taught(new SemanticWorld(), { user: 'ann' });
    await world.request('parcel lost', { user: 'bob' });
    const call = callOf('refund here', { user: 'ann' });
    const verdict = await world.look(callOf('refund of 9 items', { user: 'ann' }));
    assert.ok(verdict.kind === 'ask');
    const before = world.desk.size;
    const onItsWay = world.stored(call, 'parcel');
    world.clock.advance(1);
    assert.equal(world.cache.purge({ user: 'ann' }), before - 1);
    verdict.learn?.(onItsWay);
    await settled();
    assert.equal(world.desk.size, 1);
    assert.equal(await world.request('refund here', { user: 'bob' }), 'asked');
  });

  it('promise 11: keeps no more entries than it may', async () => {
    const world = new SemanticWorld({ maxEntries: 5 });
    world.answers = (text) => text;
    for (let at = 0; at < 20; at += 1) await world.request(`topic${at} x`);
    assert.equal(world.cache.view().entries, 5);
    assert.equal(world.desk.size, 5);
  });

  it('makes no vector of an answer that it does not learn from, since it learns from so many already', async () => {
    const world = new SemanticWorld({ embedder: EMBEDDER });
    world.ownAnswer = vectorsFor;
    const calls = Array.from({ length: 100 }, (_, at) => callOf(`topic${at} x`));
    const verdicts = await Promise.all(calls.map((call) => world.look(call)));
    for (const [at, verdict] of verdicts.entries()) {
      assert.ok(verdict.kind === 'ask');
      verdict.learn?.(world.stored(calls[at] ?? callOf(''), 'yes'));
    }
    await settled();
    assert.equal(world.own.length, 64);
    assert.equal(world.cache.view().entries, 64);
  });

  it('asks the model where a vector is late, and learns from it when it comes', async () => {
    const world = await taught(new SemanticWorld());
    world.desk.isSilent = true;
    const call = callOf('refund here');
    const looking = world.look(call);
    await settled();
    world.clock.advance(150);
    assert.equal((await looking).kind, 'ask');
    assert.deepEqual(
      call.spans.all.map(({ kind, name, detail }) => [kind, name, detail?.['decision']]),
      [
        ['cache', 'semantic', 'late'],
        ['embedding', 'built-in', undefined],
      ],
    );
  });

  it('looks for nothing where tools are offered or the question is long', async () => {
    const world = await taught(new SemanticWorld());
    const before = world.desk.asked;
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
    const needs = { ...NO_NEEDS, tools: true };
    assert.deepEqual(await world.look(Object.assign(callOf('refund here', {}, { tools }), { needs })), { kind: 'ask' });
    assert.equal(await world.request(`refund ${'x'.repeat(2000)}`), 'asked');
    assert.equal(world.desk.asked, before);
  });
});
