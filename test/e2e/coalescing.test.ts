import assert from 'node:assert/strict';
import { Agent, type IncomingMessage, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { text } from 'node:stream/consumers';

import { type Gateway, startGateway, untilInFlight } from '../support/gateway.ts';
import { JSON_HEADERS, SSE_HEADERS, type ReceivedRequest, type Upstream, startUpstream } from '../support/upstream.ts';
import { DONE, OPENAI_HELLO, OPENAI_ROLE, OPENAI_STOP, OPENAI_USAGE } from '../support/wire-texts.ts';

const BEGINNING = OPENAI_ROLE + OPENAI_HELLO;
const REST = [OPENAI_HELLO, OPENAI_STOP, OPENAI_USAGE + DONE];
const WHOLE = BEGINNING + REST.join('');
const CROWD = 1000;

let upstream: Upstream;
let gateway: Gateway;
const agent = new Agent({ keepAlive: false });

const config = (url: string): string => `
providers:
  gpt: { type: openai, apiKey: upstream-key, baseUrl: "${url}/v1" }
models:
  same: { target: gpt/same, cache: {} }
  retried: { target: gpt/retried, cache: {}, retries: { max: 1, baseDelay: 10ms } }
  apart: { target: gpt/apart, cache: { coalesce: false } }
prices:
  gpt/same: { input: 1, output: 1 }
`;

before(async () => {
  upstream = await startUpstream();
  gateway = await startGateway({ config: config(upstream.url) });
});

after(async () => {
  await gateway.close();
  await upstream.close();
});

/** One client of a stream; `fetch` would cost more than all that is looked at here. */
class Client {
  readonly response: Promise<IncomingMessage>;
  readonly #request;

  constructor(model: string) {
    const { url, apiKey } = gateway;
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    this.response = promise;
    promise.catch(() => {});
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    this.#request = request(`${url}/v1/chat/completions`, { method: 'POST', headers, agent }, resolve);
    this.#request.on('error', reject);
    const messages = [{ role: 'user', content: 'Hello' }];
    const options = { include_usage: true };
    this.#request.end(JSON.stringify({ model, messages, stream: true, stream_options: options }));
  }

  /** All that it is sent. */
  async text(): Promise<string> {
    return text(await this.response);
  }

  /** Whether the provider's words are for it alone, and the id of its record. */
  async told(): Promise<{ readonly cache: unknown; readonly id: string; readonly status: number | undefined }> {
    const { headers, statusCode: status } = await this.response;
    return { cache: headers['x-causeway-cache'], id: String(headers['x-causeway-request-id']), status };
  }

  leave(): void {
    this.#request.destroy();
  }
}

/** The next request is answered with a beginning; the test goes on with it. */
async function begun(first: () => Client, chunks: readonly string[] = [BEGINNING]): Promise<[Client, ReceivedRequest]> {
  upstream.answer({ headers: SSE_HEADERS, chunks, ending: 'stall' });
  const came = upstream.next();
  const client = first();
  return [client, await came];
}

describe('identical requests at the same time', () => {
  it(`are one to the provider, and each of ${CROWD} clients gets the whole text, whenever it came`, async () => {
    const sent = upstream.received.length;
    const [first, asked] = await begun(() => new Client('same'));
    const crowd = [first];
    for (const share of [CROWD / 2, CROWD]) {
      while (crowd.length < share) crowd.push(new Client('same'));
      // Headers go out with the first words.
      await Promise.all(crowd.map(({ response }) => response));
    }
    const heard = Promise.all(crowd.map((client) => client.text()));
    asked.release(REST);
    const texts = new Set(await heard);
    assert.deepEqual([...texts], [WHOLE]);
    assert.equal(upstream.received.length - sent, 1);
    const told = await Promise.all(crowd.map((client) => client.told()));
    const states = told.map(({ cache }) => cache);
    assert.deepEqual([states[0], new Set(states.slice(1))], ['miss', new Set(['coalesced'])]);
    const [paid, saved] = await Promise.all([told[0], told[1]].map((one) => gateway.trace(one?.id)));
    assert.deepEqual([paid?.attempts.length, saved?.attempts.length], [1, 0]);
    assert.ok(paid && saved && (paid.cost_usd ?? 0) > 0);
    assert.deepEqual([saved.cost_usd, saved.cache, saved.target], [0, 'coalesced', 'gpt/same']);
    assert.deepEqual(saved.output, paid.output);
    assert.deepEqual([saved.savings?.[0]?.mechanism, saved.saved_usd], ['coalesced', paid.cost_usd]);
  });

  it('are not where a model says so', async () => {
    upstream.answer({ headers: SSE_HEADERS, chunks: [WHOLE] });
    const sent = upstream.received.length;
    await Promise.all([new Client('apart').text(), new Client('apart').text()]);
    assert.equal(upstream.received.length - sent, 2);
  });

  it('promise 6, 11: go on where the client of the first one leaves, whose record pays for all of it', async () => {
    const [first, asked] = await begun(() => new Client('same'));
    const { id } = await first.told();
    const second = new Client('same');
    const heard = second.text();
    await second.response;
    first.leave();
    await untilInFlight(gateway, 2);
    asked.release(REST);
    assert.equal(await heard, WHOLE);
    const trace = await gateway.trace(id);
    assert.deepEqual([trace.status, trace.attempts[0]?.outcome, trace.tokens.output], ['aborted', 'completed', 500]);
    assert.ok((trace.cost_usd ?? 0) > 0);
    await untilInFlight(gateway, 0);
  });

  it('promise 11: are ended at the provider within 100 ms where the last client leaves', async () => {
    const [first, asked] = await begun(() => new Client('same'));
    const second = new Client('same');
    await second.response;
    first.leave();
    await untilInFlight(gateway, 2);
    const left = performance.now();
    second.leave();
    await asked.closed;
    assert.ok(performance.now() - left < 100);
    await untilInFlight(gateway, 0);
  });
});

describe('a provider that fails', () => {
  const body = ['{"error":{"message":"It broke."}}'];

  it('has done so for all, where nobody retries', async () => {
    upstream.answer({ status: 500, headers: JSON_HEADERS, ending: 'stall' });
    const sent = upstream.received.length;
    const came = upstream.next();
    const clients = [new Client('same'), new Client('same'), new Client('same')];
    const asked = await came;
    await untilInFlight(gateway, 3);
    asked.release(body);
    const told = await Promise.all(clients.map((client) => client.told()));
    assert.deepEqual(
      told.map(({ status }) => status),
      [500, 500, 500],
    );
    assert.equal(upstream.received.length - sent, 1);
  });

  it('is told once to each of them, and asked again by each as its policy has it', async () => {
    const failed = { status: 500, headers: JSON_HEADERS } as const;
    let asked = 0;
    upstream.answer(() => {
      asked += 1;
      if (asked === 1) return { ...failed, ending: 'stall' };
      return asked === 2 ? { ...failed, chunks: body } : { headers: SSE_HEADERS, chunks: [WHOLE] };
    });
    const came = upstream.next();
    const first = new Client('retried');
    const request_ = await came;
    const others = [new Client('retried'), new Client('retried')];
    await untilInFlight(gateway, 3);
    request_.release(body);
    assert.equal((await first.told()).status, 500, 'its own retry failed as well');
    const told = await Promise.all(others.map((client) => client.told()));
    assert.deepEqual(
      told.map(({ status, cache }) => [status, cache]),
      [
        [200, 'miss'],
        [200, 'miss'],
      ],
    );
    assert.equal(asked, 4);
    await Promise.all(others.map((client) => client.text()));
  });
});
