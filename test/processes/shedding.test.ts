import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';

import OpenAI from 'openai';

import { type Gateway, startGateway } from '../support/gateway.ts';

const IDLE = { overMs: 250, eventLoopDelayMs: 0, heap: 0.89, container: 0 };
/** With the default limit of 0.9, full at 0.95: pressure 0.55, so the cut goes through priority 5. */
const LOADED = { ...IDLE, heap: 0.9275 };
const FULL = { ...IDLE, heap: 0.99 };

const HELLO = { model: 'sim/echo', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('an overloaded gateway', () => {
  let gateway: Gateway;
  let load = LOADED;

  before(async () => {
    gateway = await startGateway({ sampleLoad: () => load });
  });
  after(() => gateway.close());

  const client = (priority: number, options: { maxRetries?: number } = {}): OpenAI =>
    new OpenAI({
      apiKey: gateway.apiKey,
      baseURL: `${gateway.url}/v1`,
      maxRetries: 0,
      defaultHeaders: { 'x-causeway-priority': String(priority) },
      ...options,
    });

  async function metric(line: RegExp): Promise<number> {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return Number(line.exec(text)?.[1]);
  }

  async function untilPressure(wanted: (pressure: number) => boolean): Promise<void> {
    while (!wanted(await metric(/^causeway_load_pressure\{signal="heap"\} (\S+)$/m)));
  }

  it('refuses low priorities as an official client expects it, and serves high ones', async () => {
    const error = await client(4)
      .chat.completions.create(HELLO)
      .then(
        () => assert.fail('the request was served'),
        (thrown: unknown) => thrown,
      );
    assert.ok(error instanceof OpenAI.InternalServerError);
    assert.equal(error.status, 503);
    assert.equal(error.code, 'gateway_overloaded');
    assert.equal(error.headers?.get('x-should-retry'), 'true');
    assert.ok(Number(error.headers?.get('retry-after')) >= 1);
    const served = await client(6).chat.completions.create(HELLO);
    assert.ok(served.choices[0]?.message.content);
  });

  it('keeps a record of what it refused, and counts it', async () => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-causeway-priority': '0' },
      body: JSON.stringify(HELLO),
    });
    // Before the key is looked at.
    assert.equal(response.status, 503);
    const trace = await gateway.trace(response.headers.get('x-causeway-request-id'));
    assert.deepEqual(
      [trace.status, trace.error?.code, trace.error?.origin],
      ['failed', 'gateway_overloaded', 'gateway'],
    );
    assert.ok((await metric(/^causeway_shed_requests_total\{priority="0"\} (\d+)$/m)) >= 1);
    assert.equal(await metric(/^causeway_shed_requests_total\{priority="9"\} (\d+)$/m), 0);
  });

  it('shows health, metrics and the admin API while all but priority 9 is refused', async () => {
    load = FULL;
    await untilPressure((pressure) => pressure > 0.9);
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      assert.equal((await fetch(gateway.url + path)).status, 200, path);
    }
    assert.equal((await gateway.admin('/keys')).status, 200);
    await assert.rejects(client(8).chat.completions.create(HELLO), { status: 503 });
  });

  it('serves a client that tries again, once the load is gone', async () => {
    // A fresh overload, of which the wait is short.
    load = IDLE;
    await untilPressure((pressure) => pressure === 0);
    load = LOADED;
    await untilPressure((pressure) => pressure > 0.2);
    const statuses: number[] = [];
    const openai = client(1, { maxRetries: 3 }).withOptions({
      async fetch(...request) {
        const response = await fetch(...request);
        statuses.push(response.status);
        load = IDLE;
        if (response.status === 503) await untilPressure((pressure) => pressure === 0);
        return response;
      },
    });
    const { choices } = await openai.chat.completions.create(HELLO);
    assert.ok(choices[0]?.message.content);
    assert.deepEqual(statuses, [503, 200]);
  });
});

const GUARDED = `
models: { guarded: { target: sim/echo, guards: default } }
guards: { default: { pii: {}, injection: {} } }
`;
/** What comes at once where a process stood still for half a second. */
const BACKLOG = 400;

describe('a gateway that stood still for a moment', () => {
  let gateway: Gateway;
  let sockets: Socket[] = [];

  before(async () => {
    gateway = await startGateway({ config: GUARDED });
    const { hostname: host, port } = new URL(gateway.url);
    sockets = Array.from({ length: BACKLOG }, () => connect({ host, port: Number(port) }));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.close();
  });

  /** The status of an answer. Each text is another one, so that none is known already. */
  async function ask(socket: Socket, at: number, round: number): Promise<string> {
    const content = `Order ${round}-${at}. ${'The zip of the grey jacket catches halfway. '.repeat(75)}`;
    const body = JSON.stringify({ model: 'guarded', messages: [{ role: 'user', content }] });
    const head = ['content-type: application/json', `authorization: Bearer ${gateway.apiKey}`, 'host: gateway'];
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\n${head.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('latin1', 9, 12);
  }

  it('answers all that came meanwhile: no safety check fails since there are many in one turn', async () => {
    // The first round has every connection accepted, one in each turn of the loop.
    for (const round of [1, 2, 3]) {
      const statuses = await Promise.all(sockets.map((socket, at) => ask(socket, at, round)));
      assert.deepEqual([...new Set(statuses)], ['200']);
    }
  });
});
