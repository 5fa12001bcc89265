import assert from 'node:assert/strict';
import { it } from 'node:test';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import { fakeProvider } from '../../../../test/support/fake-provider.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { KeyPool, KeyTurn } from './key-pool.ts';
import { KeyPools } from './key-pools.ts';

const KEYS = ['a', 'b', 'c'];
const MODELS = ['m', 'n'];
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What was said of a key, for a model or (undefined) for all, after it was chosen. */
interface Said {
  readonly key: number;
  readonly model: string | undefined;
  readonly what: 'refused' | 'limited';
  readonly at: number;
  readonly until: number;
}

/** A pool, told as lists of what is in force: everything is looked up in them again each time. */
class NaivePool {
  now = 0;
  inForce: Said[] = [];
  refusedInRow = new Map<string, number>();
  /** When a key was last chosen. */
  chosenAt: { key: number; model: string; at: number }[] = [];
  alarms: number[] = [];

  on(key: number, model: string | undefined): Said[] {
    return this.inForce.filter((one) => one.key === key && (one.model === undefined || one.model === model));
  }

  isRefused(key: number, model: string | undefined): boolean {
    return this.on(key, model).some(({ what }) => what === 'refused');
  }

  /** When it was last known, or is being found out. */
  lastTry(key: number, model: string): number {
    const tries = this.on(key, model)
      .filter(({ what }) => what === 'refused')
      .flatMap((said) => [
        said.at,
        ...this.chosenAt
          .filter((one) => one.key === key && (said.model === undefined || one.model === model) && one.at > said.at)
          .map(({ at }) => at),
      ]);
    return Math.max(...tries);
  }

  isFree(key: number, model: string): boolean {
    const all = this.on(key, model);
    if (all.some(({ until }) => until > this.now)) return false;
    return !this.isRefused(key, model) || this.lastTry(key, model) + 30 * SECOND <= this.now;
  }

  /** The keys of which any may be chosen. */
  choices(model: string): number[] {
    const keys = KEYS.map((_, at) => at);
    const free = keys.filter((key) => this.isFree(key, model));
    if (free.length > 0) return free;
    const limited = keys.filter((key) => !this.isRefused(key, model));
    if (limited.length > 0) return limited.length === 1 ? limited : [];
    const tries = keys.map((key) => this.lastTry(key, model));
    if (Math.max(...tries) + 30 * SECOND > this.now) return [];
    return keys.filter((key) => tries[key] === Math.min(...tries));
  }

  drop(gone: (said: Said) => boolean): void {
    for (const said of this.inForce.filter(gone)) this.refusedInRow.delete(`${said.key} ${said.model}`);
    this.inForce = this.inForce.filter((said) => !gone(said));
  }

  accepted(key: number, model: string, chosenAt: number): void {
    const on = this.on(key, model);
    this.drop((said) => on.includes(said) && chosenAt > said.at);
  }

  limited(key: number, model: string, chosenAt: number, forMs: number): void {
    this.accepted(key, model, chosenAt);
    const before = this.on(key, model).find((said) => said.model === model);
    if (before?.what === 'refused') return;
    const until = Math.max(this.now + Math.max(1000, forMs), before?.until ?? 0);
    this.drop((said) => said === before);
    this.inForce.push({ key, model, what: 'limited', at: this.now, until });
  }

  refused(key: number, model: string, chosenAt: number, isForModel: boolean): void {
    const scope = isForModel ? model : undefined;
    const same = this.inForce.find((said) => said.key === key && said.model === scope);
    if (same?.what === 'refused' && chosenAt <= same.at) return;
    const name = `${key} ${scope}`;
    const times = (same?.what === 'refused' ? (this.refusedInRow.get(name) ?? 0) : 0) + 1;
    const minutes = [5, 10, 20, 40][times - 1] ?? 60;
    this.drop((said) => said === same);
    this.refusedInRow.set(name, times);
    this.inForce.push({ key, model: scope, what: 'refused', at: this.now, until: this.now + minutes * MINUTE });
    if (times === 1) this.alarms.push(KEYS.filter((_, at) => !this.isRefused(at, scope)).length);
  }
}

interface Real {
  readonly clock: FakeClock;
  readonly pool: KeyPool;
  readonly alarms: number[];
  readonly turns: { readonly turn: KeyTurn; readonly key: number; readonly model: string; readonly at: number }[];
  dice: number;
}

type Step = fc.Command<NaivePool, Real>;

function step(words: string, run: (model: NaivePool, real: Real) => void): Step {
  return {
    check: () => true,
    run(model, real) {
      run(model, real);
      for (const name of MODELS) {
        const isFree = KEYS.some((_, at) => model.isFree(at, name));
        assert.equal(real.pool.hasFree(name), isFree, `a free key for ${name}`);
      }
      const refused = KEYS.map((_, at) => model.inForce.some((said) => said.key === at && !said.model));
      assert.deepEqual(
        real.pool.view().map((view) => view.refused),
        refused,
      );
      assert.deepEqual(real.alarms, model.alarms);
    },
    toString: () => words,
  };
}

const advance = (ms: number): Step =>
  step(`advance(${ms})`, (model, real) => {
    model.now += ms;
    real.clock.advance(ms);
  });

const pick = (name: string, dice: number): Step =>
  step(`pick(${name})`, (model, real) => {
    real.dice = dice;
    const choices = model.choices(name);
    if (choices.length === 0) {
      const isAuth = KEYS.every((_, at) => model.isRefused(at, name));
      const code = isAuth ? 'provider_auth_failed' : 'provider_rate_limited';
      assert.throws(() => real.pool.pick(name), { code });
      return;
    }
    const turn = real.pool.pick(name);
    const ids = real.pool.view().map(({ id }) => id);
    const key = ids.indexOf(turn.key?.id ?? '');
    assert.ok(choices.includes(key), `${key} is one of ${choices.join(', ')}`);
    model.chosenAt.push({ key, model: name, at: model.now });
    real.turns.push({ turn, key, model: name, at: model.now });
  });

type Word = 'answer' | 'limited' | 'refused' | 'forbidden' | 'failed';

const report = (which: number, word: Word, forMs: number): Step =>
  step(`report(${which}, ${word}, ${forMs})`, (model, real) => {
    if (real.turns.length === 0) return;
    const [one] = real.turns.splice(which % real.turns.length, 1);
    if (!one) return;
    const { turn, key, model: name, at } = one;
    if (word === 'answer') {
      turn.report(undefined, 200);
      model.accepted(key, name, at);
    } else if (word === 'limited') {
      turn.report(new GatewayError('provider_rate_limited', { retryAfterMs: forMs }), 429);
      model.limited(key, name, at, forMs);
    } else if (word === 'failed') {
      turn.report(new GatewayError('provider_error'), 500);
    } else {
      turn.report(new GatewayError('provider_auth_failed'), word === 'forbidden' ? 403 : 401);
      model.refused(key, name, at, word === 'forbidden');
    }
  });

const LONG = fc.constantFrom(0, 1, SECOND, 10 * SECOND, 30 * SECOND, 5 * MINUTE, 60 * MINUTE);
const WORDS = fc.constantFrom<Word>('answer', 'limited', 'refused', 'refused', 'forbidden', 'failed');

function setUp(): { model: NaivePool; real: Real } {
  const clock = new FakeClock();
  const alarms: number[] = [];
  const { provider } = fakeProvider('openai', { apiKeys: KEYS });
  const pools = new KeyPools({
    clock,
    random: () => real.dice,
    onKeyRefused: ({ left }) => void alarms.push(left),
    onKeyAccepted() {},
  });
  const real: Real = { clock, pool: pools.of(provider), alarms, turns: [], dice: 0 };
  return { model: new NaivePool(), real };
}

it('model: at every moment a key is chosen that may be, and none where none may', () => {
  const steps = fc.commands(
    [
      LONG.map(advance),
      fc.tuple(fc.constantFrom(...MODELS), fc.double({ min: 0, max: 0.999, noNaN: true })).map((args) => pick(...args)),
      fc.tuple(fc.constantFrom(...MODELS), fc.double({ min: 0, max: 0.999, noNaN: true })).map((args) => pick(...args)),
      fc.tuple(fc.nat(9), WORDS, LONG).map((args) => report(...args)),
    ],
    { maxCommands: 60, size: 'max' },
  );
  fc.assert(
    fc.property(steps, (commands) => fc.modelRun(setUp, commands)),
    { numRuns: 1000 },
  );
});
