import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import * as fc from '../support/fast-check.ts';
import { GUARD_APIS, GUARD_TARGETS, type GuardApi } from '../support/guard-apis.ts';
import type { GuardTexts } from '../support/guard-shapes.ts';
import { type GuardHouse, startGuardHouse, tracesOf, verdictsOf } from '../support/guard-house.ts';
import { saidAt } from '../support/guard-cases.ts';
import { type GuardSaid, newWord } from '../support/guard-upstream.ts';
import { personalValue } from '../support/personal-values.ts';

const WORDS = 'purple elephant';
const keywords = (action: string) => ({
  keywords: { lists: { house: { words: [WORDS] } }, input: 'flag', output: action },
});
const POLICIES = { pii: { pii: {} }, exempt: { pii: { exempt: ['gpt/*'] } }, changing: keywords('flag') };

let house: GuardHouse;
before(async () => {
  house = await startGuardHouse({ policies: POLICIES, model: { cache: { exact: {} } } });
});
after(() => house.close());

/** Where values are planted, and what they are called there. */
const LABELS = ['user', 'system', 'argument', 'result', 'retrieved'] as const;
type Label = (typeof LABELS)[number];

function labelsOf({ places }: GuardApi): readonly Label[] {
  if (places.length === 1) return ['user'];
  return places.includes('retrieved') ? LABELS : LABELS.slice(0, 4);
}

/** Says every value that it can see, by its label, and calls a tool with all of them. */
function repeats(body: string, sizes: readonly number[], withCall: boolean): GuardSaid {
  const seen = Object.fromEntries(
    LABELS.flatMap((label) => {
      const [, value] = new RegExp(`my ${label} is <([^<>]+)>`).exec(body) ?? [];
      return value === undefined ? [] : [[label, value]];
    }),
  );
  const own = body.includes('mine: [PHONE_1]') ? 'yours: [PHONE_1]' : '';
  const text = `${Object.entries(seen)
    .map(([label, value]) => `your ${label} is <${value}>; `)
    .join('')}${own}`;
  return { text, sizes, ...(withCall ? { args: JSON.stringify({ list: Object.values(seen), deep: { seen } }) } : {}) };
}

/** Labels come in the order of the request, which is another in each API. */
function inOrder(text: string): string[] {
  return text.split('; ').toSorted((a, b) => a.localeCompare(b));
}

interface Drawn {
  readonly api: GuardApi;
  readonly values: readonly string[];
  readonly isPlanted: readonly boolean[];
  readonly filler: string;
  readonly sizes: readonly number[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  api: fc.constantFrom(...GUARD_APIS.filter(({ answers }) => answers.length > 0)),
  values: fc.array(personalValue, { minLength: LABELS.length, maxLength: LABELS.length }),
  isPlanted: fc.array(fc.boolean(), { minLength: LABELS.length, maxLength: LABELS.length }),
  filler: fc.constantFrom('', 'mine: [PHONE_1] ', '你好，', '🙂 "quoted" \\ '),
  sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }),
});

describe('promise 9: what is taken out of a request comes back in its answer', () => {
  it('for whoever sent it, in its place; no provider and no record sees it', async () => {
    const since = Date.now() - 1000;
    const planted = new Map<string, readonly string[]>();
    const run = async ({ api, values, isPlanted, filler, sizes }: Drawn) => {
      const word = newWord();
      const labels = labelsOf(api).filter((label, at) => isPlanted[at] || label === 'user');
      const said = new Map(labels.map((label, at) => [label, values[at] ?? '']));
      const textOf = (label: Label) => (said.has(label) ? `my ${label} is <${said.get(label)}> .` : undefined);
      house.upstream.say(word, (body) => repeats(body, sizes, api.answers.length > 1));
      const texts: GuardTexts = {
        user: `Hello ${word}, ${filler}${textOf('user')}`,
        system: textOf('system'),
        argument: textOf('argument'),
        result: textOf('result'),
        retrieved: textOf('retrieved'),
      };
      const answer = await house.ask(api, 'pii', texts);
      const own = filler.includes('mine') ? 'yours: [PHONE_1]' : '';
      const expected = [...said].map(([label, value]) => `your ${label} is <${value}>; `).join('');
      assert.deepEqual([answer.status, inOrder(answer.text)], [200, inOrder(expected + own)], answer.raw);
      if (api.answers.length > 1) {
        const [called] = answer.calls as [{ list: string[]; deep: { seen: Record<string, string> } }];
        assert.deepEqual(
          called.deep.seen,
          Object.fromEntries(LABELS.flatMap((label) => (said.has(label) ? [[label, said.get(label)]] : []))),
        );
        assert.deepEqual(called.list, Object.values(called.deep.seen));
      }
      const sent = house.upstream.sent(word);
      assert.equal(sent.length, 1);
      for (const value of said.values()) assert.ok(!sent[0]?.body.includes(value), `${value} in ${sent[0]?.body}`);
      if (answer.id !== null) planted.set(answer.id, [...said.values()]);
    };
    await fc.assert(fc.asyncProperty(drawn, run), { numRuns: 40 });
    const traces = await tracesOf(house.gateway, [...planted.keys()], since);
    for (const [id, values] of planted) {
      const record = JSON.stringify(traces.get(id));
      for (const value of values) assert.ok(!record.includes(value), `${value} in ${record}`);
    }
  });

  it('also where an argument is a number, which comes back as the text that stands for it', async () => {
    const NUMBER = 13_800_138_000;
    for (const api of GUARD_APIS.filter(({ answers }) => answers.length > 1)) {
      const word = newWord();
      house.upstream.say(word, (body) => {
        const [mark] = /\[PHONE_\w+\]/.exec(body) ?? [];
        return { args: JSON.stringify({ value: mark ?? 'nothing' }) };
      });
      const answer = await house.ask(api, 'pii', { user: `Hello ${word}.`, argument: NUMBER });
      const [sent] = house.upstream.sent(word);
      assert.ok(!sent?.body.includes(String(NUMBER)), `${api.name}: ${sent?.body}`);
      assert.deepEqual(answer.calls, [{ value: String(NUMBER) }], answer.raw);
    }
  });

  it('and is shown to providers that may see it; the records have it of neither', async () => {
    const phone = '13800138000';
    await Promise.all(
      GUARD_APIS.map(async (api) => {
        const word = newWord();
        house.upstream.say(word, { text: 'It is [PHONE_1].' });
        const answer = await house.ask(api, 'exempt', { user: `Hello ${word}, I am at ${phone}` });
        const [sent] = house.upstream.sent(word);
        const isShown = GUARD_TARGETS[api.models]?.startsWith('gpt/') === true;
        assert.deepEqual([answer.status, sent?.body.includes(phone)], [200, isShown], `${api.name}: ${answer.raw}`);
        if (api.answers.length > 0) assert.equal(answer.text, isShown ? 'It is [PHONE_1].' : `It is ${phone}.`);
        const trace = await house.gateway.trace(answer.id);
        assert.deepEqual(saidAt(verdictsOf(trace), 'pii', 'input'), [isShown ? 'exempt' : 'redacted']);
        assert.ok(!JSON.stringify(trace).includes(phone), `${api.name}: ${JSON.stringify(trace)}`);
      }),
    );
  });

  it('promise 12: each client gets its own from a cached answer', async () => {
    const key = await house.gateway.makeKey({ project: 'default', user: 'another' });
    const phones = ['13800138000', '13911112222'];
    for (const api of GUARD_APIS.filter(({ answers }) => answers.length > 0)) {
      const word = newWord();
      house.upstream.say(word, { text: 'It is [PHONE_1].' });
      const caches: unknown[] = [];
      for (const [at, phone] of phones.entries()) {
        const own = at === 0 ? {} : { key };
        const answer = await house.ask(api, 'pii', { user: `Hello ${word}, I am at ${phone}` }, own);
        assert.equal(answer.text, `It is ${phone}.`, answer.raw);
        caches.push((await house.gateway.trace(answer.id)).cache);
      }
      assert.deepEqual([caches, house.upstream.sent(word).length], [['miss', 'exact'], 1], api.name);
    }
  });
});

describe('promise 9: a policy that is changed', () => {
  it('is in force for the next request, and no answer of another policy comes from the cache', async () => {
    const apis = GUARD_APIS.filter(({ answers }) => answers.length > 0);
    const words = apis.map(() => newWord());
    const askAll = (expected: string | undefined, times: number, outcome: string) =>
      Promise.all(
        apis.map(async (api, at) => {
          const word = words[at] ?? '';
          house.upstream.say(word, { text: `You see a ${WORDS} there` });
          const answer = await house.ask(api, 'changing', { user: `Hello ${word}.` });
          if (expected === undefined) assert.equal(answer.stop, api.blocked, answer.raw);
          else assert.equal(answer.text, expected, answer.raw);
          assert.equal(house.upstream.sent(word).length, times, api.name);
          const trace = await house.gateway.trace(answer.id);
          assert.deepEqual(saidAt(verdictsOf(trace), 'keywords', 'output'), [outcome], api.name);
        }),
      );
    await askAll(`You see a ${WORDS} there`, 1, 'flagged');
    await askAll(`You see a ${WORDS} there`, 1, 'flagged');
    for (const [action, expected, times, outcome] of [
      ['redact', 'You see a [REDACTED] there', 2, 'redacted'],
      ['block', undefined, 3, 'blocked'],
      // It is as it was: so is its version.
      ['flag', `You see a ${WORDS} there`, 3, 'flagged'],
    ] as const) {
      house.gateway.writeConfig(house.configOf({ ...POLICIES, changing: keywords(action) }));
      house.gateway.reload();
      await askAll(expected, times, outcome);
      // What is cut off is not kept, so that it is asked for again.
      if (action !== 'block') await askAll(expected, times, outcome);
    }
  });
});
