import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Bench, FakeReader, startAttempt } from '../../../../test/support/attempt-bench.ts';
import {
  asking,
  everywhere,
  givenWith,
  newVault,
  phraseScanner,
  policyWith,
  saidBy,
  scanning,
  screenedCall,
} from '../../../../test/support/screened-answers.ts';
import type { Call } from '../../../core/call.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Reply } from '../../../core/reply.ts';
import { ModelCatalog } from '../../../models/catalog.ts';
import { PriceBook } from '../../../models/pricing/price-book.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { JudgeFailed, JudgeNotAllowed } from '../engine/judge.ts';
import { canaryWord } from '../injection/canary.ts';
import { refuseBackground } from './background.ts';
import type { Given, OutputDeps } from './deps.ts';
import { lossesOf } from './losses.ts';
import { needsRewriting, planOf } from './output-plan.ts';
import type { ParkedAnswer } from './park.ts';
import { screenReply } from './screen-reply.ts';

const catalog = new ModelCatalog({
  providers: [],
  virtualModels: [],
  prices: new PriceBook({}),
  passThroughProviders: new Set(),
});
const DEPS: OutputDeps = { clock: { now: () => 0, monotonic: () => 7 }, catalog: () => catalog };
const PHRASE = 'forbidden';

function phrases(action: 'block' | 'redact' | 'flag' | 'review'): GuardPolicy {
  return policyWith({ scanning: [scanning(phraseScanner([PHRASE]), { actions: everywhere(action) })] });
}

function said(words: string): StreamEvent[] {
  return [
    { type: 'message-start', id: 'm1', model: 'm' },
    { type: 'text-delta', choice: 0, index: 0, text: words },
    { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
    { type: 'finish', choice: 0, reason: 'stop' },
    { type: 'end' },
  ];
}

function called(name: string, argumentsText: string): StreamEvent[] {
  return [
    { type: 'tool-call-start', choice: 0, index: 0, id: 'c1', name },
    { type: 'tool-call-delta', choice: 0, index: 0, argumentsText },
    { type: 'tool-call-end', choice: 0, index: 0 },
    { type: 'finish', choice: 0, reason: 'tool-calls' },
    { type: 'end' },
  ];
}

interface Screened {
  readonly call: Call;
  readonly reply: Reply;
  readonly events: readonly StreamEvent[];
}

async function whole(policy: GuardPolicy, events: readonly StreamEvent[], given: Given = givenWith(), deps = DEPS) {
  const call = screenedCall(policy);
  const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
  const given0: Reply = { kind: 'translated', status: 200, headers: {}, rewritten: true, events, terminal };
  const reply = await screenReply(deps, call, [policy], given, given0);
  assert.equal(reply.kind, 'translated');
  return { call, reply, events: reply.events } satisfies Screened;
}

const judge = (onFailure: 'open' | 'closed') =>
  policyWith({
    asking: [
      asking(() => Promise.reject(new Error('away')), { name: 'judge', onFailure, actions: everywhere('block') }),
    ],
  });

const ground: OutputDeps['ground'] = ({ answer }) =>
  Promise.resolve({ score: answer === 'true' ? 1 : 0.2, claims: 5, unsupported: 4 });

const groundedIn = ({ call }: Screened) =>
  (call.screening?.verdicts ?? []).map(({ outcome, detail }) => [outcome, detail]);

function chatWith(fields: JsonObject): Call {
  return screenedCall(policyWith(), { json: { model: 'm', messages: [], ...fields } });
}

describe('guards on a whole answer', () => {
  it('put a refusal in place of what is blocked, and keep what it cost', async () => {
    const { call, reply, events } = await whole(phrases('block'), said(`some ${PHRASE} words`));
    const text = 'This was refused by a safety policy.';
    assert.deepEqual(
      events.map((event) => (event.type === 'refusal-delta' ? event.text : event.type)),
      ['message-start', text, 'finish', 'usage', 'end'],
    );
    assert.ok(reply.kind === 'translated' && reply.terminal.kind === 'completed');
    assert.equal(reply.terminal.finishReason, 'content-filter');
    assert.equal(call.screening?.verdicts[0]?.outcome, 'blocked');
  });

  it('replace what they redact, also within the arguments of a call', async () => {
    const text = await whole(phrases('redact'), said(`some ${PHRASE} words`));
    assert.equal(saidBy(text.events).get('0 text-delta'), 'some [REDACTED] words');
    const args = String.raw`{"a":"\u0066orbidden","n":12345678901234567890,"forbidden":[1,{"b":"x${PHRASE}"}]}`;
    const tool = await whole(phrases('redact'), called('f', args));
    assert.equal(
      saidBy(tool.events).get('0 tool-call-delta 0'),
      '{"a":"[REDACTED]","n":12345678901234567890,"[REDACTED]":[1,{"b":"x[REDACTED]"}]}',
    );
    assert.deepEqual(
      tool.call.screening?.verdicts.map(({ place, outcome, found }) => [place, outcome, found?.['PHRASE']]),
      [
        ['output', 'skipped', undefined],
        ['tool-arguments', 'redacted', 3],
      ],
    );
  });

  it('give values back as JSON where the client asks for JSON', async () => {
    const vault = newVault();
    const mark = vault.mark('PERSON', 'a "b"\n');
    for (const [asked, wanted] of [
      [chatWith({ response_format: { type: 'json_object' } }), String.raw`{"name":"a \"b\"\n"}`],
      [chatWith({}), '{"name":"a "b"\n"}'],
    ] as const) {
      const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
      const events = said(`{"name":"${mark}"}`);
      const given: Reply = { kind: 'translated', status: 200, headers: {}, events, terminal };
      const reply = await screenReply(DEPS, asked, [policyWith()], givenWith({ vault }), given);
      assert.ok(reply.kind === 'translated');
      assert.equal(saidBy(reply.events).get('0 text-delta'), wanted);
    }
  });

  it('read arguments as a tool may read them, also those that are written twice', async () => {
    const { events } = await whole(phrases('block'), called('f', `{"a":"${PHRASE}","a":"fine"}`));
    assert.ok(!JSON.stringify(events).includes(PHRASE));
  });

  it('are blocked by the name of a tool too, which stays as it is where only texts are redacted', async () => {
    const events = called(`${PHRASE}_tool`, '{}');
    assert.ok(!(await whole(phrases('block'), events)).events.some(({ type }) => type === 'tool-call-start'));
    const redacted = await whole(phrases('redact'), events);
    assert.deepEqual(redacted.events, events);
    assert.ok(redacted.call.screening?.verdicts.every(({ outcome }) => outcome !== 'redacted'));
  });

  it('give values back in what is told in no events, such as documents that were ranked', async () => {
    const vault = newVault();
    const mark = vault.mark('EMAIL', '"ann"@example.com');
    const call = screenedCall(policyWith(), { operation: 'rerank' });
    const body = Buffer.from(JSON.stringify({ results: [{ index: 0, document: { text: `Write to ${mark}` } }] }));
    const terminal = { kind: 'completed', finishReason: undefined, usage: undefined } as const;
    const headers = { 'content-type': 'application/json' };
    const given: Reply = { kind: 'whole', status: 200, headers, body, terminal };
    const reply = await screenReply(DEPS, call, [policyWith()], givenWith({ vault }), given);
    assert.ok(reply.kind === 'whole');
    const { results } = JSON.parse(Buffer.from(reply.body).toString()) as { results: { document: JsonObject }[] };
    assert.equal(results[0]?.document['text'], 'Write to "ann"@example.com');
  });

  it('are not made in the background, where nobody could look at them', () => {
    const asked = { model: 'm', input: 'Hello', background: true };
    const call = screenedCall(phrases('flag'), { dialect: 'responses', json: asked });
    const planned = (policy: GuardPolicy) => planOf(call, [policy], givenWith());
    assert.throws(() => refuseBackground(call, planned(phrases('flag'))), {
      code: 'guard_blocked',
      param: 'background',
    });
    assert.doesNotThrow(() => refuseBackground(call, planned(policyWith())));
    const other = screenedCall(phrases('flag'), { dialect: 'responses', json: { ...asked, background: false } });
    assert.doesNotThrow(() => refuseBackground(other, planned(phrases('flag'))));
  });

  it('look at long answers piece by piece, and find what lies across', async () => {
    const words = 'word '.repeat(1638);
    const { events } = await whole(phrases('redact'), said(`${words}${PHRASE}${words}`));
    assert.equal(saidBy(events).get('0 text-delta'), `${words}[REDACTED]${words}`);
  });

  it('find a system prompt that is told', async () => {
    const canary = canaryWord('secret', 'default', 'v1');
    const { events, call } = await whole(policyWith(), said(`It says ${canary.toUpperCase()}.`), givenWith({ canary }));
    assert.ok(!JSON.stringify(events).toLowerCase().includes(canary));
    assert.equal(call.screening?.verdicts.find(({ guard }) => guard === 'canary')?.outcome, 'blocked');
  });

  it('let through what a judge finds nothing in, however little counts', async () => {
    const mild = asking(({ text }) => Promise.resolve({ score: text === 'bad' ? 0.1 : 0, categories: {} }), {
      actions: everywhere('block'),
    });
    const policy = policyWith({ asking: [{ ...mild, threshold: 0 }] });
    const outcomes = [];
    for (const words of ['good', 'bad']) {
      const { call } = await whole(policy, said(words));
      outcomes.push(call.screening?.verdicts[0]?.outcome);
    }
    assert.deepEqual(outcomes, ['passed', 'blocked']);
  });

  it('fail where a guard fails, or go on and say so', async () => {
    await assert.rejects(whole(judge('closed'), said('words')), { code: 'guard_failed' });
    const { call, events } = await whole(judge('open'), said('words'));
    assert.equal(saidBy(events).get('0 text-delta'), 'words');
    const [verdict] = call.screening?.verdicts ?? [];
    assert.deepEqual([verdict?.outcome, verdict?.went], ['failed', 'on']);
    assert.equal(typeof verdict?.detail?.['reason'], 'string');
  });

  it('hold it against its sources', async () => {
    const settings = { action: 'block', threshold: 0.5, sample: 1 } as const;
    const policy = policyWith({ grounding: settings });
    const given = givenWith({ sources: ['a source'] });
    const good = await whole(policy, said('true'), given, { ...DEPS, ground });
    assert.equal(saidBy(good.events).get('0 text-delta'), 'true');
    const bad = await whole(policy, said('false'), given, { ...DEPS, ground });
    assert.equal(saidBy(bad.events).get('0 text-delta'), undefined);
    const [verdict] = bad.call.screening?.verdicts ?? [];
    assert.deepEqual([verdict?.guard, verdict?.outcome, verdict?.score], ['grounding', 'blocked', 0.2]);
    assert.deepEqual(verdict?.detail, { claims: 5, unsupported: 4 });
    const broken = { ...DEPS, ground: () => Promise.reject(new Error('away')) };
    await assert.rejects(whole(policy, said('true'), given, broken), { code: 'guard_failed' });
    const other = said('false').map((event) => ('choice' in event ? { ...event, choice: 1 } : event));
    const two = await whole(policy, [...said('true'), ...other], given, { ...DEPS, ground });
    assert.deepEqual(groundedIn(two), [['blocked', { claims: 10, unsupported: 4 + 4 }]], 'every choice counts');
  });

  it('say why answers were not held against sources', async () => {
    const flagging = { action: 'flag', threshold: 0.5, sample: 1 } as const;
    const policy = policyWith({ grounding: flagging, settings: { onFailure: 'open' } });
    const given = givenWith({ sources: ['a source'] });
    const failing = (thrown: Error) => ({ ...DEPS, ground: () => Promise.reject(thrown) });
    for (const [thrown, outcome, reason] of [
      [new JudgeFailed('no time left'), 'failed', 'no time left'],
      [new JudgeNotAllowed('confined'), 'skipped', 'confined'],
      [new Error('a client text'), 'failed', 'it could not be done'],
    ] as const) {
      const at = await whole(policy, said('true'), given, failing(thrown));
      assert.deepEqual(groundedIn(at), [[outcome, { reason }]]);
    }
    const without = await whole(policy, said('true'), givenWith(), { ...DEPS, ground });
    assert.deepEqual(groundedIn(without), [['skipped', { reason: 'there are no sources' }]]);
  });
});

const review = (below?: number) =>
  policyWith({
    review: { tools: [{ name: 'refund_*', ...(below === undefined ? {} : { below }) }], expires: 1, keep: 1 },
  });

async function parked(policy: GuardPolicy, events: readonly StreamEvent[], isLater = false) {
  const all: ParkedAnswer[] = [];
  const park: OutputDeps['park'] = (_call, answer) => {
    all.push(answer);
    return Promise.resolve({ id: 'rev_1', expiresAt: new Date(0), isLater });
  };
  const call = screenedCall(policy);
  const terminal = { kind: 'completed', finishReason: 'stop', usage: undefined } as const;
  const answer: Reply = { kind: 'translated', status: 200, headers: {}, rewritten: true, events, terminal };
  const reply = await screenReply({ ...DEPS, park }, call, [policy], givenWith(), answer);
  const screened = { call, reply, events: reply.kind === 'translated' ? reply.events : [] };
  return { ...screened, parked: all };
}

describe('answers that somebody has to approve', () => {
  it('wait, and the client is told for what', async () => {
    const { parked: all, events, call } = await parked(review(), called('refund_all', '{"sum":5}'));
    assert.equal(call.screening?.reviewId, 'rev_1');
    assert.equal(saidBy(events).get('0 refusal-delta'), 'Somebody has to approve this answer first. Review: rev_1');
    assert.ok(!events.some(({ type }) => type === 'tool-call-start'));
    assert.deepEqual(all[0]?.reasons, [{ guard: 'review', place: 'tool-arguments', tool: 'refund_all' }]);
    assert.equal(all[0]?.kind, 'tool-call');
    assert.equal(saidBy(all[0]?.events ?? []).get('0 tool-call-delta 0'), '{"sum":5}');
    const { guard, place, outcome, detail, ofAnswer } = call.screening.verdicts[0] ?? {};
    assert.deepEqual([guard, place, outcome, ofAnswer], ['review', 'tool-arguments', 'review', true]);
    assert.deepEqual(detail, { tool: 'refund_all' });
  });

  it('wait with a word of where to ask, for a client that asks later', async () => {
    const { reply } = await parked(review(), called('refund_all', '{"sum":5}'), true);
    assert.ok(reply.kind === 'whole');
    assert.deepEqual([reply.status, reply.headers['location']], [202, '/v1/reviews/rev_1']);
  });

  it('go out where the call is another one, or sure enough', async () => {
    for (const [name, args, waits] of [
      ['refund_all', '{"confidence":0.95}', false],
      ['refund_all', '{"confidence":"0.8"}', true],
      ['refund_all', '{}', true],
      ['other', '{}', false],
    ] as const) {
      const { parked: all } = await parked(review(0.9), called(name, args));
      assert.equal(all.length, waits ? 1 : 0, `${name} ${args}`);
    }
  });

  it('are held as streams too, and say the reason of the guard that asks for it', async () => {
    const policy = phrases('review');
    const { parked: all } = await parked(policy, said(`${PHRASE} words`));
    assert.equal(all[0]?.kind, 'answer');
    assert.deepEqual(all[0]?.reasons, [{ guard: 'keywords', place: 'output', score: 1, found: { PHRASE: 1 } }]);
    const bench = benchWith(policy, { stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    bench.upstream.sse();
    bench.upstream.data(
      `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'fine' }, finish_reason: 'stop' }] })}\n\n`,
    );
    bench.upstream.data('data: [DONE]\n\n');
    const reply = await screenReply(DEPS, bench.call, [policy], givenWith(), await bench.reply);
    assert.ok(reply.kind === 'stream');
    assert.equal(new FakeReader(reply.stream).read().said, 'fine');
    assert.equal(bench.call.heldUntil, 7);
  });
});

function benchWith(policy: GuardPolicy, json: JsonObject, parts: Parameters<typeof startAttempt>[0] = {}): Bench {
  const { screening } = screenedCall(policy);
  return startAttempt({ json: { model: 'gpt-4o-mini', ...json }, ...parts, screening });
}

const asked = (policy: GuardPolicy, given: Partial<Given> = {}, call = screenedCall(policy)) =>
  needsRewriting(call, planOf(call, [policy], givenWith(given)));

const lost = (parts: Parameters<typeof screenedCall>[1]) => lossesOf(screenedCall(policyWith(), parts));

describe('a whole answer in the dialect of its client', () => {
  it('is read, changed, and written with all that it says', async () => {
    const policy = phrases('redact');
    const json = { max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
    const bench = benchWith(policy, json, { type: 'anthropic' });
    bench.upstream.answer(200, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [
        { type: 'thinking', thinking: 'fine', signature: 'sig' },
        { type: 'text', text: `It is ${PHRASE}.` },
      ],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 2 },
    });
    const reply = await screenReply(DEPS, bench.call, [policy], givenWith(), await bench.reply);
    assert.ok(reply.kind === 'translated' && reply.rewritten);
    assert.equal(saidBy(reply.events).get('0 text-delta'), 'It is [REDACTED].');
    assert.ok(reply.events.some((event) => event.type === 'reasoning-signature' && event.signature === 'sig'));
    assert.equal(bench.attempt.closing?.outcome, 'completed');
  });

  it('goes on byte by byte where it is only looked at', async () => {
    const policy = phrases('flag');
    const call = screenedCall(policy);
    if (call.screening) call.screening.rewrites = false;
    const bench = startAttempt({ screening: call.screening });
    const body = { id: 'c', model: 'm', choices: [{ index: 0, message: { content: PHRASE }, finish_reason: 'stop' }] };
    bench.upstream.answer(200, body);
    const before = await bench.whole();
    const unread = await screenReply(DEPS, bench.call, [policyWith()], givenWith(), before);
    assert.equal(unread, before);
    // Its provider is gone from the configuration, so that nobody can read what it said.
    await assert.rejects(screenReply(DEPS, bench.call, [policy], givenWith(), before), { code: 'guard_failed' });
    assert.equal(bench.call.screening?.verdicts[0]?.outcome, 'failed');
  });
});

describe('whether an answer has to be written anew', () => {
  it('is so where something may be changed, and of words alone', () => {
    const vault = newVault();
    vault.mark('PHONE', '13800138000');
    assert.equal(asked(policyWith()), false);
    assert.equal(asked(phrases('flag')), false);
    assert.equal(asked(phrases('block')), true);
    assert.equal(asked(phrases('review')), true);
    assert.equal(asked(policyWith(), { vault }), true);
    const embeddings = screenedCall(phrases('block'), { operation: 'embeddings' });
    assert.equal(asked(phrases('block'), {}, embeddings), false);
  });

  it('says what is lost then', () => {
    assert.deepEqual(lost({}), []);
    assert.match(lost({ json: { logprobs: true } })[0] ?? '', /log probabilities/);
    assert.match(lost({ json: { prompt: 'x', logprobs: 2 }, operation: 'completion' })[0] ?? '', /log probabilities/);
    assert.match(lost({ json: { tools: [{ type: 'web_search' }] }, dialect: 'responses' })[0] ?? '', /own tools/);
    assert.match(lost({ json: { tools: [{ google_search: {} }] }, dialect: 'gemini' })[0] ?? '', /own tools/);
    assert.deepEqual(lost({ json: { tools: [{ name: 'f', input_schema: {} }] }, dialect: 'anthropic' }), []);
  });
});
