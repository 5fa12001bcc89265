import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  ASSIGNMENT,
  CacheSite,
  EXACT,
  POLICY,
  SEMANTIC,
  type Said,
  eventsOf,
} from '../../../test/support/cache-site.ts';
import { type CallParts, makeCall } from '../../../test/support/make-call.ts';
import { GatewayError } from '../../core/errors.ts';
import { ReplyStream } from '../../core/reply.ts';
import type { StoredAnswer } from './answer/stored-answer.ts';
import { cacheStage } from './stage.ts';

const STREAMED = { json: { model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true } };
const WHOLE = { json: { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } };

describe('an exact hit', () => {
  it('is the answer from before, and says so', async () => {
    const site = new CacheSite();
    const first = await site.ask();
    assert.deepEqual([first.call.cache?.state, first.text], ['miss', 'answer 1']);
    site.clock.advance(5_500);
    const { call, reply, text } = await site.ask();
    assert.equal(text, 'answer 1');
    assert.equal(site.asked, 1);
    assert.deepEqual(call.cache, {
      state: 'exact',
      key: first.call.cache?.key,
      target: 'openai/gpt-5-mini',
      responseModel: 'gpt-5-mini-2026',
      simulated: false,
      ageMs: 5_500,
      answeredAt: 5_500,
    });
    assert.deepEqual(call.savings, [{ mechanism: 'exact', nanoUsd: 700, inputTokens: 10, outputTokens: 5 }]);
    assert.equal(call.attempts.all.length, 0);
    assert.deepEqual(reply.headers, {
      'content-type': 'application/json',
      'x-causeway-request-id': call.id,
      'x-causeway-cache': 'exact',
      'x-causeway-cache-key': first.call.cache?.key,
      age: '5',
      'x-causeway-target': 'openai/gpt-5-mini',
      'x-causeway-cost-usd': '0',
      'x-causeway-warnings': 'answer: seed was left out',
    });
  });

  it('names what was asked, asked or not, where arms are compared', async () => {
    const site = new CacheSite();
    const inArm = (arm: string) => site.ask({ assignment: { ...ASSIGNMENT, arm } });
    const first = await inArm('experiment:e/a');
    const again = await inArm('experiment:e/a');
    const other = await inArm('experiment:e/b');
    const outcomes = [first, again, other].map(({ call }) => call.cache);
    assert.deepEqual(
      outcomes.map((outcome) => outcome?.state),
      ['miss', 'exact', 'miss'],
    );
    assert.ok(outcomes[0]?.asked);
    assert.equal(new Set(outcomes.map((outcome) => outcome?.asked)).size, 1);
  });

  it('is given whole where it was streamed, and streamed where it was whole', async () => {
    for (const [before, after] of [
      [STREAMED, WHOLE],
      [WHOLE, STREAMED],
    ]) {
      const site = new CacheSite();
      await site.ask(before);
      const { reply, text } = await site.ask(after);
      assert.equal(text, 'answer 1');
      assert.equal(reply.kind, after === STREAMED ? 'stream' : 'translated');
    }
  });

  it('ends with its time, and comes from a store that is far away as well', async () => {
    const site = new CacheSite();
    site.store.isFar = true;
    await site.ask();
    const { call } = await site.ask();
    assert.equal(call.cache?.state, 'exact');
    assert.deepEqual(
      call.spans.all.map(({ kind, name, status }) => [kind, name, status]),
      [['cache', 'exact', 'ok']],
    );
    site.clock.advance(EXACT.ttl);
    assert.equal((await site.ask()).call.cache?.state, 'miss');
  });

  it('is not looked for where nothing is cached', async () => {
    const site = new CacheSite();
    for (const assignment of [{ ...ASSIGNMENT, cache: undefined }, undefined]) {
      const { call } = await site.ask({ assignment });
      assert.equal(call.cache, undefined);
    }
    assert.equal(site.store.answers.size, 0);
    assert.equal((await site.ask({ operation: 'speech' })).call.cache, undefined);
  });

  it('does not survive a client that has left while the store was asked', async () => {
    const site = new CacheSite();
    site.store.isFar = true;
    await site.ask();
    const call = makeCall();
    call.cancellation.cancel('client');
    assert.equal(await site.fails({ cancellation: call.cancellation }), 'client_aborted');
  });
});

function saying(mode: string): CallParts {
  return { headers: { 'x-causeway-cache': mode } };
}

describe('what the client says', () => {
  it('bypass: neither looked up nor kept', async () => {
    const site = new CacheSite();
    const { call } = await site.ask(saying('bypass'));
    assert.deepEqual(call.cache, { state: 'bypass' });
    assert.equal(site.store.answers.size, 0);
    await site.ask();
    assert.equal((await site.ask(saying('bypass'))).text, 'answer 3');
    assert.equal((await site.ask()).text, 'answer 2');
  });

  it('refresh: asked for anew, and kept in place of the one before', async () => {
    const site = new CacheSite();
    await site.ask();
    const { call, text } = await site.ask(saying('refresh'));
    assert.deepEqual([call.cache?.state, text], ['miss', 'answer 2']);
    assert.equal((await site.ask()).text, 'answer 2');
  });

  it('only: what is kept, or an error, and nobody is asked', async () => {
    const site = new CacheSite();
    assert.equal(await site.fails(saying('only')), 'cache_miss');
    assert.equal(
      await site.fails({ ...saying('only'), assignment: { ...ASSIGNMENT, cache: undefined } }),
      'cache_miss',
    );
    assert.equal(await site.fails({ ...saying('only'), operation: 'speech' }), 'cache_miss');
    const changing = { ...saying('only'), json: { messages: [], tools: [{ type: 'web_search' }] } };
    assert.equal(await site.fails(changing), 'cache_miss');
    assert.equal(site.asked, 0);
    const call = makeCall({ ...saying('only'), assignment: ASSIGNMENT });
    await assert.rejects(
      cacheStage(site.deps).run(call, () => assert.fail('asked')),
      { code: 'cache_miss' },
    );
    assert.equal(call.cache?.state, 'miss', 'which the record and the error say');
    await site.ask();
    assert.equal((await site.ask(saying('only'))).text, 'answer 1');
  });

  it('nonsense is refused, and so are tags without end', async () => {
    const site = new CacheSite();
    assert.equal(await site.fails(saying('no-store')), 'request_invalid');
    const tags = Array.from({ length: 17 }, (_, at) => `t${at}`).join(',');
    const tagged = await site.ask({ headers: { 'x-causeway-cache-tags': ' a, b ,a' } });
    assert.ok(tagged.reply);
    assert.deepEqual([...site.store.answers.values()][0]?.labels.tags, ['a', 'b']);
    // As a socket has them: the bytes of UTF-8, one character each.
    const chinese = Buffer.from('常见问题').toString('latin1');
    await site.ask({ headers: { 'x-causeway-cache': 'refresh', 'x-causeway-cache-tags': chinese } });
    assert.deepEqual([...site.store.answers.values()][0]?.labels.tags, ['常见问题']);
    // Where it is read first it is refused before anybody is asked; here it is not kept.
    await site.ask({ headers: { 'x-causeway-cache': 'refresh', 'x-causeway-cache-tags': tags } });
    assert.equal((await site.ask()).text, 'answer 2');
  });
});

describe('what is not kept', () => {
  const NOT_KEPT: readonly (readonly [string, Said])[] = [
    ['a cut answer', { text: 'a', reason: 'length' }],
    ['a filtered one', { text: 'a', reason: 'content-filter' }],
    ['a refusal', { text: 'a', reason: 'refusal' }],
    ['a pause', { text: 'a', reason: 'pause' }],
    ['what ends otherwise', { text: 'a', reason: 'other' }],
    ['words of a refusal', { text: 'a', more: [{ type: 'refusal-delta', choice: 0, text: 'no' }] }],
    ['one of several that was cut', { text: 'a', more: [{ type: 'finish', choice: 1, reason: 'length' }] }],
    ['what events do not say', { text: 'a', more: [{ type: 'other-content', choice: 0 }] }],
    [
      'what was searched for',
      { text: 'a', more: [{ type: 'tool-call-start', choice: 0, index: 1, id: 'i', name: 'search', served: true }] },
    ],
    ['what is too large', { text: 'x'.repeat(EXACT.maxAnswer + 1) }],
  ];

  for (const [name, said] of NOT_KEPT) {
    it(name, async () => {
      for (const form of [WHOLE, STREAMED]) {
        const site = new CacheSite();
        site.says = () => said;
        await site.ask(form);
        assert.equal(site.store.answers.size, 0);
        site.says = () => ({ text: 'fine', reason: 'tool-calls' });
        await site.ask(form);
        assert.equal(site.store.answers.size, 1);
      }
    });
  }

  it('an error, and a stream that its reader left', async () => {
    const site = new CacheSite();
    site.says = () => new GatewayError('provider_error');
    assert.equal(await site.fails({}), 'provider_error');
    site.says = undefined;
    const call = makeCall({ ...STREAMED, assignment: ASSIGNMENT });
    const stream = new ReplyStream({ pause() {}, resume() {}, cancel() {} });
    await cacheStage(site.deps).run(call, () =>
      Promise.resolve({ kind: 'stream', status: 200, headers: {}, translated: true, stream }),
    );
    stream.push({ events: eventsOf({ text: 'a' }) });
    stream.abort('client');
    assert.equal(site.store.answers.size, 0);
  });
});

describe('an answer to what means the same', () => {
  const policy = { ...POLICY, semantic: SEMANTIC };
  const parts = { assignment: { ...ASSIGNMENT, cache: policy } };

  it('is given with its own state and saving; until then the cache learns what the model says', async () => {
    const learned: StoredAnswer[] = [];
    const site = new CacheSite({
      look: () =>
        Promise.resolve(
          learned[0] ? { kind: 'serve', answer: learned[0] } : { kind: 'ask', learn: (one) => void learned.push(one) },
        ),
      purge: () => 0,
    });
    await site.ask(parts);
    assert.equal(learned.length, 1);
    const { call, text } = await site.ask({ ...parts, json: { messages: [{ role: 'user', content: 'Hi there' }] } });
    assert.equal(text, 'answer 1');
    assert.equal(call.cache?.state, 'semantic');
    assert.deepEqual(
      call.savings?.map(({ mechanism }) => mechanism),
      ['semantic'],
    );
    assert.equal((await site.ask(parts)).call.cache?.state, 'exact', 'what is certain comes first');
  });

  it('is not looked for at a target that makes vectors, and is paid for it, where nobody is to be asked', async () => {
    let looks = 0;
    const site = new CacheSite({
      look() {
        looks += 1;
        return Promise.resolve({ kind: 'ask' });
      },
      purge: () => 0,
    });
    const embedders = ['built-in', { provider: 'openai', model: 'text-embedding-3-small' }] as const;
    for (const embedder of embedders) {
      const cache = { ...POLICY, semantic: { ...SEMANTIC, embedder } };
      assert.equal(await site.fails({ ...saying('only'), assignment: { ...ASSIGNMENT, cache } }), 'cache_miss');
    }
    assert.deepEqual([looks, site.asked], [1, 0]);
  });
});
