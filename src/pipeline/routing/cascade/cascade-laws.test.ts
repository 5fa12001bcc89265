import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { FakeReader } from '../../../../test/support/attempt-bench.ts';
import { CacheSite, POLICY } from '../../../../test/support/cache-site.ts';
import { cascadePlan, cascadePolicy } from '../../../../test/support/cascade-bench.ts';
import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { RouteBench } from '../../../../test/support/route-bench.ts';
import { eventReply, streamReply, textEvents, textReply } from '../../../../test/support/text-reply.ts';
import type { Call } from '../../../core/call.ts';
import { GatewayError, toGatewayError } from '../../../core/errors.ts';
import type { StreamEvent, Terminal } from '../../../core/events.ts';
import type { Reply } from '../../../core/reply.ts';
import type { CascadePolicy } from '../../../core/routing.ts';
import { type Handler, type Stage, compose } from '../../../core/stage.ts';
import { cascadeStage } from './stage.ts';

/** What a target does. */
type Doing = 'text' | 'empty' | 'call' | 'fails' | 'breaks' | 'unreadable';
/** `pieces`: a stream that is translated. */
type Form = 'translated' | 'stream' | 'pieces' | 'whole';
type Checks = 'sure' | 'unsure' | 'garbage' | 'throws' | 'fails' | 'silent';

interface Script {
  readonly check: CascadePolicy['check'];
  readonly checks: Checks;
  readonly form: Form;
  readonly small: Doing;
  readonly large: Doing;
}

const doing = fc.constantFrom<Doing[]>('text', 'empty', 'call', 'fails', 'breaks', 'unreadable');
const scripts: fc.Arbitrary<Script> = fc.record({
  check: fc.constantFrom<CascadePolicy['check'][]>('logprobs', 'self-check', 'validator', 'judge'),
  checks: fc.constantFrom<Checks[]>('sure', 'unsure', 'garbage', 'throws', 'fails', 'silent'),
  form: fc.constantFrom<Form[]>('translated', 'stream', 'pieces', 'whole'),
  small: doing,
  large: doing,
});

const WORDS: Readonly<Record<string, string>> = { a: 'small words', b: 'large words' };

function isStreamed(form: Form): boolean {
  return form === 'stream' || form === 'pieces';
}

const BROKEN: Terminal = {
  kind: 'failed',
  error: new GatewayError('stream_interrupted'),
  usage: undefined,
};

function eventsOf(name: string, what: Doing): readonly StreamEvent[] {
  const words = WORDS[name] ?? '';
  if (what === 'empty') return textEvents('');
  if (what !== 'call') return textEvents(words);
  return [
    { type: 'tool-call-start', choice: 0, index: 0, id: 't', name: words },
    { type: 'tool-call-delta', choice: 0, index: 0, argumentsText: '{}' },
    { type: 'finish', choice: 0, reason: 'tool-calls' },
    { type: 'end' },
  ];
}

function replyOf(name: string, what: Doing, form: Form): Reply {
  const events = eventsOf(name, what);
  if (form === 'translated') return eventReply(events);
  if (form === 'whole') {
    const body =
      what === 'unreadable' ? '[]' : JSON.stringify({ choices: [{ index: 0, message: { content: WORDS[name] } }] });
    return { ...eventReply([]), kind: 'whole', body: Buffer.from(body) };
  }
  return streamReply(events, form === 'pieces', what === 'breaks' ? BROKEN : undefined);
}

/** One target behind the stage, with an attempt for each request. */
function providers({ small, large, form }: Script): Handler {
  return async (call) => {
    for (const target of call.assignment?.targets ?? []) {
      const name = target.provider;
      const what = name === 'a' ? small : large;
      const attempt = call.attempts.open({
        target: `${name}/m`,
        priceVersion: undefined,
        reservedNanoUsd: undefined,
        retryOf: undefined,
        simulated: false,
      });
      attempt.sentAt = 0;
      attempt.close(1, { outcome: what === 'fails' ? 'failed' : 'completed', usage: { outputTokens: 1 } });
      if (what === 'fails') continue;
      call.attempts.answers(attempt);
      call.answeredBy = target;
      return replyOf(name, what === 'breaks' && !isStreamed(form) ? 'text' : what, form);
    }
    throw new GatewayError('provider_error');
  };
}

function asker(checks: Checks): Handler {
  const says = { sure: '95', unsure: '5', garbage: 'between 10 and 20', silent: '' } as const;
  return () => {
    if (checks === 'throws') throw new Error('a fault of ours');
    if (checks === 'fails') return Promise.reject(new GatewayError('provider_overloaded'));
    return Promise.resolve(textReply(says[checks]));
  };
}

function callOf({ check, form }: Pick<Script, 'check' | 'form'>): Call {
  const call = makeCall({
    json: { model: 'x', stream: isStreamed(form), messages: [{ role: 'user', content: 'Hi' }] },
  });
  const judge = { provider: 'a', model: 'judge' };
  call.assignment = {
    virtualModel: 'chat',
    targets: [{ provider: 'a', model: 'm' }],
    passThroughCredentials: false,
    timeouts: undefined,
    route: cascadePlan(cascadePolicy({ check, judge })),
  };
  return call;
}

interface Outcome {
  readonly call: Call;
  readonly said: string;
  readonly terminals: readonly Terminal[];
  readonly error?: GatewayError;
}

async function played(script: Script): Promise<Outcome> {
  const call = callOf(script);
  try {
    const reply = await compose(stagesOf(script))(call);
    return { call, ...readOf(reply) };
  } catch (thrown) {
    return { call, said: '', terminals: [], error: toGatewayError(thrown) };
  }
}

const CATALOG = new RouteBench().deps.catalog();

function stagesOf(script: Script, around: readonly Stage[] = []): Stage[] {
  const clock = new FakeClock();
  const cascade = cascadeStage({ clock, scheduler: clock, catalog: () => CATALOG, ask: asker(script.checks) });
  return [...around, cascade, { name: 'providers', run: providers(script) }];
}

function readOf(reply: Reply): Pick<Outcome, 'said' | 'terminals'> {
  if (reply.kind === 'stream') {
    const reader = new FakeReader(reply.stream).read();
    return { said: JSON.stringify(reader.items), terminals: reader.terminals };
  }
  const said = reply.kind === 'whole' ? Buffer.from(reply.body).toString() : JSON.stringify(reply);
  return { said, terminals: [reply.terminal] };
}

describe('laws of a cascade', () => {
  it('an answer arrives whenever one was given, with exactly one end, and nothing of another', () =>
    fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const { call, said, terminals, error } = await played(script);
        const all = call.attempts.all.map(({ opening }) => opening.target);
        const last = call.attempts.shown?.opening.target;
        const isBroken = isStreamed(script.form) && script.small === 'breaks';
        if (script.large === 'fails' && (isBroken || script.small === 'fails')) {
          return assert.equal(error?.code, 'provider_error');
        }
        assert.equal(error, undefined);
        assert.equal(terminals.length, 1);
        const other = last === 'a/m' ? WORDS['b'] : WORDS['a'];
        assert.ok(!said.includes(other ?? ''), `${said} has words of another`);
        assert.equal(call.answeredBy?.provider, last?.slice(0, 1));
        assert.ok(all.length <= 2);
        assert.equal(all[0], 'a/m');
        // It goes on, where it does, to the one whose answer is shown, unless that failed.
        const outcome = call.routing?.cascade;
        assert.equal(outcome?.escalatedTo !== undefined, outcome !== undefined && last === 'b/m');
        if (outcome && last === 'a/m' && all.length === 1) {
          assert.ok((outcome.confidence ?? -1) >= 0.8);
        }
        return assert.ok(call.attempts.all.every(({ closing }) => closing));
      }),
      { numRuns: 300 },
    ));

  it('the cache keeps the answer that is given', async () => {
    for (const form of ['translated', 'pieces'] as const) {
      const site = new CacheSite();
      const script: Script = { check: 'self-check', checks: 'unsure', form, small: 'text', large: 'text' };
      const send = compose(stagesOf(script, [site.stage]));
      readOf(await send(cachedCall(script)));
      const again = cachedCall(script);
      const { said } = readOf(await send(again));
      assert.equal(again.cache?.state, 'exact');
      assert.equal(again.cache.target, 'b/m');
      assert.ok(said.includes('large words') && !said.includes('small words'));
    }
  });
});

function cachedCall(script: Script): Call {
  const call = callOf(script);
  call.principal = { keyId: 'k', project: 'p', user: undefined, models: undefined };
  if (call.assignment) call.assignment = { ...call.assignment, version: 'v1', cache: POLICY };
  return call;
}
