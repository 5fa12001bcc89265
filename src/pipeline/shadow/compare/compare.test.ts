import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ShadowSite, answering, assignmentTo, attempted } from '../../../../test/support/shadow-site.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { makeRecord } from '../../../../test/support/make-record.ts';
import type { Call } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { Reply } from '../../../core/reply.ts';
import { type Sums, sumAt } from '../sums.ts';
import { hasFormat } from './asked.ts';
import { judge } from './judge.ts';
import { Likeness, type VectorOf } from './similarity.ts';

const ASKED = { model: 'chat', messages: [{ role: 'user', content: 'Where is my card?' }] };

const tool = (name: string, text: string): StreamEvent[] => [
  { type: 'tool-call-start', choice: 0, index: 0, id: 'call_1', name },
  { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: text },
];

/** The sums of one pair. */
async function pairOf(live: Uint8Array, reply: (call: Call) => Reply, json: object = ASKED): Promise<Sums> {
  const site = new ShadowSite();
  site.answer = (call) => Promise.resolve(reply(call));
  const call = makeCall({ json, assignment: assignmentTo('openai/m') });
  call.answeredBy = { provider: 'openai', model: 'm' };
  attempted(call, site.clock, { nanoUsd: 1 });
  site.mirror.observe(makeRecord({ traceId: call.id }), call, { output: live });
  await site.turn();
  assert.deepEqual([site.failures, site.leftOut], [[], []]);
  return site.sums.pairs;
}

const kept = (answer: object): Uint8Array => Buffer.from(JSON.stringify([answer]));

describe('the answers of a pair', () => {
  it('are read from what is kept of a stream, and from a whole body', async () => {
    const message = { role: 'assistant', content: 'In the post.' };
    const whole = { id: 'x', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] };
    for (const live of [kept({ content: 'In the post.' }), Buffer.from(JSON.stringify(whole))]) {
      const pairs = await pairOf(live, (call) => answering(call, 'It is in the post.'));
      assert.equal(sumAt(pairs, 'length', 'live'), 'In the post.'.length);
      assert.equal(sumAt(pairs, 'length', 'candidate'), 'It is in the post.'.length);
    }
  });

  it('are held to JSON where that was asked for, and nowhere else', async () => {
    const json = { ...ASKED, response_format: { type: 'json_object' } };
    const pairs = await pairOf(kept({ content: '{"a":1}' }), (call) => answering(call, 'Of course! {"a":1}'), json);
    assert.deepEqual(pairs['format'], { n: 1, live: 1, candidate: 0 });
    const free = await pairOf(kept({ content: '{"a":1}' }), (call) => answering(call, 'Of course!'));
    assert.equal(free['format'], undefined);
  });

  it('are the same calls where they name the same functions, with arguments that can be read', async () => {
    const live = kept({ content: '', tool_calls: [{ id: '1', name: 'find_card', arguments: '{"id":1}' }] });
    const cases = [
      ['find_card', '{"id":2}', { n: 1, same: 1, valid: 1 }],
      ['find_card', '{"id":', { n: 1, same: 1, valid: 0 }],
      ['other', '{}', { n: 1, same: 0, valid: 1 }],
    ] as const;
    for (const [name, text, expected] of cases) {
      const pairs = await pairOf(live, (call) => answering(call, '', tool(name, text)));
      assert.deepEqual(pairs['tools'], expected);
    }
    const none = await pairOf(live, (call) => answering(call, 'I do not know.'));
    assert.deepEqual(none['tools'], { n: 1, same: 0, valid: 1 });
  });

  it('a schema says what has to be there', () => {
    const format = { type: 'json-schema', schema: { type: 'object', required: ['city'] } } as const;
    const schema = { ...format, schema: { type: 'object', required: ['city'] } };
    assert.ok(hasFormat('{"city":"Paris"}', schema));
    assert.ok(!hasFormat('{"town":"Paris"}', schema));
    assert.ok(!hasFormat('["Paris"]', schema));
    assert.ok(!hasFormat('Paris', schema));
  });
});

const vector = (text: string) =>
  Promise.resolve({ space: 'test', vector: new Float32Array(text.startsWith('a') ? [1, 0] : [0.6, 0.8]) });
const inSpaces = (text: string) => Promise.resolve({ space: text, vector: new Float32Array([1]) });
const said = (text: string) => ({ text, tools: [] });
const similarity = (vectorOf: VectorOf, ...answers: Parameters<Likeness['of']>) =>
  new Likeness(vectorOf, new FakeClock()).of(...answers);
const refuse = () => Promise.reject(new Error('no'));

describe('how alike two answers are', () => {
  it('is the cosine of their vectors, and one where they are equal', async () => {
    const far = await similarity(vector, said('a'), said('b'));
    assert.ok(Math.abs(sumAt(far, 'similarity', 'sum') - 0.6) < 1e-6);
    assert.equal(sumAt(far, 'similarity', 'alike'), 0);
    const equal = await similarity(() => assert.fail(), said(' a'), said('a '));
    assert.deepEqual(equal, { similarity: { n: 1, sum: 1, alike: 1 } });
  });

  it('is not said of nothing, of other spaces, or where nobody can make a vector', async () => {
    assert.deepEqual(await similarity(vector, said(''), said('b')), {});
    assert.deepEqual(await similarity(() => Promise.resolve(undefined), said('a'), said('b')), {});
    assert.deepEqual(await similarity(inSpaces, said('a'), said('b')), {});
    assert.deepEqual(await similarity(refuse, said('a'), said('b')), {});
  });

  it('is said of one pair after another, with rests of nine times as long', async () => {
    const clock = new FakeClock();
    const likeness = new Likeness(
      (text) => new Promise((resolve) => clock.after(50, () => resolve(vector(text)))),
      clock,
    );
    const first = likeness.of(said('a'), said('b'));
    assert.deepEqual(await likeness.of(said('a'), said('b')), {});
    clock.advance(50);
    assert.equal(sumAt(await first, 'similarity', 'n'), 1);
    clock.advance(449);
    assert.deepEqual(await likeness.of(said('a'), said('b')), {});
    clock.advance(1);
    const later = likeness.of(said('a'), said('b'));
    clock.advance(50);
    assert.equal(sumAt(await later, 'similarity', 'n'), 1);
  });
});

describe('a judge', () => {
  const pair = {
    asked: { format: undefined, conversation: 'user: Where?' },
    live: { text: 'LIVE', tools: [] },
    candidate: { text: 'CANDIDATE', tools: [] },
  };
  const by = { target: { provider: 'openai', model: 'm' }, sample: 1, rubric: 'It is short.' };

  async function judged(word: string, random: number): Promise<{ sums: Sums; question: string }> {
    const site = new ShadowSite();
    let question = '';
    const ask = (own: Call) => {
      question = JSON.stringify(own.inference.messages);
      return Promise.resolve(answering(own, word));
    };
    const sums = await judge({ ...site.deps, ask, random: () => random }, makeCall(), by, pair);
    return { sums, question };
  }

  it('sees either answer first as often as the other, and its word is for the one that stands there', async () => {
    const candidateFirst = await judged('First.', 0.1);
    assert.ok(candidateFirst.question.indexOf('CANDIDATE') < candidateFirst.question.indexOf('LIVE'));
    assert.deepEqual(candidateFirst.sums, { judge: { n: 1, better: 1, first: 1 } });
    const liveFirst = await judged('First.', 0.9);
    assert.ok(liveFirst.question.indexOf('LIVE') < liveFirst.question.indexOf('CANDIDATE'));
    assert.deepEqual(liveFirst.sums, { judge: { n: 1, worse: 1, first: 1 } });
    assert.deepEqual((await judged('second', 0.9)).sums, { judge: { n: 1, better: 1 } });
    assert.deepEqual((await judged('second', 0.1)).sums, { judge: { n: 1, worse: 1 } });
    assert.ok(liveFirst.question.includes('It is short.'));
  });

  it('is not sure, says nothing clear, or does not answer', async () => {
    assert.deepEqual((await judged('same', 0.1)).sums, { judge: { n: 1, same: 1 } });
    assert.deepEqual((await judged('Both have merits.', 0.1)).sums, { judge: { unclear: 1 } });
    const site = new ShadowSite();
    assert.deepEqual(await judge({ ...site.deps, ask: refuse }, makeCall(), by, pair), { judge: { unasked: 1 } });
  });
});
