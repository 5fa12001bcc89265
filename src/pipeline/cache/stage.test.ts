import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../test/support/fake-provider.ts';
import { type CallParts, makeCall } from '../../../test/support/make-call.ts';
import { PlainAnswers } from '../../../test/support/plain-answers.ts';
import type { CachePolicy } from '../../core/caching.ts';
import type { Assignment, Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { FinishReason, StreamEvent, Terminal } from '../../core/events.ts';
import { type Reply, ReplyStream } from '../../core/reply.ts';
import type { Handler } from '../../core/stage.ts';
import { ModelCatalog } from '../../models/catalog.ts';
import { PriceBook } from '../../models/pricing/price-book.ts';
import type { StoredAnswer } from './answer/stored-answer.ts';
import type { CacheDeps, SemanticCache } from './deps.ts';
import { cacheStage } from './stage.ts';

const EXACT = { ttl: 3_600_000, maxAnswer: 1_000_000, maxTemperature: undefined, tools: true };
const SEMANTIC = {
  ttl: 60_000,
  maxErrorRate: 0.02,
  confidence: 0.95,
  maxEntries: 100,
  embedder: 'built-in',
  judge: undefined,
} as const;
const POLICY: CachePolicy = {
  scope: 'project',
  exact: EXACT,
  coalesce: false,
  semantic: undefined,
  tokensPerSecond: undefined,
};
const TARGET = { provider: 'openai', model: 'gpt-5-mini' };
const ASSIGNMENT: Assignment = {
  virtualModel: 'chat',
  targets: [TARGET],
  passThroughCredentials: false,
  timeouts: undefined,
  version: 'v1',
  cache: POLICY,
};
const USAGE = { inputTokens: 10, outputTokens: 5 };

const CATALOG = new ModelCatalog({
  providers: [fakeProvider('openai').provider],
  virtualModels: [],
  prices: new PriceBook({}),
  passThroughProviders: new Set(),
});

const NEVER_NEAR: SemanticCache = { look: () => Promise.resolve({ kind: 'ask' }), purge: () => 0 };

interface Said {
  readonly text: string;
  readonly reason?: FinishReason;
  readonly more?: readonly StreamEvent[];
}

function eventsOf({ text, reason = 'stop', more = [] }: Said): StreamEvent[] {
  return [
    { type: 'message-start', id: 'id', model: 'gpt-5-mini-2026' },
    { type: 'text-delta', choice: 0, index: 0, text },
    ...more,
    { type: 'finish', choice: 0, reason },
    { type: 'usage', usage: USAGE },
    { type: 'end' },
  ];
}

/** The stage over a store, and a target of another dialect behind it. */
class Site {
  readonly clock = new FakeClock();
  readonly store = new PlainAnswers(() => this.clock.now());
  readonly deps: CacheDeps;
  asked = 0;
  /** What the target says; the number of the request where nothing is set. */
  says: ((call: Call) => Said | GatewayError) | undefined;

  constructor(semantic: SemanticCache = NEVER_NEAR) {
    this.deps = {
      catalog: () => CATALOG,
      clock: this.clock,
      scheduler: this.clock,
      store: this.store,
      flights: { run: (_name, call, ask) => ask(call) },
      semantic,
    };
  }

  readonly #target: Handler = (call) => {
    this.asked += 1;
    const said = this.says?.(call) ?? { text: `answer ${this.asked}` };
    if (said instanceof GatewayError) return Promise.reject(said);
    const attempt = call.attempts.open({
      target: 'openai/gpt-5-mini',
      priceVersion: 'v1',
      reservedNanoUsd: undefined,
      retryOf: undefined,
      simulated: false,
    });
    attempt.sentAt = 0;
    attempt.responseModel = 'gpt-5-mini-2026';
    attempt.close(1, { outcome: 'completed', usage: USAGE, usageSource: 'reported', costNanoUsd: 700 });
    call.warnings.push('answer: seed was left out');
    const terminal: Terminal = { kind: 'completed', finishReason: said.reason ?? 'stop', usage: USAGE };
    const events = eventsOf(said);
    if (!call.facts.stream) return Promise.resolve({ kind: 'translated', status: 200, headers: {}, events, terminal });
    const stream = new ReplyStream({ pause() {}, resume() {}, cancel() {} });
    for (const event of events) stream.push({ events: [event] });
    stream.end(terminal);
    return Promise.resolve({ kind: 'stream', status: 200, headers: {}, translated: true, stream });
  };

  async ask(parts: CallParts = {}): Promise<Answered> {
    const call = makeCall({
      principal: { keyId: 'key_1', project: 'support', user: undefined, models: undefined },
      assignment: ASSIGNMENT,
      ...parts,
    });
    const reply = await cacheStage(this.deps).run(call, this.#target);
    return { call, reply, text: textOf(reply) };
  }

  /** The code of the error. */
  async fails(parts: CallParts): Promise<string> {
    return this.ask(parts).then(
      () => 'answered',
      (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
    );
  }
}

interface Answered {
  readonly call: Call;
  readonly reply: Reply;
  readonly text: string;
}

function textOf(reply: Reply): string {
  let said = '';
  const read = (events: readonly StreamEvent[]): void => {
    for (const event of events) if (event.type === 'text-delta') said += event.text;
  };
  if (reply.kind === 'translated') read(reply.events);
  if (reply.kind === 'stream') {
    reply.stream.read({
      item: ({ events }) => {
        read(events);
        return true;
      },
      terminal: () => undefined,
    });
  }
  return said;
}

const STREAMED = { json: { model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true } };
const WHOLE = { json: { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } };

describe('an exact hit', () => {
  it('is the answer from before, and says so', async () => {
    const site = new Site();
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

  it('is given whole where it was streamed, and streamed where it was whole', async () => {
    for (const [before, after] of [
      [STREAMED, WHOLE],
      [WHOLE, STREAMED],
    ]) {
      const site = new Site();
      await site.ask(before);
      const { reply, text } = await site.ask(after);
      assert.equal(text, 'answer 1');
      assert.equal(reply.kind, after === STREAMED ? 'stream' : 'translated');
    }
  });

  it('ends with its time, and comes from a store that is far away as well', async () => {
    const site = new Site();
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
    const site = new Site();
    for (const assignment of [{ ...ASSIGNMENT, cache: undefined }, undefined]) {
      const { call } = await site.ask({ assignment });
      assert.equal(call.cache, undefined);
    }
    assert.equal(site.store.answers.size, 0);
    assert.equal((await site.ask({ operation: 'speech' })).call.cache, undefined);
  });

  it('does not survive a client that has left while the store was asked', async () => {
    const site = new Site();
    site.store.isFar = true;
    await site.ask();
    const call = makeCall();
    call.cancellation.cancel('client');
    assert.equal(await site.fails({ cancellation: call.cancellation }), 'client_aborted');
  });
});

describe('what the client says', () => {
  const saying = (mode: string): CallParts => ({ headers: { 'x-causeway-cache': mode } });

  it('bypass: neither looked up nor kept', async () => {
    const site = new Site();
    const { call } = await site.ask(saying('bypass'));
    assert.deepEqual(call.cache, { state: 'bypass' });
    assert.equal(site.store.answers.size, 0);
    await site.ask();
    assert.equal((await site.ask(saying('bypass'))).text, 'answer 3');
    assert.equal((await site.ask()).text, 'answer 2');
  });

  it('refresh: asked for anew, and kept in place of the one before', async () => {
    const site = new Site();
    await site.ask();
    const { call, text } = await site.ask(saying('refresh'));
    assert.deepEqual([call.cache?.state, text], ['miss', 'answer 2']);
    assert.equal((await site.ask()).text, 'answer 2');
  });

  it('only: what is kept, or an error, and nobody is asked', async () => {
    const site = new Site();
    assert.equal(await site.fails(saying('only')), 'cache_miss');
    assert.equal(
      await site.fails({ ...saying('only'), assignment: { ...ASSIGNMENT, cache: undefined } }),
      'cache_miss',
    );
    assert.equal(await site.fails({ ...saying('only'), operation: 'speech' }), 'cache_miss');
    const changing = { ...saying('only'), json: { messages: [], tools: [{ type: 'web_search' }] } };
    assert.equal(await site.fails(changing), 'cache_miss');
    assert.equal(site.asked, 0);
    await site.ask();
    assert.equal((await site.ask(saying('only'))).text, 'answer 1');
  });

  it('nonsense is refused, and so are tags without end', async () => {
    const site = new Site();
    assert.equal(await site.fails(saying('no-store')), 'request_invalid');
    const tags = Array.from({ length: 17 }, (_, at) => `t${at}`).join(',');
    const tagged = await site.ask({ headers: { 'x-causeway-cache-tags': ' a, b ,a' } });
    assert.ok(tagged.reply);
    assert.deepEqual([...site.store.answers.values()][0]?.labels.tags, ['a', 'b']);
    // Where it is read first it is refused before anybody is asked; here it is not kept.
    await site.ask({ headers: { 'x-causeway-cache': 'refresh', 'x-causeway-cache-tags': tags } });
    assert.equal((await site.ask()).text, 'answer 1');
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
        const site = new Site();
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
    const site = new Site();
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
    const site = new Site({
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
});

describe('promise 8', () => {
  const asking = fc.record({
    tenant: fc.constantFrom('a', 'b'),
    prompt: fc.constantFrom('one', 'two'),
    stream: fc.boolean(),
    mode: fc.constantFrom(undefined, undefined, undefined, 'bypass', 'refresh', 'only'),
    user: fc.constantFrom('ann', 'bob'),
  });
  const step = fc.oneof({ weight: 6, arbitrary: asking }, fc.record({ advanceMs: fc.constantFrom(1000, EXACT.ttl) }));
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** What one of them is served when these steps are taken. The target's answers tell who asked, and how often. */
  async function served(
    steps: readonly Step[],
    parts: (tenant: string) => CallParts,
    whose: string,
  ): Promise<string[]> {
    const site = new Site();
    const counts = new Map<string, number>();
    let asks = '';
    site.says = () => {
      counts.set(asks, (counts.get(asks) ?? 0) + 1);
      return { text: `${asks} ${counts.get(asks)}` };
    };
    const seen: string[] = [];
    for (const one of steps) {
      if ('advanceMs' in one) {
        site.clock.advance(one.advanceMs);
        continue;
      }
      asks = one.tenant;
      const json = {
        model: 'm',
        messages: [{ role: 'user', content: one.prompt }],
        stream: one.stream,
        user: one.user,
      };
      const headers = one.mode ? { 'x-causeway-cache': one.mode } : {};
      const answer = await site.ask({ ...parts(one.tenant), json, headers }).then(
        ({ text, call, reply }) => `${text} ${call.cache?.state} ${call.cache?.ageMs} ${reply.kind}`,
        (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
      );
      if (one.tenant === whose) seen.push(answer);
    }
    return seen;
  }

  const SETS: Readonly<Record<string, (tenant: string) => CallParts>> = {
    'no requests of one project change what another is served': (tenant) => ({
      principal: { keyId: 'key_1', project: tenant, user: undefined, models: undefined },
    }),
    'no requests in one arm of an experiment change what is served in another': (tenant) => ({
      assignment: { ...ASSIGNMENT, arm: tenant },
    }),
    'nor do those of another key, where keys share nothing': (tenant) => ({
      principal: { keyId: tenant, project: 'support', user: undefined, models: undefined },
      assignment: { ...ASSIGNMENT, cache: { ...POLICY, scope: 'key' } },
    }),
  };

  for (const [law, parts] of Object.entries(SETS)) {
    it(`promise 8: ${law}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const without = steps.filter((one) => !('tenant' in one) || one.tenant === 'b');
          assert.deepEqual(await served(steps, parts, 'b'), await served(without, parts, 'b'));
        }),
        { numRuns: 100 },
      );
    });
  }
});
