import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { type ArmSums, emptySums, noteRequest, noteScore } from '../statistics/moments.ts';
import {
  type CanaryCounts,
  type CanaryDefinition,
  type CanaryInput,
  type CanaryState,
  shareOf,
  startCanary,
} from './canary.ts';
import { type CanaryAction, decide, steer } from './decide.ts';

const MINUTE = 60_000;
const DEFINITION: CanaryDefinition = {
  steps: [1, 5, 25, 50, 100],
  each: { requests: 1000, timeMs: 10 * MINUTE },
  guards: [
    { metric: 'errors', tolerance: 0.01 },
    { metric: 'latency', tolerance: 0.25 },
    { metric: 'feedback', tolerance: 0.2 },
  ],
  alpha: 0.05,
};

interface Arm {
  readonly requests: number;
  readonly errors?: number;
  readonly latencyMs?: number;
  /** Of ten. */
  readonly liked?: number;
}

function armOf({ requests, errors = 0, latencyMs = 500, liked = 8 }: Arm): ArmSums {
  const sums = emptySums();
  for (let at = 0; at < requests; at += 1) {
    noteRequest(sums, { isError: at < errors, latencyMs: latencyMs * (0.5 + (at % 10) / 10) });
    if (at % 3 === 0) noteScore(sums, 'feedback', (at / 3) % 10 < liked ? 1 : 0);
  }
  return sums;
}

function countsOf(candidate: Arm, stable: Arm): CanaryCounts {
  return { candidate: armOf(candidate), stable: armOf(stable) };
}

/** What every step before the last has shown where nothing is wrong. */
const QUIET = [
  countsOf({ requests: 10 }, { requests: 990, errors: 5 }),
  countsOf({ requests: 50 }, { requests: 950, errors: 5 }),
  countsOf({ requests: 250, errors: 1 }, { requests: 750, errors: 4 }),
];

const at = (step: number, more: Partial<CanaryState> = {}): CanaryState => ({ ...startCanary(0), step, ...more });
const after = (minutes: number, ...steps: CanaryCounts[]): CanaryInput => ({ steps, nowMs: minutes * MINUTE });

describe('a canary', () => {
  test('goes up step by step, after enough requests and enough time', () => {
    const [first] = QUIET;
    assert.ok(first);
    const few = countsOf({ requests: 9 }, { requests: 900 });
    assert.match(decide(DEFINITION, at(0), after(30, few)).reason, /^at 1 %: 909 of at least 1000 requests, 30 of/);
    assert.equal(decide(DEFINITION, at(0), after(9, first)).event, undefined);
    const { state, event } = decide(DEFINITION, at(0), after(10, first));
    assert.deepEqual([state.status, state.step, state.stepSinceMs], ['running', 1, 10 * MINUTE]);
    assert.deepEqual(state.history, [event]);
    assert.deepEqual([event?.kind, event?.share, event?.by], ['step', 5, 'itself']);
    assert.equal(event?.reason, 'from 1 % to 5 %: 1000 requests showed no harm beyond what is tolerated');
  });

  test('does not go up where one of the arms had next to nothing, says so, and asks a person in the end', () => {
    for (const [arm, counts] of [
      ['candidate', countsOf({ requests: 0 }, { requests: 2000 })],
      ['stable arm', countsOf({ requests: 2000 }, { requests: 0 })],
    ] as const) {
      const waits = decide(DEFINITION, at(0), after(30, counts));
      assert.equal(waits.event, undefined);
      assert.match(waits.reason, new RegExp(`^stays at 1 %: of the requests of this step the ${arm} had none`));
    }
    const few = countsOf({ requests: 4 }, { requests: 996 });
    assert.match(decide(DEFINITION, at(0), after(30, few)).reason, /had 4, and at least 5 are needed.*`by: request`/);
    assert.equal(decide(DEFINITION, at(0), after(30, countsOf({ requests: 5 }, { requests: 995 }))).state.step, 1);
    const half = [...QUIET, countsOf({ requests: 49 }, { requests: 4000 })];
    assert.match(decide(DEFINITION, at(3), after(30, ...half)).reason, /had 49, and at least 50 are needed/);
    const long = decide(DEFINITION, at(0), after(200, countsOf({ requests: 0 }, { requests: 20_000 })));
    assert.deepEqual([long.state.status, long.state.hold], ['holding', 'undecided']);
    assert.match(long.event?.reason ?? '', /the candidate had none/);
    const later = decide(DEFINITION, long.state, after(201, countsOf({ requests: 90 }, { requests: 21_000 })));
    assert.equal(later.state.step, 1, 'goes on by itself');
  });

  test('gets everything once harm beyond what is tolerated is excluded', () => {
    const last = countsOf({ requests: 4000, errors: 20 }, { requests: 4000, errors: 20 });
    const { state, event, reason } = decide(DEFINITION, at(3), after(60, ...QUIET, last));
    assert.deepEqual([state.status, event?.kind, event?.share], ['promoted', 'promoted', 100]);
    assert.match(reason, /excluded for the rate of errors, the time of a typical answer, feedback$/);
  });

  test('waits at the last step while it is not clear, then asks a person, and goes on when it has become clear', () => {
    const unclear = countsOf({ requests: 600 }, { requests: 600 });
    const waits = decide(DEFINITION, at(3), after(60, ...QUIET, unclear));
    assert.equal(waits.event, undefined);
    assert.match(waits.reason, /^at 50 %, and not clear yet: /);
    const definition = { ...DEFINITION, guards: [{ metric: 'judge', tolerance: 0.05 }] as const };
    const long = countsOf({ requests: 5000 }, { requests: 5000 });
    const { state, event, reason } = decide(definition, at(3), after(100, ...QUIET, long));
    assert.deepEqual([state.status, state.hold, event?.kind, event?.share], ['holding', 'undecided', 'hold', 50]);
    assert.match(
      reason,
      /no values of judged quality in either arm. Somebody has to decide: remove the guard without values, promote/,
    );
    const again = decide(definition, state, after(101, ...QUIET, long));
    assert.equal(again.state, state);
    assert.equal(decide(DEFINITION, state, after(102, ...QUIET, long)).state.status, 'promoted');
  });

  test('leaves out a usual guard of which there are no values, and says so; one that was written holds it', () => {
    const last = countsOf({ requests: 4000, errors: 20 }, { requests: 4000, errors: 20 });
    const unmeasured = [
      { metric: 'ttft', tolerance: 0.25 },
      { metric: 'cost', tolerance: 1 },
    ] as const;
    const usual = unmeasured.map((guard) => ({ ...guard, isUsual: true }) as const);
    const all = after(60, ...QUIET, last);
    const promoted = decide({ ...DEFINITION, guards: [...DEFINITION.guards, ...usual] }, at(3), all);
    assert.equal(promoted.state.status, 'promoted');
    assert.match(
      promoted.reason,
      /answer, feedback; left out, as there are no values of it: the time to the first token/,
    );
    const written = decide({ ...DEFINITION, guards: [...DEFINITION.guards, ...unmeasured] }, at(3), all);
    assert.equal(written.event, undefined);
    assert.match(written.reason, /there are no values of the time to the first token in either arm/);
    const one = emptySums();
    noteRequest(one, { isError: false, costNanoUsd: 1 });
    const some = after(60, ...QUIET.slice(0, 2), { candidate: one, stable: emptySums() }, last);
    const known = decide({ ...DEFINITION, guards: [...DEFINITION.guards, ...usual] }, at(3), some);
    assert.equal(known.event, undefined, 'what has values is not left out');
  });

  const harms: readonly (readonly [string, CanaryCounts, RegExp])[] = [
    [
      'errors',
      countsOf({ requests: 25, errors: 12 }, { requests: 475, errors: 2 }),
      /rate of errors is 48 points higher/,
    ],
    [
      'latency',
      countsOf({ requests: 25, latencyMs: 1500 }, { requests: 475 }),
      /typical answer is 1\d\d % higher .* 25 % are/,
    ],
    [
      'feedback',
      countsOf({ requests: 500, liked: 4 }, { requests: 500 }),
      /feedback is 50 % lower than the stable arm's/,
    ],
  ];
  for (const [metric, counts, text] of harms) {
    test(`is taken back at once where ${metric} show harm, whatever it was doing`, () => {
      for (const status of ['running', 'holding', 'paused'] as const) {
        const { state, event, reason } = decide(DEFINITION, at(0, { status }), after(1, counts));
        assert.deepEqual(
          [state.status, event?.kind, event?.metric, event?.share],
          ['rolled_back', 'rolled_back', metric, 0],
        );
        assert.match(reason, text);
        assert.equal(shareOf(DEFINITION, state), 0);
      }
    });
  }

  test('is not taken back for harm that is sure and tolerated, nor for what may be chance', () => {
    const slower = countsOf({ requests: 500, latencyMs: 575 }, { requests: 500 });
    assert.equal(decide(DEFINITION, at(0), after(1, slower)).event, undefined);
    const one = countsOf({ requests: 10, errors: 1 }, { requests: 990, errors: 5 });
    assert.equal(decide(DEFINITION, at(0), after(1, one)).event, undefined);
  });

  test('stays at an early step while it looks harmful', () => {
    const looks = countsOf({ requests: 50, errors: 5 }, { requests: 950, errors: 5 });
    const { state, reason, guards } = decide(
      DEFINITION,
      at(1),
      after(60, countsOf({ requests: 10 }, { requests: 990 }), looks),
    );
    assert.equal(guards[0]?.standing, 'suspicious');
    assert.deepEqual([state.status, state.step], ['running', 1]);
    assert.match(reason, /the rate of errors is [\d.]+ points higher so far, 1 point is tolerated/);
  });

  test('holds where the arms do not get what was planned, until a person accepts it', () => {
    const [first] = QUIET;
    assert.ok(first);
    const drawn = { ...first, drawn: { candidate: 60, stable: 940 } };
    const held = decide(DEFINITION, at(0), after(10, drawn));
    assert.deepEqual([held.state.status, held.state.hold], ['holding', 'mismatch']);
    assert.match(held.reason, /drawn for 60 of 1000 \(6 %\)/);
    assert.equal(decide(DEFINITION, held.state, after(20, drawn)).state, held.state);
    const harmful = { ...countsOf({ requests: 25, errors: 12 }, { requests: 475, errors: 2 }), drawn: drawn.drawn };
    assert.equal(decide(DEFINITION, at(0), after(10, harmful)).state.status, 'rolled_back');
    const resumed = steer(DEFINITION, held.state, 'resume', 20 * MINUTE);
    assert.ok(resumed);
    assert.deepEqual([resumed.event.kind, resumed.event.by], ['resumed', 'person']);
    assert.equal(decide(DEFINITION, resumed.state, after(30, drawn)).state.step, 1);
  });
});

const ARM: fc.Arbitrary<Arm> = fc
  .record({
    requests: fc.integer({ min: 0, max: 1200 }),
    part: fc.double({ min: 0, max: 0.2, noNaN: true }),
    latencyMs: fc.constantFrom(400, 500, 700, 1500),
    liked: fc.nat({ max: 10 }),
  })
  .map(({ part, ...arm }) => ({ ...arm, errors: Math.floor(part * arm.requests) }));
const COUNTS = fc.array(fc.tuple(ARM, ARM), { minLength: 1, maxLength: 4 });
const STATUS = fc.constantFrom('running', 'holding', 'paused', 'promoted', 'rolled_back');
const ACTIONS: readonly CanaryAction[] = ['advance', 'promote', 'rollback', 'pause', 'resume'];
const height = ({ status, step }: CanaryState): number =>
  status === 'rolled_back' ? -1 : status === 'promoted' ? 99 : step;

describe('laws of canaries', () => {
  test('the same gives the same, nothing is changed in place, and what is over stays so', () => {
    fc.assert(
      fc.property(COUNTS, STATUS, fc.nat({ max: 200 }), (counts, status, minutes) => {
        const state = at(counts.length - 1, { status });
        const input = after(minutes, ...counts.map(([candidate, stable]) => countsOf(candidate, stable)));
        const before = JSON.stringify([state, input]);
        const first = decide(DEFINITION, state, input);
        assert.deepEqual(decide(DEFINITION, state, input), first);
        assert.equal(JSON.stringify([state, input]), before);
        assert.equal(first.event === undefined, first.state === state);
        // Decided again about what has become of it, it stays.
        assert.equal(decide(DEFINITION, first.state, input).state, first.state);
        if (status === 'promoted' || status === 'rolled_back') assert.equal(first.state, state);
        if (status === 'paused') assert.ok(first.state === state || first.state.status === 'rolled_back');
        assert.deepEqual(JSON.parse(JSON.stringify(first.state)), first.state);
      }),
      { numRuns: 60 },
    );
  });

  test('more harm never takes it higher', () => {
    fc.assert(
      fc.property(COUNTS, fc.nat({ max: 200 }), fc.nat({ max: 200 }), (counts, minutes, more) => {
        const state = at(counts.length - 1);
        const harmed = counts.map(([{ requests, errors = 0, latencyMs = 500, liked = 8 }, stable], step) => {
          const isLast = step === counts.length - 1;
          const worse = { requests, errors: Math.min(requests, errors + (isLast ? more : 0)), latencyMs, liked };
          return countsOf(worse, stable);
        });
        const asIs = counts.map(([candidate, stable]) => countsOf(candidate, stable));
        const [calm, bad] = [asIs, harmed].map((steps) => decide(DEFINITION, state, after(minutes, ...steps)).state);
        assert.ok(calm && bad && height(bad) <= height(calm));
      }),
      { numRuns: 100 },
    );
  });

  test('a person can always take it back at once, and nobody brings back what was', () => {
    fc.assert(
      fc.property(STATUS, fc.nat({ max: 3 }), fc.constantFrom(...ACTIONS), (status, step, action) => {
        const state = at(step, { status });
        const steered = steer(DEFINITION, state, action, 5);
        if (status === 'rolled_back') assert.equal(steered, undefined);
        else if (action === 'rollback') assert.equal(steered?.state.status, 'rolled_back');
        else if (status === 'promoted') assert.equal(steered, undefined);
        else if (action === 'promote') assert.equal(steered?.state.status, 'promoted');
        else if (action === 'advance') assert.ok(steered && height(steered.state) > height(state));
        if (steered) assert.deepEqual(steered.state.history.at(-1), steered.event);
      }),
    );
  });

  test('the history is bounded', () => {
    let state = startCanary(0);
    for (let turn = 0; turn < 300; turn += 1) {
      state = steer(DEFINITION, state, turn % 2 === 0 ? 'pause' : 'resume', turn)?.state ?? state;
    }
    assert.equal(state.history.length, 100);
    assert.equal(state.history.at(-1)?.atMs, 299);
  });
});
