import assert from 'node:assert/strict';
import { it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { type Admission, type BreakerState, type CallOutcome, CircuitBreaker } from './circuit-breaker.ts';
import type { BreakerSettings } from './settings.ts';

/** Time goes in steps of one bucket, so that the window has no ragged edge. */
const STEP = 500;
const SETTINGS: BreakerSettings = {
  failures: 3,
  failureRate: 0.5,
  window: 20 * STEP,
  minimumCalls: 5,
  slowAfter: 1000,
  openFor: 8 * STEP,
  probes: 2,
};

interface Said {
  readonly at: number;
  readonly outcome: CallOutcome;
  readonly slow: boolean;
}

function isBad({ outcome, slow }: Said): boolean {
  return outcome === 'failure' || (outcome === 'success' && slow);
}

/** The breaker, told as what is on record since the state began; everything is looked up in the record again each time. */
class NaiveBreaker {
  now = 0;
  state: 'closed' | 'open' | 'half-open' = 'closed';
  until = 0;
  /** Admissions and results of the present state. */
  admittedAt: number[] = [];
  said: Said[] = [];
  period = 0;

  shown(): BreakerState {
    return this.state === 'open' && this.now >= this.until ? 'half-open' : this.state;
  }

  begin(state: BreakerState): void {
    this.state = state;
    this.period += 1;
    this.admittedAt = [];
    this.said = [];
  }

  wait(): number {
    if (this.shown() === 'closed') return 0;
    if (this.shown() === 'open') return this.until - this.now;
    if (this.state === 'open' || this.admittedAt.length - this.said.length < SETTINGS.probes) return 0;
    return Math.max(0, Math.max(...this.admittedAt) + SETTINGS.openFor - this.now);
  }

  admit(): boolean {
    if (this.wait() > 0) return false;
    if (this.shown() === 'half-open' && this.state === 'open') this.begin('half-open');
    this.admittedAt.push(this.now);
    return true;
  }

  say(period: number, outcome: CallOutcome, slow: boolean): void {
    if (period !== this.period) return;
    this.said.push({ at: this.now, outcome, slow });
    if (this.state === 'half-open') {
      if (this.said.some(isBad)) this.trip(this.now + SETTINGS.openFor);
      else if (this.said.filter((one) => one.outcome === 'success').length >= SETTINGS.probes) this.begin('closed');
      return;
    }
    const told = this.said.filter((one) => one.outcome !== 'ignored');
    const row = told.slice(-SETTINGS.failures);
    const recent = told.filter((one) => one.at > this.now - SETTINGS.window);
    const isRow = row.length === SETTINGS.failures && row.every((one) => one.outcome === 'failure');
    const isRate =
      outcome !== 'ignored' &&
      recent.length >= SETTINGS.minimumCalls &&
      recent.filter(isBad).length / recent.length >= SETTINGS.failureRate;
    if (isRow || isRate) this.trip(this.now + SETTINGS.openFor);
  }

  tell(until: number): void {
    if (until <= this.now) return;
    if (this.state === 'open') this.until = Math.max(this.until, until);
    else this.trip(until);
  }

  trip(until: number): void {
    this.begin('open');
    this.until = until;
  }
}

interface Real {
  readonly clock: FakeClock;
  readonly breaker: CircuitBreaker;
  readonly told: BreakerState[];
  readonly admissions: (readonly [Admission, period: number])[];
}

type Step = fc.Command<NaiveBreaker, Real>;

function step(words: string, run: (model: NaiveBreaker, real: Real) => void): Step {
  return {
    check: () => true,
    run(model, real) {
      run(model, real);
      const { breaker, told } = real;
      assert.equal(breaker.state, model.shown());
      assert.equal(breaker.retryAfterMs, model.wait());
      assert.equal(told.at(-1) ?? 'closed', model.state);
      if (model.state === 'half-open') {
        assert.equal(breaker.snapshot().probesInFlight, model.admittedAt.length - model.said.length);
      }
    },
    toString: () => words,
  };
}

const advance = (steps: number): Step =>
  step(`advance(${steps})`, (model, real) => {
    model.now += steps * STEP;
    real.clock.advance(steps * STEP);
  });

const admit = (): Step =>
  step('admit', (model, real) => {
    const admission = real.breaker.admit();
    assert.equal(admission !== undefined, model.admit());
    if (admission) real.admissions.push([admission, model.period]);
  });

/** Of any call that was ever admitted, even of one that has spoken: only the first word counts. */
function done(pick: number, outcome: CallOutcome, slow: boolean, twice: boolean): Step {
  return step(`done(${pick}, ${outcome}${slow ? ', slow' : ''})`, (model, real) => {
    const { admissions } = real;
    if (admissions.length === 0) return;
    const at = pick % admissions.length;
    const [admission, period] = admissions[at] ?? assert.fail();
    const durationMs = slow ? 1001 : 1000;
    admission.done(outcome, durationMs);
    model.say(period, outcome, slow);
    if (twice) admission.done('failure', durationMs);
    admissions.splice(at, 1);
  });
}

/** One call from its beginning to its end, so that results come in rows as well. */
const call = (outcome: CallOutcome, slow: boolean): Step =>
  step(`call(${outcome}${slow ? ', slow' : ''})`, (model, real) => {
    const admission = real.breaker.admit();
    assert.equal(admission !== undefined, model.admit());
    admission?.done(outcome, slow ? 1001 : 1000);
    if (admission) model.say(model.period, outcome, slow);
  });

const tell = (steps: number): Step =>
  step(`open(${steps})`, (model, real) => {
    real.breaker.open(real.clock.monotonic() + steps * STEP);
    model.tell(model.now + steps * STEP);
  });

const outcomes = fc.constantFrom<CallOutcome>('success', 'success', 'failure', 'failure', 'ignored');
const isSlow = fc.constantFrom(true, false, false, false);
const calls = fc.tuple(outcomes, isSlow).map((args) => call(...args));
const steps = [
  fc.integer({ min: 0, max: 12 }).map(advance),
  fc.constant(admit()),
  fc.tuple(fc.nat(50), outcomes, isSlow, fc.boolean()).map((args) => done(...args)),
  calls,
  calls,
  calls,
  calls,
  calls,
  fc.integer({ min: -20, max: 10 }).map(tell),
];

it('does at every step what a breaker does that looks everything up', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.commands(steps, { maxCommands: 120, size: 'max' }), (commands) => {
      fc.modelRun(() => {
        const clock = new FakeClock();
        const told: BreakerState[] = [];
        const breaker = new CircuitBreaker(SETTINGS, clock, (state, cause) => {
          told.push(state);
          const what = `${state} ${cause}`;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        });
        return { model: new NaiveBreaker(), real: { clock, breaker, told, admissions: [] } };
      }, commands);
    }),
    { numRuns: 800 },
  );
  for (const cause of ['failures-in-a-row', 'failure-rate', 'probe-failed', 'told']) {
    assert.ok((seen.get(`open ${cause}`) ?? 0) > 20, `the steps should open it by ${cause}`);
    assert.ok((seen.get(`closed ${cause}`) ?? 0) > 0, `the steps should close it after ${cause}`);
  }
});
