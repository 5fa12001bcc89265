import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { JudgeHouse } from '../../../../test/support/judge-house.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call, Principal } from '../../../core/call.ts';
import { JudgeFailed, JudgeNotAllowed } from '../engine/judge.ts';
import { kindOf, openJudge } from './judges.ts';

const TARGET = { provider: 'lab', model: 'gpt' };
const OF = { target: TARGET };
const says = (score: number) => new JudgeHouse(() => JSON.stringify({ score }));
const of = (project: string): Principal => ({ keyId: 'k', project, user: undefined, models: undefined });

/** Fails with what has BREAK in it. */
const breaking = (bad: number) =>
  new JudgeHouse((own) => {
    const shown = JSON.stringify(own.body.json);
    return shown.includes('BREAK') ? undefined : JSON.stringify({ score: shown.includes('BAD') ? bad : 0 });
  });

describe('a judge', () => {
  test('is asked as its name tells', () => {
    for (const [model, kind] of [
      ['omni-moderation-latest', 'moderation'],
      ['mistral-moderation-2411', 'moderation'],
      ['meta-llama/Llama-Guard-4-12B', 'llama-guard'],
      ['LlamaGuard-7b', 'llama-guard'],
      ['llama-prompt-guard-2-22m', 'prompt-guard'],
      ['protectai/deberta-v3-base-prompt-injection-v2', 'prompt-guard'],
      ['gpt-5-mini', 'chat'],
    ] as const) {
      assert.equal(kindOf(model), kind, model);
    }
  });

  test('may not see a call that is confined to others, and is not asked', async () => {
    const at = says(0.9);
    const elsewhere = makeCall({ confinedTo: [{ provider: 'local', model: 'm' }] });
    await assert.rejects(at.ask(OF, 'x', { call: elsewhere }), JudgeNotAllowed);
    assert.equal(at.own.length, 0);
    const here = makeCall({ confinedTo: [TARGET] });
    assert.equal((await at.ask(OF, 'x', { call: here })).score, 0.9);
  });

  test('is asked on behalf of who calls, and ends with the call', async () => {
    const at = says(0);
    const call = makeCall({ principal: of('p') });
    await at.ask(OF, 'x', { call, allowedMs: 700 });
    const [own] = at.own;
    assert.equal(own?.principal?.project, 'p');
    assert.equal(own.deadlineAt, 700);
    assert.deepEqual(own.assignment?.targets, [TARGET]);
  });

  test('is asked once about a text for ten minutes, for each project, place and question', async () => {
    const at = says(0.9);
    const call = makeCall({ principal: of('p') });
    const first = await at.ask(OF, 'x', { call });
    assert.equal(first.detail, undefined);
    assert.deepEqual(await at.ask(OF, 'x', { call }), { ...first, detail: { remembered: true } });
    assert.equal(at.own.length, 1);
    await at.ask(OF, 'y', { call });
    await at.ask(OF, 'x', { call, place: 'retrieved' });
    await at.ask({ ...OF, question: 'Is it rude?' }, 'x', { call });
    await at.ask({ target: { provider: 'lab', model: 'other' } }, 'x', { call });
    await at.ask(OF, 'x', { call: makeCall({ principal: of('q') }) });
    assert.equal(at.own.length, 6);
    at.clock.advance(10 * 60_000 + 1);
    await at.ask(OF, 'x', { call });
    assert.equal(at.own.length, 7);
  });

  test('reads so many pieces of the long texts of a call', async () => {
    const judge = openJudge({ as: 'auto', ...OF }, says(0).deps);
    const asked = (sign: string, call: Call) =>
      judge.ask({ text: sign.repeat(2_000_000), place: 'input', call, allowedMs: 2000 });
    const call = makeCall();
    await asked('a', call);
    await assert.rejects(asked('b', call), /the long texts of a call at most 128 times/);
    await asked('b', makeCall());
  });

  test('that failed is asked again', async () => {
    const at = new JudgeHouse((own) => (own.deadlineAt === 1 ? undefined : '{"score": 0}'));
    await assert.rejects(at.ask(OF, 'x', { allowedMs: 1 }), JudgeFailed);
    assert.equal((await at.ask(OF, 'x')).score, 0);
  });

  test('that failed with a piece of a text has failed, unless it found something in another; that is not remembered', async () => {
    const text = `${'a'.repeat(25_000)}BREAK${'b'.repeat(30_000)}BAD`;
    await assert.rejects(breaking(0.2).ask(OF, text), JudgeFailed);
    await assert.rejects(breaking(0.8).ask(OF, text), JudgeFailed, 'which may be below the threshold');
    assert.equal((await breaking(0.8).ask({ ...OF, sure: 0.7 }, text)).score, 0.8);
    const found = breaking(0.96);
    const { score, detail } = await found.ask(OF, text);
    assert.deepEqual([score, detail], [0.96, { pieces: 3, unjudged: 1 }]);
    const before = found.own.length;
    await found.ask(OF, text);
    assert.ok(found.own.length > before);
  });
});
