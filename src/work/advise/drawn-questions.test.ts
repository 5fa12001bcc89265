import assert from 'node:assert/strict';
import { test } from 'node:test';

import { questionOfText } from '../../pipeline/routing/complexity/question.ts';
import { DrawnQuestions } from './drawn-questions.ts';

test('the questions with the lowest numbers are judged, whenever they came', async () => {
  const questions = new DrawnQuestions();
  // 0, 2999, 1, 2998, …: as many low ones at the end as at the beginning.
  for (let at = 0; at < 3000; at += 1) {
    const drawn = at % 2 === 0 ? at / 2 : 3000 - (at + 1) / 2;
    questions.add(drawn / 3000, `${drawn}`, drawn === 7 ? undefined : questionOfText(`question ${drawn}`));
  }
  const asked: string[] = [];
  const scores = await questions.scores((question) => {
    asked.push(question.asked);
    return Promise.resolve(question.asked === 'question 8' ? undefined : 0.25);
  });
  assert.equal(scores.size, 1000);
  assert.equal(asked.length, 999);
  assert.deepEqual([scores.get('0'), scores.get('999'), scores.get('1000')], [0.25, 0.25, undefined]);
  assert.deepEqual([scores.get('7'), scores.get('8')], ['unclear', 'unclear']);
});
