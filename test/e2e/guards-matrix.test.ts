import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import type { Place } from '../../src/core/screening.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { GUARD_APIS, type GuardAnswer, type GuardApi } from '../support/guard-apis.ts';
import type { GuardTexts } from '../support/guard-shapes.ts';
import {
  ANSWER_CASES,
  type AnswerCase,
  POLICIES,
  REQUEST_CASES,
  type RequestCase,
  saidAt,
} from '../support/guard-cases.ts';
import { Faults, type GuardHouse, inBatches, startGuardHouse, tracesOf, verdictsOf } from '../support/guard-house.ts';
import {
  FAILING_JUDGES,
  FAILING_PLACES,
  FAILING_POLICIES,
  type FailingJudge,
  ON_FAILURE,
} from '../support/guard-failing.ts';
import { newWord } from '../support/guard-upstream.ts';
import { WHOLE_CASES, WHOLE_POLICIES, type WholeCase } from '../support/guard-whole-cases.ts';

let house: GuardHouse;
before(async () => {
  house = await startGuardHouse({
    policies: { ...POLICIES, ...WHOLE_POLICIES, ...FAILING_POLICIES },
    env: { CAUSEWAY_MASTER_KEY: 'a master key of the tests' },
  });
});
after(() => house.close());

/** One request of the matrix. */
interface Cell<Of> {
  readonly of: Of;
  readonly api: GuardApi;
  readonly place: Place;
  readonly word: string;
}

interface Asked<Of> extends Cell<Of> {
  readonly answer: GuardAnswer;
}

function cellsOf<Of extends RequestCase | AnswerCase>(
  of: Of,
  placesOf: (api: GuardApi) => readonly Place[],
): Cell<Of>[] {
  const wanted: readonly Place[] = of.places;
  return GUARD_APIS.flatMap((api) =>
    placesOf(api)
      .filter((place) => wanted.includes(place))
      .map((place) => ({ of, api, place, word: newWord() })),
  );
}

/** Sends all of them, and holds each against what has to come of it. */
async function runCells<Of extends { readonly policy: string }>(
  cells: readonly Cell<Of>[],
  ask: (cell: Cell<Of>) => Promise<GuardAnswer>,
  check: (asked: Asked<Of>, faults: Faults, trace: TraceView | undefined) => void,
): Promise<void> {
  assert.ok(cells.length > 0);
  const since = Date.now() - 1000;
  const asked = await inBatches(cells, async (cell): Promise<Asked<Of>> => ({ ...cell, answer: await ask(cell) }));
  const traces = await tracesOf(
    house.gateway,
    asked.map(({ answer }) => answer.id),
    since,
  );
  const faults = asked.flatMap((one) => {
    const { api, place, of, answer } = one;
    const found = new Faults(`${api.name}${api.isStream ? ' streamed' : ''}, ${place}`);
    check(one, found, traces.get(answer.id ?? ''));
    if (found.all.length > 0) found.all.push(`  ${of.policy}: ${answer.status} ${answer.raw.slice(0, 600)}`);
    return found.all;
  });
  if (faults.length > 0) assert.fail(`\n${faults.join('\n')}`);
}

/** The verdict is there, once, and nothing that was taken out is on the record. */
function checkRecord(
  { of, place }: Asked<RequestCase | AnswerCase>,
  trace: TraceView | undefined,
  faults: Faults,
): void {
  const verdicts = verdictsOf(trace);
  const said = saidAt(verdicts, of.guard, place);
  faults.expect(said.includes(of.outcome), `${of.guard} says ${JSON.stringify(verdicts)}, not ${of.outcome}`);
  faults.expect(said.length === 1 || of.effect !== 'refused', `${of.guard} says ${said.join(' and ')} of one place`);
  if (of.isSecret) faults.expect(!JSON.stringify(trace).includes(of.planted), 'what is planted is on the record');
}

function textsAt(place: Place, planted: string, word: string): GuardTexts {
  const planting = `See ${planted}, please.`;
  const user = `Hello ${word}.`;
  switch (place) {
    case 'tool-arguments':
      return { user, argument: planting };
    case 'tool-results':
      return { user, result: planting };
    case 'retrieved':
      return { user, retrieved: planting };
    default:
      return { user: `${user} ${planting}` };
  }
}

describe('promise 9: what guards find in requests', () => {
  for (const one of REQUEST_CASES) {
    it(`${one.policy}: ${one.effect} in every API, streamed and not, wherever it stands`, () =>
      runCells(
        cellsOf(one, ({ places }) => places),
        askWith,
        checkRequest,
      ));
  }
});

async function askWith({ of, api, place, word }: Cell<RequestCase>): Promise<GuardAnswer> {
  const { by = '' } = of;
  house.upstream.say(word, { text: `It is ${by}.`, ...(api.answers.length > 1 ? { args: `{"value":"${by}"}` } : {}) });
  return house.ask(api, of.policy, textsAt(place, of.planted, word));
}

function checkRequest(asked: Asked<RequestCase>, faults: Faults, trace: TraceView | undefined): void {
  checkRecord(asked, trace, faults);
  const { of, api, word, answer } = asked;
  const sent = house.upstream.sent(word).map(({ body }) => body);
  if (of.effect === 'refused' || of.effect === 'waits') {
    faults.equal(sent.length, 0, 'how often a provider was asked');
    faults.equal(answer.status, of.effect === 'refused' ? 400 : 403, 'the status');
    if (of.effect === 'refused') faults.equal(answer.error?.type, api.refused, 'the type of the error');
    else faults.expect(/rev_[\da-f]{24}/.test(answer.error?.message ?? ''), 'the review is not named');
    return;
  }
  faults.equal([answer.status, sent.length], [200, 1], 'the status, and how often a provider was asked');
  const isShown = sent.join('').includes(of.planted);
  faults.equal(isShown, of.effect === 'flagged', 'whether the provider got what is planted');
  const { by } = of;
  if (by === undefined) return;
  faults.expect(sent.join('').includes(by), `the provider did not get ${by}`);
  if (api.answers.length === 0) return;
  const back = of.effect === 'restored' ? of.planted : by;
  faults.equal(answer.text, `It is ${back}.`, 'what the client reads');
  if (api.answers.length > 1) faults.equal(answer.calls, [{ value: back }], 'what a tool is called with');
}

describe('promise 9: what guards find in answers', () => {
  for (const one of ANSWER_CASES) {
    it(`${one.policy}: ${one.effect} in every API, streamed and not, in texts and in calls of tools`, () =>
      runCells(
        cellsOf(one, ({ answers }) => answers),
        askFor,
        checkAnswer,
      ));
  }
});

async function askFor({ of, api, place, word }: Cell<AnswerCase>): Promise<GuardAnswer> {
  const said = `You see ${of.planted} here.`;
  house.upstream.say(
    word,
    place === 'output' ? { text: said } : { text: 'I call.', args: JSON.stringify({ value: said }) },
  );
  return house.ask(api, of.policy, { user: `Hello ${word}.` });
}

function checkAnswer(asked: Asked<AnswerCase>, faults: Faults, trace: TraceView | undefined): void {
  checkRecord(asked, trace, faults);
  const { of, api, place, word, answer } = asked;
  faults.equal([answer.status, house.upstream.sent(word).length], [200, 1], 'the status, and how often it was asked');
  const isStopped = answer.stop === api.blocked;
  faults.equal(isStopped, of.effect === 'stopped', `whether it ends as blocked (${answer.stop})`);
  if (of.effect === 'stopped') {
    faults.expect(!answer.raw.includes(of.planted), 'the client has what is planted');
    faults.equal(answer.calls.length, 0, 'how many calls of tools the client has');
    return;
  }
  const said = `You see ${of.effect === 'flagged' ? of.planted : of.by} here.`;
  if (place === 'output') faults.equal(answer.text, said, 'what the client reads');
  else faults.equal(answer.calls, [{ value: said }], 'what a tool is called with');
}

describe('promise 9: what guards find in answers as a whole', () => {
  for (const one of WHOLE_CASES) {
    it(`${one.policy}: ${one.name}, in every API, streamed and not`, () => {
      const chats = GUARD_APIS.filter(({ answers }) => answers.length > 1);
      const cells = chats.map((api) => ({ of: one, api, place: one.place, word: newWord() }));
      return runCells(cells, askWhole, checkWhole);
    });
  }
});

async function askWhole({ of, api, word }: Cell<WholeCase>): Promise<GuardAnswer> {
  house.upstream.say(word, of.says);
  return house.ask(api, of.policy, { user: `Hello ${word}.`, ...of.texts });
}

function checkWhole(asked: Asked<WholeCase>, faults: Faults, trace: TraceView | undefined): void {
  const { of, api, place, word, answer } = asked;
  const verdicts = verdictsOf(trace);
  faults.equal(
    saidAt(verdicts, of.guard, place),
    [of.outcome(api.isStream)],
    `${of.guard} in ${JSON.stringify(verdicts)}`,
  );
  const sent = house.upstream.sent(word);
  faults.equal(sent.length, of.asked ?? 1, 'how often the provider was asked');
  const said = of.says(sent[0]?.body ?? '', sent.length - 1);
  const then = of.effect(api.isStream);
  if (then === 'content') {
    faults.equal([answer.status, answer.text], [200, said.text], 'what the client gets');
    return;
  }
  faults.equal(answer.calls.length, 0, 'how many calls of tools the client has');
  if (then === 'failed') {
    faults.equal(answer.status, 502, 'the status');
    return;
  }
  faults.equal([answer.status, answer.stop], [200, api.blocked], 'how it ends');
  if (place === 'output') faults.expect(!answer.raw.includes(said.text ?? ''), 'the client has what is blocked');
  faults.expect(said.args === undefined || !answer.raw.includes(said.args), 'the client has the arguments');
  if (then === 'waits') faults.expect(/rev_[\da-f]{24}/.test(answer.refusal + answer.text), 'the review is not named');
}

describe('promise 9: a guard that does not say', () => {
  for (const onFailure of ON_FAILURE) {
    for (const place of FAILING_PLACES) {
      it(`has failed, and never passed, in every API: ${place}, ${onFailure}`, () => runAll(place, onFailure));
    }
  }
});

async function runAll(place: FailingJudge['place'], onFailure: FailingJudge['onFailure']): Promise<void> {
  const rows = FAILING_JUDGES.filter((row) => row.place === place && row.onFailure === onFailure);
  const apis = GUARD_APIS.filter(({ answers }) => place === 'input' || answers.length > 0);
  // Endpoints fail as models do: one API is enough for them.
  const cells = rows.flatMap((row) => {
    const asking = row.judge.startsWith('a model') ? apis : apis.filter(({ name }) => name === 'chat');
    return asking.map((api) => ({ row, api, word: newWord() }));
  });
  const since = Date.now() - 1000;
  const asked = await inBatches(cells, async ({ row, api, word }) => {
    house.upstream.say(word, { text: `Fine ${word}.` });
    return { row, api, word, answer: await house.ask(api, row.policy, { user: `Hello ${word}.` }) };
  });
  const ids = asked.map(({ answer }) => answer.id);
  const traces = await tracesOf(house.gateway, ids, since);
  const faults = asked.flatMap(({ row, api, word, answer }) => {
    const found = new Faults(`${row.judge}, ${api.name}${api.isStream ? ' streamed' : ''}`);
    const trace = traces.get(answer.id ?? '');
    const verdicts = verdictsOf(trace);
    found.equal(saidAt(verdicts, 'house', place), ['failed'], 'what the guard says');
    found.equal(verdicts[0]?.went, onFailure === 'open' ? 'on' : 'no-further', 'whether it went on');
    found.equal(
      house.upstream.sent(word).length,
      place === 'input' && onFailure === 'closed' ? 0 : 1,
      'how often asked',
    );
    if (onFailure === 'closed') checkClosed(api, place, answer, found);
    else checkOpen(api, word, answer, found);
    const isFailed = onFailure === 'closed';
    found.equal(
      [trace?.status, trace?.error?.code],
      isFailed ? ['failed', 'guard_failed'] : ['completed', undefined],
      'the record',
    );
    if (found.all.length > 0)
      found.all.push(`  ${JSON.stringify(verdicts)} ${answer.status} ${answer.raw.slice(0, 500)}`);
    return found.all;
  });
  if (faults.length > 0) assert.fail(`\n${faults.join('\n')}`);
}

function checkOpen({ answers }: GuardApi, word: string, { status, text }: GuardAnswer, found: Faults): void {
  found.equal(status, 200, 'the status');
  if (answers.length > 0) found.equal(text, `Fine ${word}.`, 'the answer');
}

/** A stream that has begun has its dialect's error in it. */
function checkClosed(
  { isStream, failed }: GuardApi,
  place: FailingJudge['place'],
  answer: GuardAnswer,
  found: Faults,
): void {
  if (place === 'input' || !isStream) {
    found.equal([answer.status, answer.error?.type], [503, failed], 'the status and the type of the error');
  } else found.expect(answer.error !== undefined, 'no error in the stream');
  found.equal(answer.text, '', 'what the client reads');
}
