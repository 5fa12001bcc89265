import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { type LoadChange, LoadMonitor } from './load-monitor.ts';
import { type LoadSample, PressureGauge } from './pressure.ts';
import { containerLimit, watchProcessLoad } from './process-load.ts';

const IDLE: LoadSample = { overMs: 250, eventLoopDelayMs: 1, heap: 0.2, container: 0 };
const SETTINGS = { enabled: true, eventLoopDelay: 200, memory: 0.9 };
const SAMPLE_MS = 250;

function monitorOf(settings = SETTINGS) {
  const clock = new FakeClock();
  const changes: LoadChange[] = [];
  const state = { sample: IDLE, settings };
  const monitor = new LoadMonitor({
    sample: () => state.sample,
    settings: () => state.settings,
    scheduler: clock,
    clock,
    onChange: (change) => void changes.push(change),
  });
  const samples = (count: number): void => clock.advance(count * SAMPLE_MS);
  return { monitor, clock, changes, state, samples };
}

describe('the load monitor', () => {
  it('sees no pressure in an idle process', () => {
    const { monitor, samples, changes } = monitorOf();
    samples(40);
    assert.equal(monitor.pressure, 0);
    assert.deepEqual(changes, []);
  });

  it('takes no notice of one long turn of the event loop', () => {
    const { monitor, state, samples } = monitorOf();
    state.sample = { ...IDLE, overMs: 60_000, eventLoopDelayMs: 60_000 };
    samples(1);
    state.sample = IDLE;
    for (let at = 0; at < 20; at += 1) {
      assert.equal(monitor.pressure, 0);
      samples(1);
    }
  });

  it('presses within two seconds of an overload, and recovers within five of its end', () => {
    const { monitor, state, samples, changes } = monitorOf();
    samples(4);
    state.sample = { ...IDLE, eventLoopDelayMs: 900 };
    samples(8);
    assert.ok(monitor.pressure > 0.5, String(monitor.pressure));
    assert.ok(monitor.lastedMs > 0);
    samples(400);
    assert.ok(monitor.pressure > 0.99);
    state.sample = IDLE;
    samples(20);
    assert.equal(monitor.pressure, 0);
    assert.equal(monitor.lastedMs, 0);
    assert.deepEqual(
      changes.map(({ overloaded, signal }) => [overloaded, signal]),
      [
        [true, 'event-loop'],
        [false, 'event-loop'],
      ],
    );
    assert.ok((changes[1]?.lastedMs ?? 0) > 100_000);
  });

  it('presses as soon where each turn of the loop takes longer than the time between two samples', () => {
    const { monitor, clock, state } = monitorOf();
    state.sample = { ...IDLE, overMs: 600, eventLoopDelayMs: 590 };
    // As many samples as fit into two seconds.
    for (let at = 0; at < 3; at += 1) clock.advance(SAMPLE_MS);
    assert.ok(monitor.pressure > 0.4, String(monitor.pressure));
  });

  it('refuses more while an overload lasts, down to a quarter of the delay, and is as before once it has ended', () => {
    const { monitor, state, samples } = monitorOf();
    state.sample = { ...IDLE, eventLoopDelayMs: 300 };
    samples(8);
    const early = monitor.pressure;
    assert.ok(early > 0.2 && early < 0.6, String(early));
    samples(40);
    assert.equal(monitor.pressure, 1);
    state.sample = { ...IDLE, eventLoopDelayMs: 75 };
    samples(40);
    assert.equal(monitor.pressure.toFixed(3), '0.500');
    state.sample = { ...IDLE, eventLoopDelayMs: 45 };
    samples(40);
    assert.equal(monitor.pressure, 0);
    state.sample = { ...IDLE, eventLoopDelayMs: 75 };
    samples(40);
    assert.equal(monitor.pressure, 0);
  });

  it('does not refuse for ever for a delay that is less than what is set, whatever it comes from', () => {
    const { monitor, state, samples } = monitorOf();
    state.sample = { ...IDLE, eventLoopDelayMs: 1000 };
    samples(20);
    state.sample = { ...IDLE, eventLoopDelayMs: 110 };
    samples(20);
    assert.equal(monitor.pressure, 1);
    samples(220);
    assert.equal(monitor.pressure, 0);
    state.sample = { ...IDLE, eventLoopDelayMs: 300 };
    samples(48);
    assert.equal(monitor.pressure, 1, 'and is ready for the next one');
  });

  it('counts the heap, and the container where it has a limit', () => {
    for (const signal of ['heap', 'container'] as const) {
      const { monitor, state, samples } = monitorOf();
      state.sample = { ...IDLE, [signal]: 0.925 };
      samples(40);
      assert.equal(monitor.pressures[signal].toFixed(3), '0.500', signal);
      assert.equal(monitor.pressure, monitor.pressures[signal]);
      state.sample = { ...IDLE, [signal]: 0.97 };
      samples(40);
      assert.ok(monitor.pressure > 0.999);
    }
  });

  it('follows the settings of the moment, and can be switched off', () => {
    const { monitor, state, samples, changes } = monitorOf();
    state.sample = { overMs: 250, eventLoopDelayMs: 1000, heap: 0.99, container: 0.99 };
    samples(40);
    assert.ok(monitor.pressure > 0.9);
    state.settings = { enabled: true, eventLoopDelay: 0, memory: 1 };
    samples(1);
    assert.equal(monitor.pressure, 0);
    state.settings = SETTINGS;
    samples(40);
    assert.ok(monitor.pressure > 0.9);
    state.settings = { ...SETTINGS, enabled: false };
    samples(1);
    assert.equal(monitor.pressure, 0);
    assert.equal(changes.at(-1)?.overloaded, false);
  });

  it('leaves no timer behind', () => {
    const { monitor, clock, samples } = monitorOf();
    samples(3);
    assert.equal(clock.waiting, 1);
    monitor.close();
    assert.equal(clock.waiting, 0);
  });
});

describe('pressure', () => {
  it('is half-way from the threshold to its double where a steady delay is', () => {
    const gauge = new PressureGauge();
    const taken = Array.from({ length: 200 }, () => gauge.take({ ...IDLE, eventLoopDelayMs: 300 }, SETTINGS));
    assert.equal(taken.at(-1)?.['event-loop'].toFixed(3), '0.500');
  });

  it('is 0 to 1, and no less where every sample was worse', () => {
    const sample = fc.record({
      overMs: fc.double({ min: 0, max: 5000, noNaN: true }),
      eventLoopDelayMs: fc.double({ min: 0, max: 5000, noNaN: true }),
      heap: fc.double({ min: 0, max: 1.5, noNaN: true }),
      container: fc.double({ min: 0, max: 1.5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, sample), { minLength: 1, maxLength: 30 }), (pairs) => {
        const [better, worse] = [new PressureGauge(), new PressureGauge()];
        for (const [base, more] of pairs) {
          const low = better.take(base, SETTINGS);
          const high = worse.take(
            {
              overMs: base.overMs,
              eventLoopDelayMs: base.eventLoopDelayMs + more.eventLoopDelayMs,
              heap: base.heap + more.heap,
              container: base.container + more.container,
            },
            SETTINGS,
          );
          for (const signal of ['event-loop', 'heap', 'container'] as const) {
            assert.ok(low[signal] >= 0 && high[signal] <= 1);
            assert.ok(high[signal] >= low[signal]);
          }
        }
      }),
    );
  });
});

describe('the load of this process', () => {
  it('is measured', (context) => {
    const load = watchProcessLoad();
    context.after(() => load.close());
    const { eventLoopDelayMs, heap, container } = load.sample();
    assert.ok(eventLoopDelayMs >= 0);
    assert.ok(heap > 0 && heap < 1);
    assert.ok(container >= 0 && container < 1);
  });

  it('is seen also where one turn of the loop takes longer than the time between two samples', async (context) => {
    const load = watchProcessLoad();
    context.after(() => load.close());
    const delays: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const end = performance.now() + 60;
      while (performance.now() < end);
      await new Promise((resolve) => void setTimeout(resolve, 1));
      delays.push(load.sample().eventLoopDelayMs);
    }
    for (const delay of delays) assert.ok(delay >= 40, delays.join(' '));
  });

  it('has a container limit only where one is set', () => {
    const machine = 16 * 2 ** 30;
    assert.equal(containerLimit(0, machine), undefined);
    assert.equal(containerLimit(2 ** 64, machine), undefined);
    assert.equal(containerLimit(2 ** 30, machine), 2 ** 30);
  });
});
