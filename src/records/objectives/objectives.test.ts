import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { makeRecord } from '../../../test/support/make-record.ts';
import { parseExposition } from '../../../test/support/parse-exposition.ts';
import type { NewEvent } from '../events/event.ts';
import type { CallRecord } from '../journal/record.ts';
import { ObjectiveMetrics } from '../metrics/objective-metrics.ts';
import { Registry } from '../metrics/registry.ts';
import { BurnWatch } from './burn-watch.ts';
import { type ModelsWithObjectives, ObjectiveTracker, objectiveTargets } from './objective-tracker.ts';
import type { ObjectiveSettings } from './settings.ts';
import { objectiveView } from './view.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WINDOW = { window: 30 * DAY };
const ALL: ObjectiveSettings = {
  availability: 0.999,
  latency: { below: 10_000, of: 0.95 },
  ttft: { below: 2000, of: 0.9 },
  costPer1kTokens: 0.01,
  ...WINDOW,
};

const FAILED = { status: 'failed', error: { code: 'provider_error', message: '', origin: 'provider' } } as const;

function setUp(settings: ObjectiveSettings = ALL) {
  const clock = new FakeClock();
  const told: (NewEvent | string)[] = [];
  let models: ModelsWithObjectives = new Map([['chat', { objectives: settings }]]);
  const registry = new Registry();
  const metrics = new ObjectiveMetrics(registry, () => objectiveTargets(models));
  const tracker = new ObjectiveTracker({ models: () => models, clock, metrics });
  const events = {
    raise: (event: NewEvent) => void told.push(event),
    resolve: (dedupe: string) => void told.push(dedupe),
  };
  const watch = new BurnWatch({ tracker, clock, scheduler: clock, events });
  return {
    clock,
    told,
    tracker,
    watch,
    setModels: (next: ModelsWithObjectives) => void (models = next),
    send: (count: number, parts: Partial<CallRecord> = {}): void => {
      for (let sent = 0; sent < count; sent += 1) tracker.observe(makeRecord(parts));
    },
    view: (name: string) => {
      const found = tracker.all.find(({ objective }) => objective.name === name);
      assert.ok(found);
      return objectiveView(found, clock);
    },
    exposed: () => parseExposition(registry.expose()).samples,
  };
}

type Counted = readonly [good: number | undefined, bad: number | undefined];

const NOTHING: Counted = [0, 0];
const CASES: readonly [what: string, parts: Partial<CallRecord>, counted: Record<string, Counted>][] = [
  ['a quick answer', {}, { availability: [1, 0], latency: [1, 0], ttft: NOTHING }],
  ['a slow answer', { latencyMs: 10_001 }, { availability: [1, 0], latency: [0, 1] }],
  ['a stream', { streamed: true, ttftMs: 2000 }, { ttft: [1, 0] }],
  ['a stream that begins late', { streamed: true, ttftMs: 2001 }, { ttft: [0, 1] }],
  ["a provider's failure", FAILED, { availability: [0, 1], latency: NOTHING, ttft: NOTHING }],
  ['a stream that broke off', { ...FAILED, streamed: true, ttftMs: 50 }, { availability: [0, 1], ttft: [1, 0] }],
  [
    "the gateway's failure",
    { status: 'failed', error: { code: 'gateway_overloaded', message: '', origin: 'gateway' } },
    { availability: [0, 1] },
  ],
  [
    "a client's fault",
    { status: 'failed', error: { code: 'request_invalid', message: '', origin: 'client' } },
    { availability: NOTHING, latency: NOTHING },
  ],
  [
    'a refusal by a limit',
    { status: 'failed', error: { code: 'limit_requests', message: '', origin: 'policy' } },
    { availability: NOTHING, latency: NOTHING },
  ],
  [
    'a client that left soon',
    { status: 'aborted', streamed: true },
    { availability: NOTHING, latency: NOTHING, ttft: NOTHING },
  ],
  [
    'a client that had waited too long',
    { status: 'aborted', streamed: true, latencyMs: 10_500 },
    { availability: NOTHING, latency: [0, 1], ttft: [0, 1] },
  ],
  ['a count of tokens', { operation: 'token-count' }, { availability: NOTHING, latency: NOTHING }],
  ['what is kept at a provider', { operation: 'resource' }, { availability: NOTHING, latency: NOTHING }],
];

for (const [what, parts, counted] of CASES) {
  test(`what counts: ${what}`, () => {
    const { send, view } = setUp();
    send(1, parts);
    for (const [name, expected] of Object.entries(counted)) {
      const { good, bad } = view(name);
      assert.deepEqual([good, bad], expected, name);
    }
  });
}

test('promise 6: cost is of what has a price, and an unknown price makes it neither cheaper nor dearer', () => {
  const { send, view } = setUp();
  assert.deepEqual([view('cost').actual, view('cost').budget_left], [null, null]);
  const usage = { inputTokens: 900, outputTokens: 100 };
  send(1, { usage, costNanoUsd: 5_000_000 });
  send(9, { usage, costNanoUsd: 0, costKnown: false });
  const { usd, tokens, actual, budget_left, burn } = view('cost');
  assert.deepEqual({ usd, tokens, actual, budget_left }, { usd: 0.005, tokens: 1000, actual: 0.005, budget_left: 0.5 });
  assert.equal(burn['1h'], 0.5);
});

test('the error budget is what the window allows, and burn rates are told by window', () => {
  const { send, view, clock } = setUp({ availability: 0.99, ...WINDOW });
  send(980);
  send(5, FAILED);
  clock.advance(2 * HOUR);
  send(15);
  const { good, bad, actual, budget_left, burn, window_seconds } = view('availability');
  assert.deepEqual(
    { good, bad, actual, window_seconds },
    { good: 995, bad: 5, actual: 0.995, window_seconds: 30 * 86_400 },
  );
  assert.equal(budget_left?.toFixed(6), '0.500000');
  const rounded = Object.entries(burn).map(([window, rate]) => [
    window,
    rate === null ? null : Number(rate.toFixed(6)),
  ]);
  assert.deepEqual(Object.fromEntries(rounded), { '5m': 0, '30m': 0, '1h': 0, '6h': 0.5, '3d': 0.5 });
  clock.advance(31 * DAY);
  assert.deepEqual([view('availability').actual, view('availability').budget_left], [null, null]);
});

test('a fast burn is told once, with what shows it, and taken back when it is over', () => {
  const { send, told, clock, watch, view } = setUp({ availability: 0.999, ...WINDOW });
  for (let minute = 0; minute < 6; minute += 1) {
    send(95);
    send(5, FAILED);
    clock.advance(MINUTE);
  }
  const event = told.find((one): one is NewEvent => typeof one !== 'string');
  assert.ok(event);
  assert.equal(event.kind, 'objective_burn');
  assert.equal(event.severity, 'critical');
  assert.equal(event.subject, 'model:chat');
  const { burn, ...evidence } = event.evidence;
  assert.deepEqual(evidence, { model: 'chat', objective: 'availability', target: 0.999, above: 14.4 });
  assert.deepEqual(burn, { '1h': 50, '5m': 50 });
  assert.equal(view('availability').alert, 'critical');
  told.length = 0;
  // The short window is clean again, and what is long since cannot be mended.
  for (let minute = 0; minute < 8; minute += 1) {
    send(100);
    clock.advance(MINUTE);
  }
  assert.equal(told.at(-1), event.dedupe);
  assert.equal(view('availability').alert, null);
  watch.close();
  assert.equal(clock.waiting, 0);
});

test('one bad hour in a good day is no slow burn, and a bad day is one', () => {
  const { send, told, clock } = setUp({ availability: 0.99, ...WINDOW });
  const days = (count: number, failing: number): void => {
    for (let hour = 0; hour < count * 24; hour += 1) {
      send(200 - failing);
      send(failing, FAILED);
      clock.advance(HOUR);
    }
  };
  const warnings = (): number => told.filter((one) => typeof one !== 'string' && one.severity === 'warning').length;
  days(1, 1);
  assert.equal(warnings(), 0, 'half of what the objective allows');
  days(3, 4);
  assert.ok(warnings() > 0, 'twice of it');
});

test('a few bad requests are chance, and nothing is said before enough is known', () => {
  const { send, told, clock } = setUp({ availability: 0.999, ...WINDOW });
  send(4, FAILED);
  clock.advance(10 * MINUTE);
  assert.deepEqual(
    told.filter((one) => typeof one !== 'string'),
    [],
  );
  const late = setUp({ availability: 0.999, ...WINDOW });
  late.send(1000, FAILED);
  late.clock.advance(4 * MINUTE);
  assert.deepEqual(late.told, []);
  late.clock.advance(2 * MINUTE);
  assert.equal(late.told.filter((one) => typeof one !== 'string').length > 0, true);
});

test('what a process before this one had told is taken back once it is known to be over', () => {
  const { told, clock } = setUp({ availability: 0.999, ...WINDOW });
  clock.advance(4 * MINUTE);
  assert.deepEqual(told, []);
  clock.advance(DAY);
  assert.deepEqual(told, ['objective_burn|critical|availability|chat', 'objective_burn|warning|availability|chat']);
});

test('a new configuration changes what it changes; the rest goes on', () => {
  const { send, setModels, view, tracker } = setUp();
  send(3);
  setModels(new Map([['chat', { objectives: { ...ALL, latency: { below: 100, of: 0.95 } } }]]));
  send(1);
  assert.deepEqual([view('availability').good, view('latency').good, view('latency').bad], [4, 0, 1]);
  setModels(new Map([['chat', {}]]));
  assert.deepEqual(tracker.all, []);
  send(1);
});

test('counters begin at 0, and targets are told', () => {
  const { exposed, send } = setUp();
  const valueOf = (name: string, labels: Record<string, string>): number | undefined =>
    exposed().find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
  const bad = { model: 'chat', objective: 'availability', result: 'bad' };
  assert.equal(valueOf('causeway_objective_events_total', bad), 0);
  send(2, FAILED);
  assert.equal(valueOf('causeway_objective_events_total', bad), 2);
  assert.equal(valueOf('causeway_objective_target', { model: 'chat', objective: 'ttft' }), 0.9);
  assert.equal(valueOf('causeway_objective_target', { model: 'chat', objective: 'cost' }), 0.01);
  assert.equal(valueOf('causeway_objective_cost_tokens_total', { model: 'chat' }), 92);
});
