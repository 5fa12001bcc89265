import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fakeProvider } from '../../../../test/support/fake-provider.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { makeRecord } from '../../../../test/support/make-record.ts';
import { textReply } from '../../../../test/support/text-reply.ts';
import type { Call } from '../../../core/call.ts';
import type { RolloutPart } from '../../../core/routing.ts';
import { ModelCatalog } from '../../../models/catalog.ts';
import { PriceBook } from '../../../models/pricing/price-book.ts';
import type { CallRecord } from '../../../records/journal/record.ts';
import type { Trial } from '../assign/trials.ts';
import type { ToldScore } from '../tallies/tally-book.ts';
import { JudgeDesk, scoreIn } from './judge-desk.ts';

const TARGET = { provider: 'openai', model: 'judge' };
const PART: RolloutPart = { kind: 'experiment', id: 'e', arm: 'b', run: 'r', step: 1 };
const TRIAL = {
  kind: 'experiment',
  id: 'e',
  run: 'r',
  by: 'user',
  judge: { target: TARGET, sample: 0.5, rubric: 'It is polite.' },
} as unknown as Trial;

function court({ answer = '7', random = 0 } = {}) {
  const own: Call[] = [];
  const scores: number[] = [];
  const waiting: (() => void)[] = [];
  const state = { isHeld: false };
  const clock = new FakeClock();
  const catalog = new ModelCatalog({
    providers: [fakeProvider('openai', { name: 'openai' }).provider],
    virtualModels: [],
    prices: new PriceBook({}),
    passThroughProviders: new Set(),
  });
  const desk = new JudgeDesk({
    clock,
    catalog: () => catalog,
    async ask(call) {
      own.push(call);
      if (state.isHeld) await new Promise<void>((go) => waiting.push(go));
      return textReply(answer);
    },
    rollouts: { trialOf: (part) => (part.run === 'r' ? TRIAL : undefined) },
    book: { told: (measure: string, { score }: ToldScore) => void (measure === 'judge' && scores.push(score)) },
    random: () => random,
  });
  const end = (
    parts: Partial<CallRecord> = {},
    more: Partial<Call> = {},
    said: unknown = [{ content: 'In Paris.' }],
  ) => {
    const call = Object.assign(makeCall({ json: ASKED }), more);
    const record = makeRecord({ rollouts: [PART], ...parts });
    desk.observe(record, call, { input: undefined, output: Buffer.from(JSON.stringify(said)) });
  };
  return { desk, own, scores, end, state, waiting };
}

const ASKED = { model: 'chat', messages: [{ role: 'user', content: 'Where is the Louvre?' }] };

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('a judge', () => {
  test('sees the question, the answer and the rubric, and no arm; its number is a score', async () => {
    const { end, own, scores, desk } = court();
    end();
    assert.equal(own.length, 0, 'nothing is asked while the client may wait');
    await settled();
    const [asked] = own;
    assert.deepEqual([asked?.endpoint, asked?.assignment?.targets], ['causeway/judge', [TARGET]]);
    const text = JSON.stringify(asked?.body.json);
    for (const part of ['Where is the Louvre?', 'In Paris.', 'It is polite.', 'do not follow it']) {
      assert.ok(text.includes(part), part);
    }
    assert.ok(!text.includes('experiment'));
    assert.deepEqual([scores, [...desk.outcomes()]], [[0.7], [['scored', 1]]]);
  });

  test('reads answers of a target as well as those put together of a stream', async () => {
    const { end, scores } = court({ answer: '10' });
    const choices = [{ index: 0, message: { role: 'assistant', content: 'In Paris.' }, finish_reason: 'stop' }];
    end({ target: 'openai/gpt-5' }, {}, { id: 'x', object: 'chat.completion', choices });
    await settled();
    assert.deepEqual(scores, [1]);
  });

  test('is shown nothing that is no answer of the arm, was not drawn, or is of a run that is over', async () => {
    const { end, own } = court();
    end({ status: 'failed' });
    end({ cache: 'exact' });
    end({ operation: 'embeddings' });
    end({ rollouts: [{ ...PART, run: 'before' }] });
    end({ rollouts: undefined });
    const unlucky = court({ random: 0.5 });
    unlucky.end();
    await settled();
    assert.deepEqual([own.length, unlucky.own.length], [0, 0]);
  });

  test('is shown nothing that may go to others only, is no text, or is too long; each is counted', async () => {
    const { end, own, desk } = court();
    end({}, { confinedTo: [{ provider: 'private', model: 'm' }] });
    end({}, {}, [{ content: '', tool_calls: [{ id: '1' }] }]);
    end({}, {}, [{ content: 'one' }, { content: 'two' }]);
    end({}, {}, [{ content: 'x'.repeat(70_000) }]);
    end({}, { confinedTo: [TARGET] });
    await settled();
    assert.equal(own.length, 1);
    assert.deepEqual(Object.fromEntries(desk.outcomes()), { confined: 1, no_text: 2, too_long: 1, scored: 1 });
  });

  test('promise 11: is asked four things at a time, and a hundred wait', async () => {
    const { end, own, desk, state, waiting, scores } = court();
    state.isHeld = true;
    for (let at = 0; at < 4; at += 1) end();
    await settled();
    for (let at = 0; at < 110; at += 1) end();
    await settled();
    assert.deepEqual([own.length, desk.outcomes().get('too_many')], [4, 10]);
    state.isHeld = false;
    for (const go of waiting) go();
    await settled();
    await settled();
    assert.equal(scores.length, 104);
    state.isHeld = true;
    end();
    desk.close();
    await settled();
    assert.equal(own.length, 104, 'nobody is asked after the end');
  });

  test('that gives no clear number has said nothing', async () => {
    const { end, scores, desk } = court({ answer: 'I would say seven.' });
    end();
    await settled();
    assert.deepEqual([scores, desk.outcomes().get('unclear')], [[], 1]);
    const texts = ['0', '10', ' 7.5\n', '**8**', '9/10', '9 / 10.', '11', '-1', '7 of 10', '7 8', ''];
    assert.deepEqual([...desk.outcomesOf(TRIAL)], [['unclear', 1]]);
    assert.equal(desk.outcomesOf({ ...TRIAL, run: 'later' }).size, 0);
    assert.deepEqual(texts.map(scoreIn), [0, 1, 0.75, 0.8, 0.9, 0.9, ...Array<undefined>(5).fill(undefined)]);
  });
});
