import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

import type { TargetView } from '../../src/pipeline/resilience/target-view.ts';
import type { TraceView } from '../../src/records/traces/view-schema.ts';
import { type Gateway, latestTraces, startGateway, untilInFlight } from '../support/gateway.ts';
import { claudeSays } from '../support/provider-answers.ts';
import { thrownBy } from '../support/thrown-by.ts';
import { JSON_HEADERS, type ReceivedRequest, type Upstream, startUpstream } from '../support/upstream.ts';
import { OPENAI_ANSWER } from '../support/wire-texts.ts';

const KEYS = ['sk-first-key-of-the-test-aaaa', 'sk-second-key-of-the-test-bbbb'];
const ANSWER = JSON.stringify(OPENAI_ANSWER);
const HERE = claudeSays({
  parts: [{ text: 'Here I am.' }],
  stop: 'end_turn',
  usage: { input_tokens: 9, output_tokens: 4 },
});

let gpt: Upstream;
let claude: Upstream;
let gateway: Gateway;

before(async () => {
  [gpt, claude] = await Promise.all([startUpstream(), startUpstream()]);
  gateway = await startGateway({ config: configOf(gpt.url, claude.url) });
});
after(async () => {
  await gateway.close();
  await Promise.all([gpt.close(), claude.close()]);
});

function configOf(gptUrl: string, claudeUrl: string): string {
  return `
defaults: { retries: { max: 0 } }
providers:
  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${gptUrl}/v1" }
  keyed: { type: openai, apiKeys: [${KEYS.join(', ')}], baseUrl: "${gptUrl}/v1" }
  claude: { type: anthropic, apiKey: upstream-key, baseUrl: "${claudeUrl}" }
models:
  narrow: { target: gpt/narrow, queue: { concurrency: 1 } }
  left: { target: gpt/left, queue: { concurrency: 1 } }
  short: { target: gpt/short, queue: { concurrency: 1, size: 1 } }
  timed: { target: gpt/timed, queue: { concurrency: 1 } }
  hedged: { target: gpt/hedged, fallback: [claude/hedge], hedge: { after: 50ms } }
  patient: { target: gpt/patient, retries: { max: 3, baseDelay: 60s } }
  keyed: { target: keyed/m, fallback: [claude/stand-in] }
`;
}

interface Asking {
  readonly headers?: Record<string, string>;
  readonly content?: string;
  readonly signal?: AbortSignal;
}

function ask(model: string, { headers = {}, content = 'Hello', signal }: Asking = {}) {
  const client = new OpenAI({ apiKey: gateway.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content }];
  return client.chat.completions.create({ model, messages }, { headers, ...(signal && { signal }) });
}

function askAt(model: string, priority: number) {
  return ask(model, { content: `priority ${priority}`, headers: { 'x-causeway-priority': String(priority) } });
}

/** From now on each request waits for the test, which finishes it. */
function hold(): void {
  gpt.answer({ headers: JSON_HEADERS, ending: 'stall' });
}

function finish(request: ReceivedRequest): void {
  request.release([ANSWER]);
}

function contentOf({ body }: ReceivedRequest): string {
  const { messages } = JSON.parse(body) as { messages: { content: string }[] };
  return messages[0]?.content ?? '';
}

async function shown(target: string): Promise<TargetView | undefined> {
  const { json } = await gateway.admin(`/targets?target=${target}`);
  return (json['data'] as unknown as TargetView[])[0];
}

async function untilWaiting(target: string, count: number): Promise<TargetView['queue']> {
  for (;;) {
    const { queue } = (await shown(target)) ?? {};
    if (queue?.waiting === count) return queue;
  }
}

/** The record of a request whose answer never came. */
async function latestOf(model: string): Promise<TraceView> {
  for (;;) {
    const [trace] = await latestTraces(gateway, `?model=${model}&limit=1`);
    if (trace) return trace;
  }
}

describe('a target with one place', () => {
  it('gives it to the highest priority first', async () => {
    hold();
    const [running, came] = [ask('narrow'), gpt.next()];
    const first = await came;
    const waiting: Promise<unknown>[] = [];
    for (const priority of [0, 5, 9]) {
      waiting.push(askAt('narrow', priority));
      await untilWaiting('gpt/narrow', waiting.length);
    }
    assert.deepEqual((await shown('gpt/narrow'))?.queue.waiting_by_priority, { 0: 1, 5: 1, 9: 1 });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(metrics, /^llm_target_waiting\{target="gpt\/narrow"\} 3$/m);
    const order: string[] = [];
    const coming = waiting.map(() => gpt.next());
    finish(first);
    for (const next of coming) {
      const request = await next;
      order.push(contentOf(request));
      finish(request);
    }
    await Promise.all([running, ...waiting]);
    assert.deepEqual(order, ['priority 9', 'priority 5', 'priority 0']);
  });

  it('refuses at once who could not be served in time, and says when', async () => {
    hold();
    const [running, came] = [ask('timed'), gpt.next()];
    const first = await came;
    // As long as nobody has finished, a place is thought to be held for as long as it has been.
    while (((await untilWaiting('gpt/timed', 0)).estimate_ms ?? 0) < 1000);
    const sent = gpt.received.length;
    const started = performance.now();
    const error = await thrownBy(
      ask('timed', { headers: { 'x-causeway-timeout-ms': '900' } }),
      OpenAI.InternalServerError,
    );
    assert.ok(performance.now() - started < 900, 'it did not wait');
    assert.deepEqual([error.status, error.code], [503, 'queue_full']);
    assert.equal(error.headers?.get('x-should-retry'), 'true');
    assert.ok(Number(error.headers?.get('retry-after')) >= 1);
    finish(first);
    await running;
    assert.equal(gpt.received.length, sent);
    const trace = await gateway.trace(error.headers?.get('x-causeway-request-id'));
    assert.deepEqual([trace.status, trace.attempts, trace.error?.origin], ['failed', [], 'gateway']);
  });

  it('lets a newcomer of higher priority displace one that waits where no more may', async () => {
    hold();
    const [running, came] = [ask('short'), gpt.next()];
    const first = await came;
    const displaced = thrownBy(askAt('short', 2), OpenAI.InternalServerError);
    await untilWaiting('gpt/short', 1);
    const refused = await thrownBy(askAt('short', 2), OpenAI.InternalServerError);
    const urgent = askAt('short', 8);
    assert.deepEqual([refused.code, (await displaced).code], ['queue_full', 'queue_full']);
    const next = gpt.next();
    finish(first);
    const request = await next;
    assert.equal(contentOf(request), 'priority 8');
    finish(request);
    await Promise.all([running, urgent]);
  });

  it('promise 11: is not asked for a client that left while it waited', async () => {
    hold();
    const [running, came] = [ask('left'), gpt.next()];
    const first = await came;
    const leaving = new AbortController();
    const gone = thrownBy(ask('left', { signal: leaving.signal }), OpenAI.APIUserAbortError);
    await untilWaiting('gpt/left', 1);
    const sent = gpt.received.length;
    leaving.abort();
    await gone;
    await untilInFlight(gateway, 1);
    const trace = await latestOf('left');
    assert.deepEqual([trace.status, trace.attempts], ['aborted', []]);
    finish(first);
    await running;
    assert.equal(gpt.received.length, sent);
  });
});

describe('a client that leaves while a retry is waited for', () => {
  it('promise 11: has it sent to nobody', async () => {
    gpt.answer({ status: 503, headers: { ...JSON_HEADERS, 'retry-after': '30' }, chunks: ['{"error":{}}'] });
    const leaving = new AbortController();
    const [gone, came] = [thrownBy(ask('patient', { signal: leaving.signal }), OpenAI.APIUserAbortError), gpt.next()];
    await (
      await came
    ).closed;
    const sent = gpt.received.length;
    leaving.abort();
    await gone;
    await untilInFlight(gateway, 0);
    const trace = await latestOf('patient');
    assert.equal(trace.status, 'aborted');
    const attempts = trace.attempts.map(({ outcome, error_code: code }) => [outcome, code]);
    assert.deepEqual(attempts, [['failed', 'provider_overloaded']]);
    assert.equal(gpt.received.length, sent);
  });
});

describe('a slow target beside which a second one is asked', () => {
  it('loses: the client gets the second answer, and the first attempt is ended at once', async () => {
    hold();
    claude.answer(HERE);
    const came = gpt.next();
    const anthropic = new Anthropic({ apiKey: gateway.apiKey, baseURL: gateway.url, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const { data, response } = await anthropic.messages
      .create({ model: 'hedged', max_tokens: 100, messages })
      .withResponse();
    await (
      await came
    ).closed;
    assert.deepEqual(data.content.map((block) => (block.type === 'text' ? block.text : '')).join(''), 'Here I am.');
    assert.equal(response.headers.get('x-causeway-target'), 'claude/hedge');
    assert.equal(response.headers.get('x-causeway-attempts'), '2');
    const { status, attempts, target } = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual([status, target], ['completed', 'claude/hedge']);
    assert.deepEqual(
      attempts.map((attempt) => [attempt.target, attempt.kind, attempt.outcome, attempt.retry_of]),
      [
        ['gpt/hedged', 'first', 'aborted', null],
        ['claude/hedge', 'hedge', 'completed', 0],
      ],
    );
  });

  it('is not doubled where it is in time', async () => {
    gpt.answer({ headers: JSON_HEADERS, chunks: [ANSWER] });
    assert.deepEqual(await way('hedged'), ['gpt/hedged', '1']);
  });
});

async function keyStates(): Promise<(readonly [hint: string, state: string])[]> {
  const target = await shown('keyed/m');
  return (target?.keys ?? []).map(({ hint, state }) => [hint, state]);
}

/** Who answered a request, after how many attempts. */
async function way(model: string): Promise<readonly (string | null)[]> {
  const { response } = await ask(model).withResponse();
  return [response.headers.get('x-causeway-target'), response.headers.get('x-causeway-attempts')];
}

describe('a provider with two keys', () => {
  const refused = { status: 401, headers: JSON_HEADERS, chunks: ['{"error":{"message":"Incorrect API key: sk-x"}}'] };
  const revoked = new Set<string | undefined>();

  before(() => claude.answer(HERE));

  it('promise 10: is asked with the other one where one is refused, and the client sees nothing of it', async () => {
    gpt.answer(({ headers }) => {
      if (revoked.size === 0) revoked.add(headers.authorization);
      return revoked.has(headers.authorization) ? refused : { headers: JSON_HEADERS, chunks: [ANSWER] };
    });
    assert.deepEqual(await way('keyed'), ['keyed/m', '2']);
    assert.deepEqual(await way('keyed'), ['keyed/m', '1'], 'the refused key rests');
    const [first] = KEYS;
    const states = revoked.has(`Bearer ${first}`) ? ['refused', 'usable'] : ['usable', 'refused'];
    assert.deepEqual(await keyStates(), [
      ['aaaa', states[0]],
      ['bbbb', states[1]],
    ]);
  });

  it('is left for the next target where both are refused, and the operator sees it', async () => {
    for (const key of KEYS) revoked.add(`Bearer ${key}`);
    assert.deepEqual(await way('keyed'), ['claude/stand-in', '2']);
    const sent = gpt.received.length;
    assert.deepEqual(await way('keyed'), ['claude/stand-in', '1']);
    assert.equal(gpt.received.length, sent, 'no request is wasted on keys that rest');
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    assert.match(metrics, /^causeway_provider_keys\{provider="keyed",state="refused"\} 2$/m);
    assert.match(metrics, /^causeway_provider_keys\{provider="keyed",state="usable"\} 0$/m);
    assert.equal((await shown('keyed/m'))?.breaker.state, 'closed', 'a key is no reason to leave the target alone');
  });
});
