import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makeCall } from '../../../../../test/support/make-call.ts';
import {
  DONE,
  EMBEDDER,
  JUDGE,
  SemanticWorld,
  callOf,
  settled,
  taught,
  vectorsFor,
} from '../../../../../test/support/semantic-world.ts';
import { ownCostStage } from '../../../../models/own-calls/own-costs.ts';

const LONG = 'You get your money back within some days after the parcel has come back to us. '.repeat(4);

describe('the semantic cache with targets of its own', () => {
  it('asks the embedder on behalf of the caller, through records and budgets', async () => {
    const world = new SemanticWorld({ embedder: EMBEDDER });
    world.ownAnswer = vectorsFor;
    await taught(world, { user: 'ann' });
    assert.equal(await world.request('refund here', { user: 'ann' }), 'served refund');
    const [own] = world.own;
    assert.equal(own?.endpoint, 'causeway/semantic-cache');
    assert.equal(own.principal?.project, 'p1');
    assert.equal(own.facts.user, 'ann');
    assert.deepEqual(own.assignment?.targets, [EMBEDDER]);
    assert.deepEqual(own.body.json, { model: EMBEDDER.model, input: ['refund please'], encoding_format: 'float' });
  });

  it('tells targets nothing of a request that may not go to them', async () => {
    const world = new SemanticWorld({ embedder: EMBEDDER });
    world.ownAnswer = vectorsFor;
    await taught(world);
    const asked = world.own.length;
    const confined = callOf('refund here');
    confined.confinedTo = [{ provider: 'private', model: 'm' }];
    const verdict = await world.look(confined);
    assert.deepEqual([verdict, world.own.length], [{ kind: 'ask' }, asked]);
    confined.confinedTo = [EMBEDDER];
    assert.equal((await world.look(confined)).kind, 'serve');
    assert.equal(world.own.length, asked + 1);
  });

  it('does not have answers judged by who may not be told, and compares them all the same', async () => {
    const world = new SemanticWorld({ judge: JUDGE });
    world.answers = () => LONG;
    for (const word of ['please', 'money']) {
      const confined = callOf(`refund ${word}`);
      confined.confinedTo = [{ provider: 'private', model: 'm' }];
      const verdict = await world.look(confined);
      if (verdict.kind === 'ask') verdict.learn?.(world.stored(confined, LONG));
      await settled();
    }
    assert.deepEqual([world.own.length, world.cache.view().families[0]?.labels], [0, 1]);
  });

  it('asks the model where the embedder fails', async () => {
    const world = new SemanticWorld({ embedder: EMBEDDER });
    await taught(world);
    assert.equal(await world.request('refund here'), 'asked');
    assert.equal(world.desk.size, 0);
  });

  for (const verdict of ['Yes.', 'no', 'I cannot say']) {
    it(`asks the judge about long answers, who says: ${verdict}`, async () => {
      const world = new SemanticWorld({ judge: JUDGE });
      world.answers = (text) => `${LONG} This is about: ${text}.`;
      world.ownAnswer = () => ({
        kind: 'translated',
        status: 200,
        headers: {},
        events: [
          { type: 'text-delta', choice: 0, index: 0, text: verdict },
          { type: 'finish', choice: 0, reason: 'stop' },
        ],
        terminal: DONE,
      });
      await taught(world);
      const { labels, wrongLabels } = world.cache.view().families[0] ?? { labels: -1, wrongLabels: -1 };
      if (verdict === 'Yes.') {
        assert.ok(labels > 0 && wrongLabels === 0);
        assert.match(await world.request('refund here'), /^served You get your money back/);
      } else {
        assert.equal(labels > 0, verdict === 'no');
        assert.equal(labels, wrongLabels);
        assert.equal(await world.request('refund here'), 'asked');
      }
      const said = JSON.stringify(world.own[0]?.inference.messages);
      assert.ok(said.includes('refund money') && said.includes('This is about: refund please.'));
    });
  }

  it('compares long answers by their vectors where there is no judge', async () => {
    const world = new SemanticWorld();
    world.answers = () => LONG;
    await taught(world);
    assert.match(await world.request('refund here'), /^served/);
  });

  it('books what it cost on its own record, as a loss', async () => {
    const own = makeCall({ operation: 'embeddings', endpoint: 'causeway/semantic-cache' });
    const opening = { priceVersion: undefined, reservedNanoUsd: undefined, retryOf: undefined, simulated: false };
    const attempt = own.attempts.open({ target: 'openai/e', ...opening });
    await ownCostStage.run(own, () => {
      attempt.close(1, { outcome: 'completed', costNanoUsd: 420 });
      const answer = { vectors: [], usage: undefined, model: 'e' };
      return Promise.resolve({ kind: 'vectors', status: 200, headers: {}, answer, terminal: DONE });
    });
    assert.deepEqual(own.savings, [
      { mechanism: 'semantic', nanoUsd: -420, inputTokens: 0, outputTokens: 0, onlyCost: true },
    ]);
  });
});
