import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { type JsonObject, asString } from '../../src/core/json.ts';
import { GUARD_APIS, type GuardAnswer, type GuardApi } from '../support/guard-apis.ts';
import { saidAt } from '../support/guard-cases.ts';
import { type GuardHouse, startGuardHouse, verdictsOf } from '../support/guard-house.ts';
import { newWord } from '../support/guard-upstream.ts';

const WORDS = 'purple elephant';
const keywords = { lists: { house: { words: [WORDS] } } };
const POLICIES = {
  requests: { keywords: { ...keywords, input: 'review', output: 'off' } },
  answers: { keywords: { ...keywords, input: 'off', output: 'review' } },
  tools: { review: { tools: [{ name: 'refund_*' }] } },
  personal: { pii: {}, keywords: { ...keywords, input: 'off', output: 'review' } },
};
const ASYNC = { prefer: 'respond-async' };
const again = (id: string) => ({ 'x-causeway-review': id });
const ID = /rev_[\da-f]{24}/;

const CHATS = GUARD_APIS.filter(({ answers }) => answers.length > 0);
const WITH_TOOLS = GUARD_APIS.filter(({ answers }) => answers.length > 1);

let house: GuardHouse;
before(async () => {
  house = await startGuardHouse({ policies: POLICIES, env: { CAUSEWAY_MASTER_KEY: 'a master key of the tests' } });
});
after(() => house.close());

const nameOf = ({ name, isStream }: GuardApi): string => `${name}${isStream ? ' streamed' : ''}`;

/** The id of the review that a client is told of. */
function reviewIn({ raw }: GuardAnswer): string {
  const [id] = ID.exec(raw) ?? [];
  assert.ok(id, raw);
  return id;
}

async function decide(id: string, word: 'approve' | 'edit' | 'reject', body: JsonObject = {}): Promise<void> {
  const { status, text } = await house.gateway.admin(`/reviews/${id}/${word}`, { method: 'POST', body });
  assert.equal(status, 200, text);
}

async function statusOf(id: string, key = house.gateway.apiKey): Promise<{ status: number; json: JsonObject }> {
  const response = await fetch(`${house.gateway.url}/v1/reviews/${id}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return { status: response.status, json: (await response.json()) as JsonObject };
}

/** What the client finds at the status URL once it is over. */
async function settled(id: string): Promise<JsonObject> {
  const [earlier, done] = [reading, Promise.withResolvers<void>()];
  reading = done.promise;
  await earlier;
  try {
    return await settledAlone(id);
  } finally {
    done.resolve();
  }
}
/** One key may ask for few at a time. */
let reading: Promise<void> = Promise.resolve();
/** Where one never comes to its end, the others are not waited for. */
let isLate = false;

async function settledAlone(id: string): Promise<JsonObject> {
  const limit = performance.now() + 10_000;
  for (;;) {
    const { json } = await statusOf(id);
    if (json['status'] === 'done' || json['status'] === 'failed') return json;
    isLate ||= performance.now() > limit;
    assert.ok(!isLate, JSON.stringify(json));
  }
}

/** The answer at the status URL, as its client's API has it. */
function answerIn(api: GuardApi, done: JsonObject) {
  const answer = done['answer'] as { status: number; body: unknown };
  const raw = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  return { status: answer.status, raw, ...api.read(raw) };
}

async function outcomes(id: string | null, place: 'input' | 'output'): Promise<readonly string[]> {
  return saidAt(verdictsOf(await house.gateway.trace(id)), 'keywords', place);
}

describe('promise 9: a request that somebody has to approve', () => {
  it('is answered at its status URL, in the API of its client, where that waits for nothing', async () => {
    await Promise.all(
      CHATS.map(async (api) => {
        const word = newWord();
        house.upstream.say(word, { text: `Fine ${word}.` });
        const parked = await house.ask(api, 'requests', { user: `${word} ${WORDS}` }, { headers: ASYNC });
        const id = reviewIn(parked);
        assert.deepEqual(
          [parked.status, parked.headers.get('location'), parked.headers.get('preference-applied')],
          [202, `/v1/reviews/${id}`, 'respond-async'],
        );
        assert.deepEqual(await outcomes(parked.id, 'input'), ['review']);
        assert.equal(house.upstream.sent(word).length, 0);
        await decide(id, 'approve');
        const { status, text, raw } = answerIn(api, await settled(id));
        assert.deepEqual([status, text], [200, `Fine ${word}.`], `${nameOf(api)}: ${raw}`);
        assert.equal(house.upstream.sent(word).length, 1);
        assert.ok(house.upstream.sent(word)[0]?.body.includes(WORDS));
      }),
    );
  });

  it('goes through once, sent again with the id of its review, where its client waits', async () => {
    await Promise.all(
      GUARD_APIS.map(async (api) => {
        const word = newWord();
        const texts = { user: `${word} ${WORDS}` };
        house.upstream.say(word, { text: `Fine ${word}.` });
        const refused = await house.ask(api, 'requests', texts);
        const id = reviewIn(refused);
        const early = await house.ask(api, 'requests', texts, { headers: again(id) });
        assert.deepEqual([refused.status, early.status], [403, 403]);
        await decide(id, 'approve');
        const other = await house.ask(api, 'requests', { user: `${word} ${WORDS}!` }, { headers: again(id) });
        assert.equal(other.status, 400, 'another request is not approved');
        const answer = await house.ask(api, 'requests', texts, { headers: again(id) });
        assert.equal(answer.status, 200, `${nameOf(api)}: ${answer.raw}`);
        if (api.answers.length > 0) assert.equal(answer.text, `Fine ${word}.`);
        const verdicts = verdictsOf(await house.gateway.trace(answer.id));
        const said = verdicts.find(({ guard, place }) => guard === 'keywords' && place === 'input');
        assert.deepEqual([said?.outcome, said?.detail], ['flagged', { approved: id }]);
        const used = await house.ask(api, 'requests', texts, { headers: again(id) });
        assert.deepEqual([used.status, house.upstream.sent(word).length], [403, 1]);
      }),
    );
  });

  it('is sent as a reviewer has written it, or refused in a reviewer’s words', async () => {
    await Promise.all(
      CHATS.map(async (api) => {
        const word = newWord();
        const texts = { user: `${word} ${WORDS}` };
        house.upstream.say(word, { text: `Fine ${word}.` });
        const edited = reviewIn(await house.ask(api, 'requests', texts));
        const { body } = api.request(`requests.${api.models}`, { user: `${word} grey mouse` });
        await decide(edited, 'edit', { body });
        await settled(edited);
        const answer = await house.ask(api, 'requests', texts, { headers: again(edited) });
        assert.deepEqual([answer.status, answer.text], [200, `Fine ${word}.`], `${nameOf(api)}: ${answer.raw}`);
        const sent = house.upstream.sent(word)[0]?.body ?? '';
        assert.ok(sent.includes('grey mouse') && !sent.includes(WORDS), sent);
        const rejected = reviewIn(await house.ask(api, 'requests', texts));
        await decide(rejected, 'reject', { message: 'Ask your lawyer.' });
        const refused = await house.ask(api, 'requests', texts, { headers: again(rejected) });
        assert.deepEqual(
          [refused.status, refused.error?.type, refused.error?.message],
          [400, api.refused, 'Ask your lawyer.'],
        );
        assert.equal(house.upstream.sent(word).length, 1);
      }),
    );
  });

  it('is there for the key that sent it, and for nobody else', async () => {
    const [api] = CHATS;
    assert.ok(api);
    const texts = { user: `${newWord()} ${WORDS}` };
    const id = reviewIn(await house.ask(api, 'requests', texts));
    assert.equal((await statusOf(id)).json['status'], 'waiting');
    for (const settings of [{ project: 'another' }, { project: 'default', user: 'another' }]) {
      const key = await house.gateway.makeKey(settings);
      const { status } = await statusOf(id, key);
      await decideOnce(id);
      const answer = await house.ask(api, 'requests', texts, { headers: again(id), key });
      assert.deepEqual([status, answer.status], [404, 404]);
    }
  });
});

/** It may be decided already. */
async function decideOnce(id: string): Promise<void> {
  await house.gateway.admin(`/reviews/${id}/approve`, { method: 'POST', body: {} });
}

describe('promise 9: an answer that somebody has to approve', () => {
  const kinds = [
    { policy: 'answers', apis: CHATS, said: { text: `You see a ${WORDS}.` }, calls: 0 },
    { policy: 'tools', apis: WITH_TOOLS, said: { tool: 'refund_order', args: '{"value":5}' }, calls: 1 },
  ] as const;
  for (const { policy, apis, said, calls } of kinds) {
    it(`${policy}: is held, and given once it is approved, without asking again`, async () => {
      await Promise.all(
        apis.map(async (api) => {
          const word = newWord();
          const texts = { user: `Hello ${word}.` };
          house.upstream.say(word, said);
          const held = await house.ask(api, policy, texts);
          const id = reviewIn(held);
          assert.deepEqual([held.status, held.stop, held.calls], [200, api.blocked, []], `${nameOf(api)}: ${held.raw}`);
          await decide(id, 'approve');
          const answer = await house.ask(api, policy, texts, { headers: again(id) });
          assert.deepEqual(
            [answer.status, answer.text, answer.calls.length],
            [200, 'text' in said ? said.text : '', calls],
            `${nameOf(api)}: ${answer.raw}`,
          );
          if ('args' in said) assert.deepEqual(answer.calls, [JSON.parse(said.args)]);
          assert.equal(house.upstream.sent(word).length, 1);
          assert.equal((await house.ask(api, policy, texts, { headers: again(id) })).status, 403);
        }),
      );
    });

    it(`${policy}: is what a reviewer writes in its place, or refused`, async () => {
      await Promise.all(
        apis.map(async (api) => {
          const word = newWord();
          const texts = { user: `Hello ${word}.` };
          house.upstream.say(word, said);
          const edited = reviewIn(await house.ask(api, policy, texts));
          await decide(edited, 'edit', { answer: 'A grey mouse.' });
          await settled(edited);
          const answer = await house.ask(api, policy, texts, { headers: again(edited) });
          assert.deepEqual(
            [answer.status, answer.text, answer.calls],
            [200, 'A grey mouse.', []],
            `${nameOf(api)}: ${answer.raw}`,
          );
          const rejected = reviewIn(await house.ask(api, policy, texts));
          await decide(rejected, 'reject');
          assert.equal((await house.ask(api, policy, texts, { headers: again(rejected) })).status, 400);
        }),
      );
    });

    it(`${policy}: is at its status URL for a client that waits for nothing`, async () => {
      await Promise.all(
        apis.map(async (api) => {
          const word = newWord();
          house.upstream.say(word, said);
          const parked = await house.ask(api, policy, { user: `Hello ${word}.` }, { headers: ASYNC });
          const id = reviewIn(parked);
          assert.deepEqual([parked.status, parked.headers.get('location')], [202, `/v1/reviews/${id}`]);
          await decide(id, 'approve');
          const { status, text, calls: called, raw } = answerIn(api, await settled(id));
          assert.deepEqual(
            [status, text, called.length],
            [200, 'text' in said ? said.text : '', calls],
            `${nameOf(api)}: ${raw}`,
          );
          assert.equal(house.upstream.sent(word).length, 1);
        }),
      );
    });
  }

  it('has the values of its client in it, and the records of neither request have them', async () => {
    const phone = '13800138000';
    await Promise.all(
      CHATS.map(async (api) => {
        const word = newWord();
        const texts = { user: `${word}, I am at ${phone}` };
        house.upstream.say(word, { text: `A ${WORDS} is at [PHONE_1].` });
        const held = await house.ask(api, 'personal', texts);
        const id = reviewIn(held);
        await decide(id, 'approve');
        const given = await house.ask(api, 'personal', texts, { headers: again(id) });
        assert.equal(given.text, `A ${WORDS} is at ${phone}.`, `${nameOf(api)}: ${given.raw}`);
        const [first, now] = await Promise.all([held, given].map((one) => house.gateway.trace(one.id)));
        for (const trace of [first, now]) assert.ok(!JSON.stringify(trace).includes(phone), JSON.stringify(trace));
        assert.deepEqual(verdictsOf(now).at(-1)?.detail, { approved: id });
        assert.match(JSON.stringify([now?.output]), /\[PHONE_1\]/);
      }),
    );
  });

  it('is sealed until then: neither the record nor a list of reviews has it', async () => {
    const [api] = CHATS;
    assert.ok(api);
    const word = newWord();
    house.upstream.say(word, { text: `You see a ${WORDS}.` });
    const held = await house.ask(api, 'answers', { user: `Hello ${word}.` });
    const id = reviewIn(held);
    const trace = await house.gateway.trace(held.id);
    assert.deepEqual(
      [trace.status, trace.finish_reason, saidAt(verdictsOf(trace), 'keywords', 'output')],
      ['completed', 'content-filter', ['review']],
    );
    const { text, json } = await house.gateway.admin('/reviews?state=waiting&limit=500');
    assert.ok(!JSON.stringify(trace).includes(WORDS) && !text.includes(WORDS) && text.includes(id));
    assert.ok(Array.isArray(json['data']));
    const { json: opened } = await house.gateway.admin(`/reviews/${id}`);
    assert.ok(JSON.stringify(opened).includes(WORDS), 'a reviewer reads it');
    assert.equal(asString(opened['trace_id']), held.id);
  });
});
