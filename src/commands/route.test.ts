import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { configOf } from '../../test/support/config-of.ts';
import { makeAttemptRecord, makeRecord } from '../../test/support/make-record.ts';
import { type TracesDatabase, openTracesDatabase } from '../../test/support/traces-database.ts';
import { FeedbackStore } from '../records/feedback/feedback-store.ts';
import type { CallRecord } from '../records/journal/record.ts';
import { toTraceRow } from '../records/traces/trace-row.ts';
import { insertTraces } from '../records/traces/trace-store.ts';
import { adviseText } from './advise-text.ts';
import { advised, checkModel } from './route.ts';

const T0 = Date.UTC(2026, 10, 20);
const QUESTION = { since: new Date(T0), until: new Date(T0 + 86_400_000), targets: [] };
const CONFIG = configOf('models: { chat: { route: { targets: [{ target: sim/large }, { target: sim/small }] } } }\n');
const SIMPLE = 'What are your opening hours on Sunday?';
const DEMANDING =
  'Prove step by step that the sum of the first n odd numbers is a square, and analyse how the proof changes for even ones.';

let opened: TracesDatabase;
before(async () => {
  opened = await openTracesDatabase();
});
after(() => opened.close());

async function store(records: readonly (readonly [CallRecord, text: string])[]): Promise<void> {
  await opened.database.pool.query('truncate traces, usage_slots, usage_days, feedback');
  const rows = records.map(([record, text]) => {
    const bytes = Buffer.from(JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: text }] }));
    const input = { bytes, wholeLength: bytes.length };
    return toTraceRow({ record, input, output: undefined, textsDropped: false });
  });
  const client = await opened.database.pool.connect();
  try {
    await insertTraces(client, rows);
  } finally {
    client.release();
  }
}

/** A request that a target answered in 400 tokens, at its own price. */
function answer(at: number, target: 'sim/small' | 'sim/large'): CallRecord {
  const usage = { inputTokens: 50, outputTokens: 400 };
  const costNanoUsd = target === 'sim/large' ? 50 * 2000 + 400 * 8000 : 50 * 100 + 400 * 400;
  return makeRecord({
    startedAt: T0 + at * 60_000,
    conversationId: `talk-${at}`,
    target,
    usage,
    costNanoUsd,
    attempts: [makeAttemptRecord({ target, usage, costNanoUsd, priceVersion: undefined })],
  });
}

test('simple questions that a dear model answers are worth a trial on a cheap one', async () => {
  await store(
    Array.from({ length: 220 }, (_, at) => {
      const isSimple = at % 3 !== 0;
      return [answer(at, 'sim/large'), `${isSimple ? SIMPLE : DEMANDING} (${at})`] as const;
    }),
  );
  const { views, notes } = await advised(opened.database, CONFIG, QUESTION);
  const [view] = views;
  assert.deepEqual([view?.model, view?.requests, view?.advice, view?.chosen?.kind], ['chat', 220, 'try', 'rules']);
  // Two thirds of the requests at a twentieth of the price.
  assert.ok(Math.abs((view?.chosen?.saving.value ?? 0) - (2 / 3) * 0.95) < 0.01, JSON.stringify(view?.chosen));
  assert.match(view?.yaml ?? '', /^canaries:/);
  assert.ok(view?.missing_labels.some((label) => label.startsWith('sim/small')));
  const text = adviseText(views, { ...QUESTION, notes, all: false });
  assert.match(text, /Worth a trial: rules below 0\.5 on sim\/small/);
  // 219 minutes from the first to the last, of a day that was asked for.
  const { value = 0 } = view?.saving_usd_in_30_days ?? {};
  const month = (view?.cost_usd ?? 0) * (view?.chosen?.saving.value ?? 0) * ((30 * 24 * 60) / 219);
  assert.ok(Math.abs(value / month - 1) < 1e-6, `${value} ${month}`);
  assert.match(text, /in 30 days if they are like the 3\.6 hours that were recorded/);
  assert.deepEqual([view?.chosen?.error_share, view?.chosen?.median_latency_ms], [null, null]);
  const asItIs = view?.policies.find(({ policy }) => policy === 'everything on sim/large');
  assert.equal(asItIs?.error_share, 0);
  assert.match(view?.yaml ?? '', /^ {2}chat-cheaper:$/m);
  assert.match(text, /^rules below 0\.5 on sim\/small, the rest on sim\/large \(and \d+ alike\) /m);
  assert.match(text, /a cascade pays where fewer than 95\.0 % of the answers go on/);
});

test('what users say of answers decides', async () => {
  const answers = Array.from({ length: 240 }, (_, at) => answer(at, at % 2 === 0 ? 'sim/small' : 'sim/large'));
  await store(answers.map((record, at) => [record, `${SIMPLE} (${at})`] as const));
  const feedback = new FeedbackStore(opened.database);
  for (const [at, { traceId, target }] of answers.entries()) {
    if (at % 4 > 1) continue;
    const isGood = target === 'sim/large' ? at % 40 !== 1 : at % 8 !== 0;
    const now = new Date(T0);
    const opinion = { thumb: isGood ? ('up' as const) : ('down' as const), score: null, comment: null, tags: null };
    await feedback.save({ traceId, author: 'admin', project: 'support', ...opinion, createdAt: now, updatedAt: now });
  }
  const { views } = await advised(opened.database, CONFIG, { ...QUESTION, model: 'chat' });
  const [view] = views;
  assert.equal(view?.labels, 120);
  assert.equal(view?.advice, 'none', view?.reason);
  assert.match(view?.reason ?? '', /makes answers worse/);
});

test('a target that is named is compared at its price, and one without a price is said to have none', async () => {
  await store(Array.from({ length: 220 }, (_, at) => [answer(at, 'sim/large'), `${DEMANDING} (${at})`] as const));
  const config = configOf('models: { chat: { target: sim/large } }\n');
  const targets = ['sim/echo', 'sim/unheard-of'];
  const { views, notes } = await advised(opened.database, config, { ...QUESTION, targets });
  assert.deepEqual(views[0]?.targets.map(({ target }) => target).toSorted(), ['sim/echo', 'sim/large']);
  assert.equal(views[0]?.advice, 'none');
  assert.equal(notes.filter((note) => note.startsWith('sim/unheard-of has no known price')).length, 1);
  const { views: none } = await advised(opened.database, config, { ...QUESTION, model: 'other', targets: [] });
  const asked = { ...QUESTION, model: 'other' };
  await assert.rejects(checkModel(opened.database, config, asked), /no model "other" .*; there are: chat$/);
  await checkModel(opened.database, config, { ...QUESTION, model: 'chat' });
  assert.match(adviseText(none, { ...QUESTION, notes: [], all: false }), /^No answered chat requests/);
});
