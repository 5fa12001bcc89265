import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';

import { configOf } from '../../../test/support/config-of.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { HttpTransport } from '../transport/http-transport.ts';
import { readinessPlan } from './plan.ts';
import { type ReadinessChange, ReadinessProbe } from './readiness-probe.ts';

type Phase = 'loading' | 'cold' | 'serving';

const LOADING = { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } };

/** Stands in for a model server as it starts: first there is no port, then a model that is loaded, then it serves. */
function startingServer(): { readonly server: Server; readonly asked: string[]; phase: Phase } {
  const state = { phase: 'loading' as Phase, asked: [] as string[] };
  const server = createServer((request, response) => {
    request.resume();
    state.asked.push(`${request.method} ${request.url}`);
    const isUp = state.phase === 'serving' || (state.phase === 'cold' && request.url === '/health');
    response.writeHead(isUp ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isUp ? { status: 'ok' } : LOADING));
  });
  return Object.assign(state, { server });
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

describe('a model server that starts', () => {
  const standIn = startingServer();
  const transport = new HttpTransport();
  const clock = new FakeClock();
  let told: ((change: ReadinessChange) => void) | undefined;
  const probe = new ReadinessProbe({ scheduler: clock, random: () => 0.999, onChange: (change) => told?.(change) });

  after(async () => {
    probe.close();
    await transport.close();
    await stop(standIn.server);
  });

  /** The next change, after the wait that stands before it. */
  async function next(waitMs: number): Promise<ReadinessChange> {
    const change = new Promise<ReadinessChange>((resolve) => void (told = resolve));
    clock.advance(waitMs);
    return change;
  }

  it('is ready once its model has answered, and no longer when it is gone', { timeout: 20_000 }, async () => {
    const port = await listen(standIn.server, 0);
    await stop(standIn.server);
    const text = `providers: { local: { type: openai-compatible, preset: llamacpp, baseUrl: "http://127.0.0.1:${port}/v1", readiness: {} } }`;
    const settings = configOf(text).providers.get('local');
    assert.ok(settings && settings.type !== 'simulator');
    const plan = readinessPlan(settings);
    assert.ok(plan);

    const refused = next(0);
    probe.watch([{ provider: 'local', plan, transport, models: ['qwen3-8b'] }]);
    assert.equal((await refused).reason, 'no connection could be made');

    await listen(standIn.server, port);
    assert.equal((await next(1000)).reason, 'it answered 503: Loading model');
    standIn.phase = 'cold';
    assert.equal((await next(2000)).reason, 'asked for a token, it answered 503: Loading model');
    assert.equal(probe.isReady('local', 'qwen3-8b'), false);
    standIn.phase = 'serving';
    assert.equal((await next(4000)).ready, true);
    assert.equal(probe.isReady('local', 'qwen3-8b'), true);
    assert.deepEqual(standIn.asked, [
      'GET /health',
      'GET /health',
      'POST /v1/chat/completions',
      'GET /health',
      'POST /v1/chat/completions',
    ]);

    await stop(standIn.server);
    assert.equal((await next(10_000)).ready, false);
    await listen(standIn.server, port);
    assert.equal((await next(1000)).ready, true);
  });
});
