import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import { KEPT_WHOLE, makeRecord } from '../../../../test/support/make-record.ts';
import type { JsonObject } from '../../../core/json.ts';
import { NANO_PER_USD } from '../../../core/money.ts';
import { type Usage, usageOf } from '../../../core/usage.ts';
import type { CallRecord } from '../../../records/journal/record.ts';
import type { NewEvent } from '../../../records/events/event.ts';
import { PromptCacheDoctor } from './doctor.ts';
import { FallWatch } from './fall-watch.ts';
import { lookAtFall } from './health.ts';
import { PromptGroup } from './prompt-group.ts';
import { type ViewDeps, groupDetail } from './view.ts';

const MINUTE_MS = 60_000;
/** About 1,500 tokens. */
const STABLE = 'You answer questions about parcels, politely and in whole sentences. '.repeat(90);
const PRICE = { version: 'v', input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 };

type Told = { readonly [Count in keyof Usage]?: Usage[Count] | undefined };

interface Sent {
  readonly body: JsonObject;
  /** Over what is said in `body`: four bytes are a token. */
  readonly usage?: Told;
  readonly record?: Partial<CallRecord>;
  /** Milliseconds until its first content. */
  readonly takes?: number;
  readonly call?: CallParts;
  /** The whole of which the body is the end. */
  readonly goesOnWith?: JsonObject;
  /** Marks that the gateway placed. */
  readonly marks?: number;
}

function house() {
  const clock = new FakeClock();
  let losses = 0;
  const waiting: (() => void)[] = [];
  const failures: unknown[] = [];
  const view: { -readonly [Dep in keyof ViewDeps]: ViewDeps[Dep] } = {
    clock,
    policyOf: () => KEPT_WHOLE,
    isPlacing: () => undefined,
  };
  const doctor = new PromptCacheDoctor({
    clock,
    priceOf(target) {
      if (target === 'bad/price') throw new RangeError('bad price');
      return target === 'claude/sonnet' ? PRICE : undefined;
    },
    onFailure: (error) => void failures.push(error),
    leastTokens: () => 1024,
    metrics: { observeLoss: (_model, _target, nanoUsd) => void (losses += nanoUsd) },
    defer: (work) => void waiting.push(work),
  });
  const work = (): void => {
    for (let next = waiting.shift(); next; next = waiting.shift()) next();
  };
  const send = ({ body, usage = {}, record = {}, ...rest }: Sent): PromptGroup[] => {
    const call = makeCall({ json: body, dialect: 'anthropic', endpoint: '/v1/messages', ...rest.call });
    if (rest.goesOnWith) call.body.resolve(rest.goesOnWith);
    const target = record.target ?? 'claude/sonnet';
    const attempt = call.attempts.open({
      target,
      priceVersion: 'v',
      reservedNanoUsd: undefined,
      retryOf: undefined,
      simulated: false,
    });
    attempt.sentAt = clock.monotonic();
    attempt.breakpoints = rest.marks ?? 0;
    clock.advance(rest.takes ?? 100);
    attempt.firstContentAt = clock.monotonic();
    const inputTokens = Math.ceil(JSON.stringify(body).length / 4);
    const counted = usageOf({
      inputTokens,
      outputTokens: 10,
      cacheReadInputTokens: 0,
      cacheCreationInputTokens: inputTokens,
      ...usage,
    });
    attempt.close(clock.monotonic(), { outcome: 'completed', usage: counted, usageSource: 'reported' });
    doctor.observe(
      call,
      makeRecord({ requestModel: 'chat', virtualModel: 'chat', target, startedAt: clock.now(), ...record }),
    );
    work();
    return [...doctor.groups];
  };
  const only = (groups: readonly PromptGroup[]) => {
    const [group, ...others] = groups;
    assert.ok(group);
    assert.deepEqual(others, []);
    return groupDetail(group, view);
  };
  return { clock, doctor, waiting, view, failures, send, only, losses: () => losses / NANO_PER_USD };
}

const ask = (system: string, question = 'Where is it?'): JsonObject => ({
  system,
  messages: [{ role: 'user', content: question }],
});
const causesOf = ({ causes }: { readonly causes: readonly { cause: string; requests: number }[] }) =>
  Object.fromEntries(causes.map(({ cause, requests }) => [cause, requests]));

const turns = (name: string, count: number): JsonObject => ({
  system: STABLE,
  messages: Array.from({ length: count }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content: `${name} says ${at}. `.repeat(60),
  })),
});

describe('the prompt-cache doctor', () => {
  test('names a planted timestamp: the segment, the byte, both values, since when, and what it cost', () => {
    const { clock, send, only, losses } = house();
    const since: number[] = [];
    const prompts = [3, 4, 5].map((second) =>
      ask(`${STABLE}It is 2026-11-21T10:00:0${second}. ${STABLE}`, `Question ${second}?`),
    );
    const last = prompts
      .map((body) => {
        clock.advance(1000);
        since.push(clock.now() + 100);
        return send({ body });
      })
      .at(-1);
    const detail = only(last ?? []);
    const [finding, ...others] = detail.findings;
    assert.deepEqual(others, []);
    assert.ok(finding);
    const { segment, part, byte_offset, exact, kind, earlier, later, requests } = finding;
    const offset = Buffer.byteLength(`${STABLE}It is 2026-11-21T10:00:0`);
    assert.deepEqual([segment, part, byte_offset, exact, kind], ['system', 'system', offset, true, 'timestamp']);
    assert.deepEqual([earlier, later, requests], ['2026-11-21T10:00:04', '2026-11-21T10:00:05', 2]);
    assert.equal(finding.since, new Date(since[1] ?? 0).toISOString());
    // Nearly all of two prompts was written at 3.75 dollars in place of being read at 0.3.
    const tokens = JSON.stringify(prompts[0]).length / 4;
    assert.ok(Math.abs(finding.lost_tokens / (2 * tokens) - 1) < 0.05, `${finding.lost_tokens}`);
    assert.ok(Math.abs((finding.lost_usd ?? 0) / ((finding.lost_tokens * (3.75 - 0.3)) / 1e6) - 1) < 1e-6);
    assert.equal(losses(), finding.lost_usd);
    assert.deepEqual([detail.lost_usd_24h, detail.hit_rate_now], [finding.lost_usd, 0]);
    assert.deepEqual(causesOf(detail), { first: 1, changed: 2 });
    assert.deepEqual(detail.top_finding, finding);
  });

  test('finds nothing where the prompts are the same and are read', () => {
    const { send, only } = house();
    send({ body: ask(STABLE) });
    for (const question of ['a', 'b', 'c'])
      send({ body: ask(STABLE, question), usage: { cacheReadInputTokens: 1500, cacheCreationInputTokens: 0 } });
    const detail = only(send({ body: ask(STABLE, 'd'), usage: { cacheReadInputTokens: 1500 } }));
    assert.deepEqual([detail.findings, detail.state, detail.lost_tokens_24h], [[], 'ok', 0]);
    assert.deepEqual(causesOf(detail), { first: 1, hit: 4 });
  });

  test('says why where no text changed: too short, too long ago, too early, without marks, or the provider alone knows', () => {
    const none = { cacheCreationInputTokens: 0 };
    const unseen = { cacheCreationInputTokens: undefined };
    const causeOf = (second: Partial<Sent>, pauseMs = 1000, first: Partial<Sent> = {}) => {
      const { clock, send, only } = house();
      send({ body: ask(STABLE), ...first });
      clock.advance(pauseMs);
      return Object.keys(causesOf(only(send({ body: ask(STABLE, 'And now?'), ...second })))).find(
        (cause) => cause !== 'first',
      );
    };
    assert.equal(causeOf({ body: ask('Hi') }), 'short');
    assert.equal(causeOf({}, 6 * MINUTE_MS), 'expired');
    assert.equal(causeOf({ usage: { cacheCreation1hInputTokens: 1500 } }, 6 * MINUTE_MS), 'missed');
    const promptCache = { breakpoints: true, ttl: '1h', sticky: true } as const;
    const assignment = {
      virtualModel: 'chat',
      targets: [],
      passThroughCredentials: false,
      timeouts: undefined,
      promptCache,
    };
    assert.equal(causeOf({ call: { assignment }, marks: 1 }, 6 * MINUTE_MS), 'missed', 'an hour was asked for');
    assert.equal(causeOf({ call: { assignment }, usage: unseen }, 6 * MINUTE_MS), 'expired', 'nobody was asked');
    assert.equal(causeOf({ usage: none }), 'unmarked');
    assert.equal(causeOf({}), 'missed');
    assert.equal(causeOf({ body: ask('Another assistant. '.repeat(300)) }), undefined);
    assert.equal(causeOf({ usage: unseen }), 'missed');
    assert.equal(causeOf({ usage: { cacheReadInputTokens: 1408, ...unseen } }), 'hit');
  });

  test('a prompt that was sent before the first was answered could not be read', () => {
    const { clock, doctor, waiting, only } = house();
    const calls = [1, 2].map((at) => makeCall({ json: ask(STABLE, `${at}`), dialect: 'anthropic' }));
    const attempts = calls.map(({ attempts: ledger }) => {
      const one = ledger.open({
        target: 'claude/sonnet',
        priceVersion: 'v',
        reservedNanoUsd: undefined,
        retryOf: undefined,
        simulated: false,
      });
      one.sentAt = clock.monotonic();
      return one;
    });
    clock.advance(500);
    for (const [at, call] of calls.entries()) {
      const usage = { inputTokens: 1600, cacheReadInputTokens: 0, cacheCreationInputTokens: 1600 };
      attempts[at]?.close(clock.monotonic(), { outcome: 'completed', usage, usageSource: 'reported' });
      doctor.observe(call, makeRecord({ startedAt: clock.now() }));
    }
    while (waiting.length > 0) waiting.shift()?.();
    assert.deepEqual(causesOf(only([...doctor.groups])), { first: 1, concurrent: 1 });
  });

  test('different questions, and conversations that go on, are no change', () => {
    const { send, only } = house();
    for (let count = 1; count <= 7; count += 2)
      for (const name of ['Ada', 'Ben', 'Eve'])
        send({ body: turns(name, count), usage: { cacheReadInputTokens: 1500 } });
    const detail = only(send({ body: turns('Ada', 9), usage: { cacheReadInputTokens: 1500 } }));
    assert.deepEqual(detail.findings, []);
    assert.ok(!('changed' in causesOf(detail)));
  });

  test('tools in another order are one finding, and so is an earlier message that is written anew', () => {
    const { send, only } = house();
    const tools = ['find', 'list', 'send', 'drop'].map((name) => ({
      name,
      description: `${name} ${STABLE.slice(0, 2000)}`,
      input_schema: {},
    }));
    const [a, b, c, d] = tools;
    assert.ok(a && b && c && d);
    for (const order of [tools, [b, a, c, d], [b, c, a, d], [d, b, c, a]])
      send({ body: { ...ask(STABLE), tools: order } });
    const history = (at: number) => [
      { role: 'user', content: `Seen ${at} times` },
      { role: 'assistant', content: STABLE },
      { role: 'user', content: 'More' },
    ];
    const record = { requestModel: 'other' };
    for (let at = 1; at <= 3; at += 1) send({ body: { system: STABLE, messages: history(at) }, record });
    const groups = send({ body: { system: STABLE, messages: history(4) }, record });
    const [ofTools, ofHistory] = groups.map((group) => only([group]));
    assert.deepEqual([...new Set(ofTools?.findings.map(({ kind, part }) => `${kind} ${part}`))], ['order tools']);
    assert.deepEqual(
      ofHistory?.findings.map(({ segment, kind, requests }) => [segment, kind, requests]),
      [['messages[0]', 'number', 3]],
    );
  });

  test('an unknown price is unknown, and promise 12: of a project without texts the place alone is told', () => {
    const { send, only } = house();
    const record = { target: 'own/model', policy: { ...KEPT_WHOLE, bodies: 'none' } } as const;
    send({ body: ask(`It is 10:01. ${STABLE}`), record });
    const detail = only(send({ body: ask(`It is 10:02. ${STABLE}`), record }));
    const [finding] = detail.findings;
    assert.deepEqual([finding?.lost_usd, detail.lost_usd_24h], [null, null]);
    assert.deepEqual(
      [finding?.byte_offset, finding?.kind, finding?.lead, finding?.earlier, finding?.later],
      [10, 'timestamp', null, null, null],
    );
  });

  test('promise 12: texts are shown no more once the policy of the project keeps them no more', () => {
    const { view, send, only } = house();
    send({ body: ask(`It is 10:01. ${STABLE}`) });
    const groups = send({ body: ask(`It is 10:02. ${STABLE}`) });
    assert.equal(only(groups).findings[0]?.later, '10:02');
    for (const policy of [{ bodies: 'none' }, { bodies: 'hashed' }, { bodies: 'redacted' }, { sample: 0 }] as const) {
      view.policyOf = () => ({ ...KEPT_WHOLE, ...policy });
      const [finding] = only(groups).findings;
      assert.deepEqual([finding?.kind, finding?.earlier, finding?.lead], ['timestamp', null, null]);
    }
  });

  test('promise 11: a prompt that cannot be looked at is skipped and told once, and the next one is looked at', () => {
    const { failures, send } = house();
    const record = { target: 'bad/price', requestModel: 'bad' };
    for (let at = 0; at < 3; at += 1) send({ body: ask(STABLE), record });
    const groups = send({ body: ask(STABLE) });
    assert.deepEqual(
      groups.map(({ skipped, causes }) => [skipped, [...causes.keys()]]),
      [
        [3, []],
        [0, ['first']],
      ],
    );
    assert.deepEqual(failures.map(String), ['RangeError: bad price']);
  });

  test('promise 11: no prompt is nested so deeply that it does harm', () => {
    const { failures, send, only } = house();
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const ofTurn = (at: number) => {
      const body = ask(`{"at":${at},"x":${deep}}`);
      const raw = Buffer.from(JSON.stringify({ tools: ['deep'], ...body }).replace('"deep"', `{"deep":${deep}}`));
      return send({ body, call: { raw }, usage: { inputTokens: 5000, cacheCreationInputTokens: 5000 } });
    };
    ofTurn(1);
    const detail = only(ofTurn(2));
    assert.deepEqual(failures, []);
    assert.deepEqual([detail.skipped, detail.top_finding?.segment], [0, 'system']);
  });

  test('promise 11: what a short request goes on with is paid for as well', () => {
    const { send, only } = house();
    const long = ask('x'.repeat(5_000_000));
    const sent = () => send({ body: ask('Go on'), goesOnWith: long, usage: { inputTokens: 2000 }, takes: 500 });
    // One reads five megabytes, for which two seconds and a half are spared.
    for (let at = 0; at < 4; at += 1) sent();
    assert.deepEqual([only(sent()).skipped], [3]);
  });

  test('promise 11: what it keeps and does is bounded, whatever comes', () => {
    const { doctor, waiting, send } = house();
    for (let at = 0; at < 600; at += 1)
      send({ body: ask('Hi'), usage: { inputTokens: 2000 }, record: { requestModel: `m${at}` }, takes: 0 });
    assert.equal([...doctor.groups].length, 500);
    const large = house();
    const filler = 'x'.repeat(70_000);
    for (let at = 0; at < 700; at += 1)
      large.send({ body: ask(`${at} ${filler}`), record: { requestModel: `m${at % 100}` }, takes: 200 });
    const kept = [...large.doctor.groups].reduce((bytes, { size }) => bytes + size, 0);
    assert.ok(kept > 16 * 2 ** 20 && kept <= 32 * 2 ** 20, `${kept}`);
    const busy = house();
    for (let at = 0; at < 40; at += 1) busy.send({ body: ask(`${at} ${filler}`), takes: 0 });
    const [group] = busy.doctor.groups;
    assert.equal(group?.requests, 40);
    assert.equal(group?.skipped, 12);
    assert.equal(waiting.length, 0);
  });
});

describe('when the hit rate falls', () => {
  test('it is told once, with the place, and told to be over when it is good again', () => {
    const { clock, doctor, view, send } = house();
    const raised: NewEvent[] = [];
    const resolved: string[] = [];
    const events = {
      raise: (event: NewEvent) => void raised.push(event),
      resolve: (dedupe: string) => void resolved.push(dedupe),
    };
    const watch = new FallWatch({ doctor, clock, scheduler: clock, events });
    const good = { cacheReadInputTokens: 1500, cacheCreationInputTokens: 0 };
    const minutes = (count: number, system: (at: number) => string, usage: Told): void => {
      for (let at = 0; at < count * 2; at += 1) {
        send({ body: ask(system(at), `${at}`), usage });
        clock.advance(MINUTE_MS / 2);
      }
    };
    minutes(60, () => STABLE, good);
    assert.equal(raised.length, 0);
    minutes(20, (at) => `It is 10:${10 + at}. ${STABLE}`, {});
    const [event, ...others] = raised;
    assert.deepEqual(others, []);
    assert.deepEqual([event?.kind, event?.subject], ['prompt_cache_fell', 'model:chat']);
    const { evidence = {} } = event ?? {};
    assert.deepEqual([evidence['segment'], evidence['byte_offset'], evidence['change']], ['system', 10, 'timestamp']);
    assert.ok(
      !JSON.stringify(event).includes('parcels') && !JSON.stringify(event).includes('10:1'),
      'promise 12: no texts',
    );
    const [group] = doctor.groups;
    assert.ok(group);
    assert.equal(groupDetail(group, view).state, 'falling');
    const told = resolved.length;
    minutes(20, () => STABLE, good);
    assert.deepEqual(resolved.slice(told), [event?.dedupe]);
    assert.equal(groupDetail(group, view).state, 'ok');
    watch.close();
    assert.equal(clock.waiting, 0);
  });

  test('it is over once the day before was like that as well, or nearly nothing was asked for a day', () => {
    const HOUR_MS = 60 * MINUTE_MS;
    const name = { project: 'p', model: 'm', counted: 'm', target: 't/m', endpoint: '/v1' };
    for (const rest of [[300, 1000], undefined] as const) {
      const group = new PromptGroup(name, { now: 0, monotonic: 0 });
      const seen: string[] = [];
      for (let minute = 0; minute < 60 * 60; minute += 1) {
        const amounts = minute < 180 ? ([900, 1000] as const) : minute < 240 ? ([300, 1000] as const) : rest;
        if (amounts) group.tokens.add([amounts[0] * 10, amounts[1] * 10], minute * MINUTE_MS);
        const found = lookAtFall(group, minute * MINUTE_MS);
        if (found !== undefined && found !== seen.at(-1)?.split(' ')[0])
          seen.push(`${found} ${Math.floor((minute * MINUTE_MS) / HOUR_MS)}`);
      }
      assert.equal(group.fellFrom, undefined);
      const [good, fell, over, ...others] = seen;
      assert.deepEqual([good, fell, others], ['good 0', 'fell 3', []]);
      const [word, hour] = over?.split(' ') ?? [];
      const hours = Number(hour) - 3;
      assert.ok(word === 'good' && hours >= 12 && hours <= 26, String(over));
    }
  });
});
