import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { FakeTransport } from '../../../test/support/fake-transport.ts';
import type { UpstreamRequest } from '../transport/transport.ts';
import type { ReadinessPlan } from './plan.ts';
import { type ReadinessChange, ReadinessProbe } from './readiness-probe.ts';
import type { ProbedServer } from './server-probe.ts';

const TIMEOUTS = { connect: 1, headers: 1, idle: 1 };

function request(path: string, headers = {}): UpstreamRequest {
  return { method: 'GET', origin: 'http://gpu', path, headers, body: undefined, timeouts: TIMEOUTS };
}

const PLAN: ReadinessPlan = {
  intervalMs: 10_000,
  check: request('/health'),
  warmUps: (model) => [request(`/chat/${model}`), request(`/embed/${model}`)],
};

function probeOf(models: readonly string[] = ['m'], random = 0.5) {
  const clock = new FakeClock();
  const transport = new FakeTransport();
  const changes: ReadinessChange[] = [];
  const probe = new ReadinessProbe({
    scheduler: clock,
    random: () => random,
    onChange: (change) => void changes.push(change),
  });
  const server: ProbedServer = { provider: 'local', plan: PLAN, transport, models };
  probe.watch([server]);
  return { probe, clock, transport, changes, server };
}

const LOADING = { error: { message: 'Loading model' } };

describe('readiness', () => {
  it('is unknown of what nobody asked about', () => {
    const { probe, transport } = probeOf();
    assert.equal(probe.isReady('other', 'm'), 'unknown');
    assert.equal(probe.isReady('local', 'unlisted'), false, 'its server was not seen yet');
    transport.last.answer(200, {});
    assert.equal(probe.isReady('local', 'unlisted'), 'unknown');
  });

  it('is there only once the model has answered, not when the port is open', () => {
    const { probe, clock, transport, changes } = probeOf();
    assert.equal(probe.isReady('local', 'm'), false);
    transport.last.fail('connect');
    clock.advance(1000);
    transport.last.answer(503, LOADING);
    clock.advance(2000);
    transport.last.answer(200, { data: [] });
    assert.equal(probe.isReady('local', 'm'), false);
    assert.equal(transport.last.request.path, '/chat/m');
    transport.last.answer(503, LOADING);
    clock.advance(4000);
    transport.last.answer(200, { data: [] });
    transport.last.answer(200, { choices: [] });
    assert.equal(probe.isReady('local', 'm'), true);
    assert.deepEqual(
      changes.map(({ provider, model, ready, reason }) => [provider, model, ready, reason]),
      [
        ['local', 'm', false, 'no connection could be made'],
        ['local', 'm', false, 'it answered 503: Loading model'],
        ['local', 'm', false, 'asked for a token, it answered 503: Loading model'],
        ['local', 'm', true, ''],
      ],
    );
    assert.deepEqual(probe.states(), [{ provider: 'local', model: 'm', ready: true, reason: '' }]);
  });

  it('asks a warm model for no more tokens, and one whose server was away anew', () => {
    const { clock, transport, probe } = probeOf();
    transport.last.answer(200, {});
    transport.last.answer(200, {});
    clock.advance(10_000);
    transport.last.answer(200, {});
    assert.deepEqual(
      transport.exchanges.map((exchange) => exchange.request.path),
      ['/health', '/chat/m', '/health'],
    );
    clock.advance(10_000);
    transport.last.fail('timeout');
    assert.equal(probe.isReady('local', 'm'), false);
    clock.advance(1000);
    transport.last.answer(200, {});
    assert.equal(transport.last.request.path, '/chat/m');
  });

  it('warms a model that embeds with an embedding, and names the first refusal where neither is taken', () => {
    const { probe, clock, transport, changes } = probeOf();
    transport.last.answer(200, {});
    transport.last.answer(400, { error: 'this model does not chat' });
    assert.equal(transport.last.request.path, '/embed/m');
    transport.last.answer(404, {});
    assert.equal(changes.at(-1)?.reason, 'asked for a token, it answered 400: this model does not chat');
    clock.advance(1000);
    transport.last.answer(200, {});
    transport.last.answer(400, {});
    transport.last.answer(200, {});
    assert.equal(probe.isReady('local', 'm'), true);
  });

  it('tells the models of a server apart', () => {
    const { probe, transport } = probeOf(['a', 'b']);
    transport.last.answer(200, {});
    transport.last.answer(500, 'no JSON');
    assert.equal(transport.last.request.path, '/chat/b');
    transport.last.answer(200, {});
    assert.deepEqual([probe.isReady('local', 'a'), probe.isReady('local', 'b')], [false, true]);
  });

  it('waits ever longer while a server is away, at most three intervals, and never in step', () => {
    for (const [random, factor] of [
      [0, 0.5],
      [0.999_999, 1],
    ] as const) {
      const { clock, transport } = probeOf(['m'], random);
      const waits = Array.from({ length: 8 }, () => {
        transport.last.fail('connect');
        const before = clock.monotonic();
        const sent = transport.exchanges.length;
        while (transport.exchanges.length === sent) clock.advance(1);
        return Math.round((clock.monotonic() - before) / factor / 10) * 10;
      });
      assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    }
  });

  it('keeps over a reload what it knows of the same server, and asks it through the new connections', () => {
    const { probe, transport, server, changes } = probeOf();
    transport.last.answer(200, {});
    transport.last.answer(200, {});
    const next = new FakeTransport();
    probe.watch([{ ...server, transport: next, models: ['m', 'n'] }]);
    assert.deepEqual([probe.isReady('local', 'm'), probe.isReady('local', 'n')], [true, false]);
    next.last.answer(200, {});
    assert.equal(next.last.request.path, '/chat/n');
    next.last.answer(200, {});
    assert.equal(changes.filter(({ model }) => model === 'm').length, 1);
    const moved = { ...server.plan, check: { ...server.plan.check, origin: 'http://other' } };
    probe.watch([{ ...server, plan: moved, transport: new FakeTransport() }]);
    assert.equal(probe.isReady('local', 'm'), false);
  });

  it('ends what runs when it is closed', () => {
    const { probe, clock, transport } = probeOf();
    probe.close();
    assert.equal(transport.last.aborts, 1);
    assert.equal(clock.waiting, 0);
    const waiting = probeOf();
    waiting.transport.last.fail('connect');
    waiting.probe.close();
    assert.equal(waiting.clock.waiting, 0);
    assert.equal(waiting.probe.isReady('local', 'm'), 'unknown');
  });

  it('does not stumble over requests that fail while they are sent', () => {
    const { clock, transport, probe } = probeOf();
    transport.last.fail('connect');
    transport.unsendable = true;
    clock.advance(60_000);
    assert.equal(probe.isReady('local', 'm'), false);
    assert.equal(clock.waiting, 1);
    probe.close();
    assert.equal(clock.waiting, 0);
  });

  it('is what the last answers say, whatever they are', () => {
    const outcome = fc.constantFrom('ok', 'busy', 'refused', 'wrong');
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 60 }), (outcomes) => {
        const { probe, clock, transport } = probeOf(['a', 'b']);
        const warm = new Map([
          ['a', false],
          ['b', false],
        ]);
        for (const what of outcomes) {
          if (clock.waiting > 0) clock.advance(30_000);
          assert.equal(clock.waiting, 0, 'one thing at a time: a request or a wait');
          const { last } = transport;
          const [, kind, model] = last.request.path.split('/');
          if (what === 'refused') last.fail('connect');
          else last.answer({ ok: 200, busy: 503, wrong: 404 }[what], {});
          if (kind === 'health' && what !== 'ok') for (const name of warm.keys()) warm.set(name, false);
          if (kind !== 'health' && what === 'ok') warm.set(model ?? '', true);
          for (const [name, ready] of warm) assert.equal(probe.isReady('local', name), ready);
        }
        probe.close();
      }),
    );
  });
});
