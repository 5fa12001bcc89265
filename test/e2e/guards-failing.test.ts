import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { GUARD_APIS, type GuardAnswer, type GuardApi } from '../support/guard-apis.ts';
import { saidAt } from '../support/guard-cases.ts';
import {
  Faults,
  type GuardHouse,
  type PolicyText,
  inBatches,
  startGuardHouse,
  tracesOf,
  verdictsOf,
} from '../support/guard-house.ts';
import { newWord } from '../support/guard-upstream.ts';

/** Judges that do not say, each in its way. */
const JUDGES = {
  'a model that is down': { target: 'gpt/judge-fails' },
  'a model that says nothing': { target: 'gpt/judge-hangs', timeout: 0.05 },
  'a model that talks nonsense': { target: 'gpt/judge-babbles' },
  'an endpoint that is down': { target: 'gpt/moderation-fails' },
  'an endpoint that says nothing': { target: 'gpt/moderation-hangs', timeout: 0.05 },
  'an endpoint that talks nonsense': { target: 'gpt/moderation-babbles' },
} as const;
const PLACES = ['input', 'output'] as const;
const ON_FAILURE = ['open', 'closed'] as const;

interface Row {
  readonly judge: keyof typeof JUDGES;
  readonly place: (typeof PLACES)[number];
  readonly onFailure: (typeof ON_FAILURE)[number];
  readonly policy: string;
}

const ROWS: readonly Row[] = Object.keys(JUDGES).flatMap((judge, at) =>
  PLACES.flatMap((place) =>
    ON_FAILURE.map((onFailure): Row => {
      return { judge: judge as Row['judge'], place, onFailure, policy: `judge-${at}-${place}-${onFailure}` };
    }),
  ),
);

const POLICIES: Readonly<Record<string, PolicyText>> = Object.fromEntries(
  ROWS.map(({ judge, place, onFailure, policy }) => {
    const settings = { timeout: 20, ...JUDGES[judge], onFailure, input: 'off', [place]: 'block' };
    return [policy, { judges: { house: settings } }];
  }),
);

let house: GuardHouse;
before(async () => {
  house = await startGuardHouse({ policies: POLICIES });
});
after(() => house.close());

describe('promise 9: a guard that does not say', () => {
  for (const onFailure of ON_FAILURE) {
    for (const place of PLACES) {
      it(`has failed, and never passed, in every API: ${place}, ${onFailure}`, () => runAll(place, onFailure));
    }
  }
});

async function runAll(place: Row['place'], onFailure: Row['onFailure']): Promise<void> {
  const rows = ROWS.filter((row) => row.place === place && row.onFailure === onFailure);
  const apis = GUARD_APIS.filter(({ answers }) => place === 'input' || answers.length > 0);
  const cells = rows.flatMap((row) => apis.map((api) => ({ row, api, word: newWord() })));
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
function checkClosed({ isStream, failed }: GuardApi, place: Row['place'], answer: GuardAnswer, found: Faults): void {
  if (place === 'input' || !isStream) {
    found.equal([answer.status, answer.error?.type], [503, failed], 'the status and the type of the error');
  } else found.expect(answer.error !== undefined, 'no error in the stream');
  found.equal(answer.text, '', 'what the client reads');
}
