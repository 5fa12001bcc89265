import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeClock } from '../../../../../test/support/fake-clock.ts';
import { openLexicalEncoder } from '../../../../models/vectors/embed/lexical-encoder.ts';
import type { Found, MadeVector, Question, VectorDesk } from '../../../../models/vectors/embed/messages.ts';
import { ExactIndex } from '../../../../models/vectors/index/exact-index.ts';
import { Partitions } from '../../../../models/vectors/index/partitions.ts';
import { type ComplexityQuestion, questionOfText } from '../question.ts';
import { EmbeddingJudge } from './embedding-judge.ts';
import type { Example } from './example.ts';
import { makeExample } from './make-example.ts';

/** The thread's part, in this one; it may be slow, or lose what it has. */
class Desk implements VectorDesk {
  readonly encoder = openLexicalEncoder();
  index = new Partitions((dimensions) => new ExactIndex(dimensions));
  isSlow = false;
  asked = 0;

  async made(text: string): Promise<MadeVector> {
    const [vector = new Float32Array()] = await this.encoder.encode([text]);
    return { space: this.encoder.space, vector };
  }

  async ask({ text = '', partition = '', most = 1 }: Question): Promise<Found | undefined> {
    this.asked += 1;
    if (this.isSlow) return new Promise(() => undefined);
    const made = await this.made(text);
    return { ...made, near: this.index.nearest(partition, made.vector, most) };
  }

  add(partition: string, entry: string, { vector }: MadeVector): void {
    this.index.add(partition, entry, vector);
  }

  remove(entries: readonly string[]): void {
    for (const entry of entries) this.index.remove(entry);
  }
}

const EASY = (at: number): string => `What are the opening hours of your shop in street number ${at}?`;
const HARD = (at: number): string => `Reconcile ledger ${at} with its bank statement and find the missing entry`;

async function open(count = 80): Promise<{ judge: EmbeddingJudge; desk: Desk; clock: FakeClock }> {
  const [desk, clock] = [new Desk(), new FakeClock()];
  const judge = new EmbeddingJudge({ desk, clock, scheduler: clock }, { partition: 'support' });
  const examples: Example[] = [];
  for (let at = 0; at < count; at += 1) {
    const question: ComplexityQuestion = questionOfText(at % 2 === 0 ? EASY(at) : HARD(at));
    const made = await desk.made(question.asked);
    examples.push(makeExample(String(at), question, made, { smallOk: at % 2 === 0 ? 1 : 0, largeOk: 1 }));
  }
  await judge.learn(examples);
  return { judge, desk, clock };
}

describe('the judge by examples', () => {
  it('goes by questions that are like the one', async () => {
    const { judge } = await open();
    assert.equal((await judge.judge(questionOfText(EASY(1000))))?.tier, 'simple');
    const hard = await judge.judge(questionOfText(HARD(1000)));
    assert.equal(hard?.tier, 'reasoning');
    assert.match(hard.reason, /the small model would fail about \d+ of 100/);
    assert.equal(hard.latencyMs, 0);
  });

  it('cannot say with few examples, of another kind of question, of nothing, or when it takes too long', async () => {
    const few = await open(40);
    assert.equal(await few.judge.judge(questionOfText(EASY(1))), undefined);
    assert.equal(few.desk.asked, 0);
    const { judge, desk, clock } = await open();
    assert.equal(await judge.judge(questionOfText('我的卡在哪里')), undefined);
    assert.equal(await judge.judge(questionOfText(' ')), undefined);
    desk.isSlow = true;
    const waiting = judge.judge(questionOfText(EASY(1)));
    clock.advance(150);
    assert.equal(await waiting, undefined);
    assert.equal(clock.waiting, 0);
  });

  it('gives the vectors again to a thread that has lost them', async () => {
    const { judge, desk } = await open();
    desk.index = new Partitions((dimensions) => new ExactIndex(dimensions));
    assert.equal(await judge.judge(questionOfText(EASY(1))), undefined);
    judge.restore();
    assert.equal((await judge.judge(questionOfText(EASY(1))))?.tier, 'simple');
  });

  it('leaves nothing behind when it is cleared', async () => {
    const { judge, desk } = await open();
    assert.equal(desk.index.size, 80);
    judge.clear();
    assert.deepEqual([desk.index.size, judge.size], [0, 0]);
  });
});
