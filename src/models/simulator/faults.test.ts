import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

import Anthropic, { APIError as AnthropicError } from '@anthropic-ai/sdk';
import OpenAI, { APIError as OpenAIError } from 'openai';

import { type RunningSimulator, startSimulator } from './start.ts';
import type { SimulatorStats } from './stats.ts';

let simulator: RunningSimulator;

before(async () => {
  simulator = await startSimulator({ settings: { ttft: 0, tokensPerSecond: 0 } });
});
after(() => simulator.close());

const messages = [{ role: 'user' as const, content: 'tell me something' }];

interface Asked {
  readonly simulate?: string;
  readonly stream?: boolean;
  readonly dialect?: 'openai' | 'anthropic';
  readonly url?: string;
  readonly signal?: AbortSignal;
}

/** Held, since the client cancels the body of a response that is garbage. */
const keptAlive: Response[] = [];

/** Asks over the socket, as bytes. */
async function ask({
  simulate = '',
  stream = false,
  dialect = 'openai',
  url = simulator.url,
  signal,
}: Asked): Promise<Response> {
  const path = dialect === 'openai' ? '/v1/chat/completions' : '/v1/messages';
  const response = await fetch(url + path, {
    method: 'POST',
    body: JSON.stringify({ model: 'small', stream, max_tokens: 500, messages }),
    headers: { 'content-type': 'application/json', ...(simulate === '' ? {} : { 'x-causeway-simulate': simulate }) },
    ...(signal ? { signal } : {}),
  });
  keptAlive.push(response);
  return response;
}

/** What of a body came, and whether its connection ended as it should. */
async function readAll(response: Response): Promise<{ text: string; isWhole: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    return { text, isWhole: false };
  }
  return { text, isWhole: true };
}

function contentChunks(text: string): number {
  return text.split('"delta":{"content":').length - 1;
}

async function statsWhen(reached: (stats: SimulatorStats) => boolean, of = simulator): Promise<SimulatorStats> {
  for (const deadline = Date.now() + 10_000; ;) {
    const stats = (await (await fetch(`${of.url}/stats`)).json()) as SimulatorStats;
    if (reached(stats)) return stats;
    assert.ok(Date.now() < deadline, JSON.stringify(stats));
    await nextTurn();
  }
}

test('every error status comes in the shape that the official clients know', async () => {
  const openai = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'any', maxRetries: 0 });
  const anthropic = new Anthropic({ baseURL: simulator.url, apiKey: 'any', maxRetries: 0 });
  for (const status of [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529]) {
    const headers = { 'x-causeway-simulate': `error=${status}, retry-after=2s` };
    await assert.rejects(openai.chat.completions.create({ model: 'small', messages }, { headers }), (error) => {
      assert.ok(error instanceof OpenAIError);
      assert.equal(error.status, status);
      assert.ok(typeof error.type === 'string' && error.param !== undefined && error.code !== undefined);
      assert.equal(error.headers?.get('retry-after'), '2');
      return true;
    });
    const request = { model: 'small', max_tokens: 9, messages };
    await assert.rejects(anthropic.messages.create(request, { headers }), (error) => {
      assert.ok(error instanceof AnthropicError);
      assert.equal(error.status, status);
      assert.match(String(error.type), /_error$|^request_too_large$/);
      return true;
    });
  }
});

const errorOf = async (dialect: 'openai' | 'anthropic', status: number): Promise<Record<string, unknown>> => {
  const body = (await (await ask({ dialect, simulate: `error=${status}` })).json()) as {
    error: Record<string, unknown>;
  };
  return body.error;
};

test('the error types are those of the real providers', async () => {
  assert.equal((await errorOf('openai', 401))['code'], 'invalid_api_key');
  assert.equal((await errorOf('openai', 429))['code'], 'rate_limit_exceeded');
  assert.equal((await errorOf('openai', 503))['type'], 'server_error');
  assert.equal((await errorOf('anthropic', 429))['type'], 'rate_limit_error');
  assert.equal((await errorOf('anthropic', 529))['type'], 'overloaded_error');
});

const outcomes = async (seed: number): Promise<string> => {
  const faulty = await startSimulator({
    settings: { ttft: 0, tokensPerSecond: 0, errorRate: 0.3, errorStatus: 503, seed },
  });
  let statuses = '';
  for (let i = 0; i < 60; i += 1) statuses += `${(await ask({ url: faulty.url })).status} `;
  await faulty.close();
  return statuses;
};

test('an error rate strikes its share of requests, the same ones for the same seed', async () => {
  const first = await outcomes(7);
  const failed = first.split('503').length - 1;
  assert.ok(failed > 6 && failed < 32, `${failed} of 60`);
  assert.equal(await outcomes(7), first);
  assert.notEqual(await outcomes(8), first);
});

test('cut: the connection breaks after so many tokens, without a finish', async () => {
  const { text, isWhole } = await readAll(await ask({ stream: true, simulate: 'cut-after=5' }));
  assert.equal(isWhole, false);
  assert.equal(contentChunks(text), 5);
  assert.doesNotMatch(text, /"finish_reason":"|\[DONE\]/);
  const late = await readAll(await ask({ stream: true, simulate: 'cut-after=9999' }));
  assert.equal(late.isWhole, false);
  assert.equal(contentChunks(late.text), 40);
  assert.doesNotMatch(late.text, /"finish_reason":"/);
  const whole = await ask({ simulate: 'cut-after=5' });
  assert.equal(whole.status, 200);
  assert.equal((await readAll(whole)).isWhole, false);
});

test('malformed: one chunk is broken JSON, and the rest follows', async () => {
  for (const dialect of ['openai', 'anthropic'] as const) {
    const { text, isWhole } = await readAll(await ask({ dialect, stream: true, simulate: 'malformed-after=3' }));
    assert.ok(isWhole);
    const data = text.split('\n').filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]');
    const broken = data.filter((line) => !isJson(line.slice(6)));
    assert.equal(broken.length, 1);
    assert.match(text, dialect === 'openai' ? /\[DONE\]/ : /message_stop/);
  }
  assert.equal(isJson((await readAll(await ask({ simulate: 'malformed-after=3' }))).text), false);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('an error event in mid-stream, and an error under 200', async () => {
  const middle = await readAll(
    await ask({ dialect: 'anthropic', stream: true, simulate: 'error-after=2, error-status=529' }),
  );
  assert.equal(middle.text.split('text_delta').length - 1, 2);
  assert.match(middle.text, /event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error"/);
  assert.doesNotMatch(middle.text, /message_stop/);
  const openai = await readAll(await ask({ stream: true, simulate: 'error-in-200' }));
  assert.match(openai.text, /^data: \{"error":\{/);
  assert.doesNotMatch(openai.text, /\[DONE\]/);
  const whole = await ask({ simulate: 'error-in-200' });
  assert.equal(whole.status, 200);
  assert.ok('error' in ((await whole.json()) as object));
});

test('HTML, half a JSON, a reset', async () => {
  const page = await ask({ simulate: 'html' });
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('content-type'), 'text/html');
  assert.equal((await ask({ simulate: 'html, error=502' })).status, 502);
  const half = await readAll(await ask({ simulate: 'half-json' }));
  assert.ok(half.isWhole && !isJson(half.text));
  const torn = await readAll(await ask({ stream: true, simulate: 'half-json' }));
  assert.ok(torn.isWhole && contentChunks(torn.text) > 5);
  assert.doesNotMatch(torn.text, /"finish_reason":"|\[DONE\]/);
  await assert.rejects(ask({ simulate: 'reset' }), TypeError);
});

test('stall and hang: silence until the client goes, which the statistics show', async () => {
  const own = await startSimulator({ settings: { ttft: 0, tokensPerSecond: 0 } });
  const stalled = new AbortController();
  const response = await ask({ url: own.url, stream: true, simulate: 'stall-after=4', signal: stalled.signal });
  const reading = readAll(response);
  const hung = new AbortController();
  const waiting = ask({ url: own.url, simulate: 'hang', signal: hung.signal });
  await statsWhen(({ inFlight }) => inFlight === 2, own);
  hung.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  await statsWhen(({ aborted }) => aborted === 1, own);
  stalled.abort();
  const { text, isWhole } = await reading;
  assert.equal(isWhole, false);
  assert.equal(contentChunks(text), 4);
  const { aborts, inFlight, requests } = await statsWhen(({ aborted }) => aborted === 2, own);
  assert.equal(inFlight, 0);
  assert.equal(requests, 2);
  assert.deepEqual(
    aborts.map(({ path, model }) => [path, model]),
    Array.from({ length: 2 }, () => ['/v1/chat/completions', 'small']),
  );
  assert.ok(aborts.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000));
  await own.close();
});

test('a rate limit counts down in the headers of the dialect and then refuses', async () => {
  const own = await startSimulator({ settings: { ttft: 0, tokensPerSecond: 0, rateLimit: 2, rateWindow: 3_600_000 } });
  const first = await ask({ url: own.url });
  assert.equal(first.headers.get('x-ratelimit-limit-requests'), '2');
  assert.equal(first.headers.get('x-ratelimit-remaining-requests'), '1');
  assert.match(first.headers.get('x-ratelimit-reset-requests') ?? '', /^(1h0m0s|59m5\d\.\d+s)$/);
  const second = await ask({ url: own.url, dialect: 'anthropic' });
  assert.equal(second.headers.get('anthropic-ratelimit-requests-remaining'), '0');
  const resetsIn = Date.parse(second.headers.get('anthropic-ratelimit-requests-reset') ?? '') - Date.now();
  assert.ok(resetsIn > 3_500_000 && resetsIn <= 3_600_000);
  const third = await ask({ url: own.url });
  assert.equal(third.status, 429);
  assert.ok(Number(third.headers.get('retry-after')) > 3500);
  await own.close();
});

test('slots: what is beyond them waits its turn, or is refused with the status of the dialect', async () => {
  const settings = { ttft: 0, tokensPerSecond: 0, concurrency: 1 };
  const waiting = await startSimulator({ settings });
  const holder = new AbortController();
  const held = await ask({ url: waiting.url, stream: true, simulate: 'stall-after=1', signal: holder.signal });
  const next = ask({ url: waiting.url });
  await statsWhen(({ inFlight }) => inFlight === 2, waiting);
  holder.abort();
  assert.equal((await next).status, 200);
  assert.equal((await readAll(held)).isWhole, false);
  await waiting.close();

  const refusing = await startSimulator({ settings: { ...settings, whenBusy: 'refuse' } });
  const busy = new AbortController();
  await ask({ url: refusing.url, stream: true, simulate: 'stall-after=1', signal: busy.signal });
  assert.equal((await ask({ url: refusing.url })).status, 429);
  assert.equal((await ask({ url: refusing.url, dialect: 'anthropic' })).status, 529);
  busy.abort();
  await statsWhen(({ aborted }) => aborted === 1, refusing);
  assert.equal((await ask({ url: refusing.url })).status, 200);
  await refusing.close();
});

test('one who waits for a slot and goes leaves the queue', async () => {
  const own = await startSimulator({ settings: { ttft: 0, tokensPerSecond: 0, concurrency: 1, queueSize: 1 } });
  const holder = new AbortController();
  await ask({ url: own.url, stream: true, simulate: 'stall-after=1', signal: holder.signal });
  const waiter = new AbortController();
  const waiting = ask({ url: own.url, signal: waiter.signal });
  await statsWhen(({ inFlight }) => inFlight === 2, own);
  assert.equal((await ask({ url: own.url })).status, 429, 'the queue is full');
  waiter.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  await statsWhen(({ aborted }) => aborted === 1, own);
  const next = ask({ url: own.url });
  await statsWhen(({ inFlight }) => inFlight === 2, own);
  holder.abort();
  assert.equal((await next).status, 200);
  await own.close();
});

test('settings of a model are its own, with a gate of its own where it has one', async () => {
  const own = await startSimulator({
    settings: {
      ttft: 0,
      tokensPerSecond: 0,
      errorRate: 1,
      models: new Map([['small', { errorRate: 0, rateLimit: 1, outputTokens: 3 }]]),
    },
  });
  const answer = (await (await ask({ url: own.url })).json()) as OpenAI.ChatCompletion;
  assert.equal(answer.usage?.completion_tokens, 3);
  assert.equal((await ask({ url: own.url })).status, 429);
  const other = { method: 'POST', body: JSON.stringify({ model: 'other', messages }) };
  assert.equal((await fetch(`${own.url}/chat/completions`, other)).status, 500);
  await own.close();
});

test('a header that is not right is refused with what would be', async () => {
  for (const [simulate, wanted] of [
    ['ttft=5', 'a duration such as 50ms or 2s'],
    ['cut-after', 'a whole number of at least 0'],
    ['error=200', 'a whole number from 400 to 599'],
    ['error-rate=2', 'a number from 0 to 1'],
    ['latency=slow', 'one of fixed, uniform, lognormal'],
    ['hang=maybe', 'true or false'],
    ['concurrency=1', 'There is no setting "concurrency". There are: cut-after,'],
    ['constructor=1', 'There is no setting "constructor".'],
  ] as const) {
    const response = await ask({ simulate });
    assert.equal(response.status, 400, simulate);
    const { error } = (await response.json()) as { error: { message: string } };
    assert.ok(error.message.includes(wanted), error.message);
  }
});

test('unknown paths and bodies that are not JSON get errors, not silence', async () => {
  assert.equal((await fetch(`${simulator.url}/v1/nothing`, { method: 'POST', body: '{}' })).status, 404);
  assert.equal((await fetch(`${simulator.url}/v1/messages`, { method: 'GET' })).status, 404);
  const broken = await fetch(`${simulator.url}/v1/messages`, { method: 'POST', body: '{"model":' });
  assert.equal(broken.status, 400);
  assert.equal(((await broken.json()) as { type: string }).type, 'error');
});
