import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PartyName } from './parties.ts';
import { type Run, renderResults } from './results-page.ts';
import { renderMissed, renderNotes } from './report.ts';
import type { Round } from './rounds.ts';
import { median, spreadOf } from './spread.ts';
import { summarise } from './summary.ts';
import { verdictsOf } from './targets.ts';
import { isSteady } from './warm-up.ts';

interface Seen {
  readonly party: PartyName;
  readonly threadUs: readonly number[];
  readonly perSecond: readonly number[];
}

/** Rounds of one case, each party's figures in their order. */
function roundsOf(name: string, seen: readonly Seen[]): Round[] {
  return seen.flatMap(({ party, threadUs, perSecond }) =>
    threadUs.map((us, at) => ({
      case: name,
      party,
      round: at + 1,
      answers: 1000,
      errors: 0,
      firstError: undefined,
      requestsPerSecond: perSecond[at] ?? Number.NaN,
      p50Ms: 1,
      p99Ms: 2,
      threadCpuUsPerRequest: us,
      allCpuUsPerRequest: us * 2,
      threadBusy: 0.9,
      rssBytes: 100 * 2 ** 20,
      sent: 1100,
      records: undefined,
    })),
  );
}

const CHAT: readonly Seen[] = [
  { party: 'floor', threadUs: [50, 100, 60], perSecond: [9000, 5000, 8000] },
  { party: 'portkey', threadUs: [500, 900, 600], perSecond: [800, 400, 1000] },
  { party: 'causeway', threadUs: [75, 150, 96], perSecond: [6400, 3000, 6000] },
];

test('a median of an even number is between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([3, 1, 2]), 2);
  assert.ok(Number.isNaN(median([])));
  assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, least: 1, most: 3 });
});

test('ratios are of the same round, so that a slow minute is in both of them', () => {
  const causeway = summarise(roundsOf('chat-32', CHAT)).find(({ party }) => party === 'causeway');
  assert.deepEqual(causeway?.threadCpuOfFloor, { median: 1.5, least: 1.5, most: 1.6 });
  assert.deepEqual(causeway?.requestsOfPortkey, { median: 7.5, least: 6, most: 8 });
  assert.deepEqual(causeway?.threadCpuUsPerRequest, { median: 96, least: 75, most: 150 });
});

test('who ran without the other has no ratio to it', () => {
  const alone = summarise(roundsOf('chat-32', CHAT.slice(2)))[0];
  assert.equal(alone?.threadCpuOfFloor, undefined);
  assert.equal(alone?.rounds, 3);
});

test('a target is met by the median on PostgreSQL; what was not measured is neither met nor missed', () => {
  const dear = roundsOf('stream-32', [
    { party: 'floor', threadUs: [100], perSecond: [5000] },
    { party: 'causeway', threadUs: [250], perSecond: [2000] },
  ]);
  const verdicts = verdictsOf(summarise([...roundsOf('chat-32', CHAT), ...dear]));
  const of = (name: string): (boolean | undefined)[] =>
    verdicts.filter((verdict) => verdict.case === name).map(({ isMet }) => isMet);
  assert.deepEqual(of('chat-32'), [true, true]);
  assert.deepEqual(of('stream-32'), [false, undefined]);
  assert.deepEqual(of('hit-32'), [undefined]);
  assert.deepEqual(renderMissed(verdicts), [
    'MISSED: stream-32: request-thread CPU per request ÷ floor is 2.50, not ≤ 2',
  ]);
});

test('the page has what was run, each target, the figures of all parties and what became of the records', () => {
  const [first, ...rest] = roundsOf('chat-32', CHAT);
  assert.ok(first);
  const records = { written: 1100, dropped: 0, backlog: 40, settleMs: 120, left: 0 };
  const run: Run = {
    date: '2026-01-02T03:04:05.000Z',
    command: 'npm run bench',
    machine: { cores: 2, cpu: 'a processor', memoryBytes: 8 * 2 ** 30, node: 'v26' },
    loadBefore: 0.125,
    otherWork: 0.04,
    versions: new Map([['undici', '8.0.0']]),
    rounds: 3,
    seconds: 4,
    absent: [],
    measured: {
      rounds: [{ ...first, records }, ...rest],
      warmUps: [{ kind: 'chat', party: 'floor', seconds: 6, answers: 9, threadUs: [90, 52, 51], isSteady: true }],
    },
  };
  const page = renderResults(run);
  for (const said of [
    'npm run bench\n',
    '2 cores of a processor, 8 GB',
    'undici 8.0.0',
    'other work took 4 %',
    /chat-32 +\| request-thread CPU per request ÷ floor +\| +≤ 1.6 \| +1.50 \(1.50–1.60\) \| +met \|/,
    /chat-32 +\| causeway +\| +6000 \(3000–6400\)/,
    /chat +\| floor +\| +6 \| +9 \| +90.0 \| +51.0 \| +yes \|/,
    '- chat-32: floor was sent 3300 requests: 1100 records written, 0 dropped',
  ]) {
    assert.ok(typeof said === 'string' ? page.includes(said) : said.test(page), `${said} is not in\n${page}`);
  }
});

test('a wrong answer is told with the first reason', () => {
  const [round] = roundsOf('chat-32', CHAT);
  assert.ok(round);
  assert.deepEqual(renderNotes([{ ...round, errors: 2, firstError: 'status 500' }]), [
    'chat-32: floor had 2 errors, the first: status 500',
  ]);
});

test('a party is warm when two windows in succession are alike', () => {
  assert.equal(isSteady([100, 99]), false);
  assert.equal(isSteady([300, 120, 100]), false);
  assert.equal(isSteady([300, 100, 98]), true);
  assert.equal(isSteady([300, 100, 110]), false);
});
