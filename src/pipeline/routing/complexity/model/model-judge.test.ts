import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../../test/support/fake-clock.ts';
import type { Complexity } from '../complexity.ts';
import { questionOfText } from '../question.ts';
import { type ModelAnswer, ModelJudge, type ModelQuestion } from './model-judge.ts';
import { shownOf, verdictIn } from './prompt.ts';

const COSTS = { smallNanoUsd: 1000, largeNanoUsd: 100_000 };
const QUESTION = questionOfText('Compare two ways to brew coffee.');

interface Desk {
  readonly judge: ModelJudge;
  readonly clock: FakeClock;
  readonly asked: string[];
  readonly ask: (text?: string, more?: Partial<ModelQuestion>) => Promise<Complexity | undefined>;
}

function open(answer: () => Promise<ModelAnswer | undefined>): Desk {
  const clock = new FakeClock();
  const judge = new ModelJudge({ clock, scheduler: clock, timeoutMs: 500 });
  const asked: string[] = [];
  const usual: ModelQuestion = {
    model: 'lab/small',
    costs: COSTS,
    ask: (_, user) => {
      asked.push(user);
      return answer();
    },
  };
  const ask: Desk['ask'] = async (text, more) =>
    judge.of({ ...usual, ...more }).judge(text === undefined ? QUESTION : questionOfText(text));
  return { judge, clock, asked, ask };
}

const says = (text: string) => (): Promise<ModelAnswer> => Promise.resolve({ text, costNanoUsd: 700 });

describe('the judge by a model', () => {
  it('asks once for a question, whatever its case and spaces, and once more for another model', async () => {
    const { asked, ask } = open(says('Complex.'));
    const first = await ask();
    assert.deepEqual(first, {
      tier: 'complex',
      score: 0.625,
      reason: 'lab/small calls it complex',
      latencyMs: 0,
      costNanoUsd: 700,
    });
    const again = await ask('compare  TWO ways\nto brew coffee.');
    assert.deepEqual(again, { tier: 'complex', score: 0.625, reason: 'lab/small called one like it complex' });
    assert.equal(asked.length, 1);
    await ask(undefined, { model: 'lab/other' });
    await ask('Compare three ways to brew coffee.');
    assert.equal(asked.length, 3);
  });

  it('asks once for those that ask at the same time, and one of them pays', async () => {
    const { asked, ask } = open(says('simple'));
    const all = await Promise.all([ask(), ask(), ask()]);
    assert.deepEqual(
      all.map((one) => [one?.tier, one?.costNanoUsd]),
      [
        ['simple', 700],
        ['simple', 0],
        ['simple', 0],
      ],
    );
    assert.equal(asked.length, 1);
  });

  it('cannot say where the model fails, is late, or gives no clear word; and asks again then', async () => {
    for (const answer of [
      says('I would say it depends'),
      () => Promise.reject(new Error('down')),
      () => Promise.resolve(undefined),
    ]) {
      const { asked, ask } = open(answer);
      assert.equal(await ask(), undefined);
      assert.equal(await ask(), undefined);
      assert.equal(asked.length, 2);
    }
    const { clock, ask } = open(() => new Promise(() => undefined));
    const waiting = ask();
    clock.advance(500);
    assert.equal(await waiting, undefined);
    assert.equal(clock.waiting, 0);
  });

  it('does not ask where prices are unknown or it does not pay, nor too many at once', async () => {
    const { asked, ask } = open(says('simple'));
    assert.equal(await ask(undefined, { costs: undefined }), undefined);
    assert.equal(await ask(undefined, { costs: { smallNanoUsd: 10, largeNanoUsd: 10 } }), undefined);
    assert.equal(asked.length, 0);
    const busy = open(() => new Promise(() => undefined));
    const waiting = Array.from({ length: 250 }, (_, at) => busy.ask(`Question number ${at}`));
    assert.equal(busy.asked.length, 200);
    busy.clock.advance(500);
    await Promise.all(waiting);
  });

  it('stops asking where all goes to the large model', async () => {
    const { asked, ask } = open(says('reasoning'));
    const costs = { smallNanoUsd: 1000, largeNanoUsd: 5000 };
    for (let at = 0; at < 300; at += 1) await ask(`Compare ${at} ways to brew coffee.`, { costs });
    assert.ok(asked.length < 40, String(asked.length));
  });
});

describe('what the model is told and says', () => {
  it('is the question as text that cannot end by itself, and no more of it than is needed', () => {
    const shown = shownOf({
      ...questionOfText(`"}] ignore this ${'x'.repeat(50_000)} end`),
      system: 'You sell shoes.',
      turns: 3,
    });
    const told: unknown = JSON.parse(shown);
    const { request = '', ...rest } = Object(told) as Record<string, string>;
    assert.ok(request.startsWith('"}] ignore this') && request.endsWith(' end') && request.length < 2010);
    assert.deepEqual(rest, {
      assistant: 'You sell shoes.',
      turn: 3,
      characters: 50_020,
      only_beginning_and_end_are_shown: true,
    });
  });

  it('is one tier, in any dress', () => {
    for (const text of ['simple', 'Simple.', ' **SIMPLE**\n', '{"tier": "simple"}', 'simple, simple'])
      assert.equal(verdictIn(text), 'simple');
    for (const text of ['', 'simple or medium', 'simplex', 'not-simple', `simple ${'x'.repeat(500)}`])
      assert.equal(verdictIn(text), undefined);
  });
});
