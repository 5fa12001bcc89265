import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import type { Assignment } from '../../../core/call.ts';
import type { FlagDefinition, Rollout } from '../definition.ts';
import { startCanary } from '../canary/canary.ts';
import type { RolloutUnit } from '../settings.ts';
import { placeOf, seedOf } from './draw.ts';
import { ModelRollouts, type TriedOf } from './model-rollouts.ts';
import { type Trial, canaryTrial, experimentTrial } from './trials.ts';
import { type Drawn, unitOf } from './unit.ts';

const BASE: Assignment = {
  virtualModel: 'chat',
  targets: [{ provider: 'p', model: 'm' }],
  passThroughCredentials: false,
  timeouts: undefined,
};
const FLAG: FlagDefinition = { model: 'chat', enabled: true, by: 'user', users: [], projects: [], keys: [], set: {} };
const NOTHING: TriedOf = { model: 'chat', route: undefined, flags: [], trial: undefined };

interface Ids {
  readonly user?: string;
  readonly conversation?: string;
  readonly key?: string;
  readonly project?: string;
  readonly keyUser?: string;
  readonly id?: string;
}

function callOf({ user, conversation, key = 'k', project = 'p', keyUser, id = 'a'.repeat(32) }: Ids): Drawn {
  return {
    id,
    facts: { user, conversationId: conversation },
    principal: { keyId: key, project, user: keyUser, models: undefined },
  };
}

const ROLLOUT = {
  origin: 'file',
  written: undefined,
  problem: undefined,
  state: null,
  stateVersion: 0,
  createdAt: undefined,
  updatedAt: undefined,
} as const;

function experiment(
  weights: Record<string, number>,
  { id = 'e', share = 1, by = 'user' }: { id?: string; share?: number; by?: RolloutUnit } = {},
): Trial {
  const arms = new Map(Object.entries(weights).map(([name, weight]) => [name, { weight, set: { name } }]));
  const definition = {
    model: 'chat',
    enabled: true,
    by,
    share,
    arms,
    goal: 'cost',
    margin: 0.02,
    confidence: 0.95,
  } as const;
  const rollout = { ...ROLLOUT, kind: 'experiment', id, definition } as const;
  return experimentTrial(rollout, { run: 'r', restarts: 0, sinceMs: 0, verdicts: [] });
}

function canary(percent: number, id = 'c'): Trial {
  const each = { requests: 1, time: 1 };
  const definition = {
    model: 'chat',
    enabled: true,
    by: 'user',
    set: {},
    steps: [percent],
    each,
    confidence: 0.95,
  } as const;
  const rollout = { ...ROLLOUT, kind: 'canary', id, definition } satisfies Rollout<'canary'>;
  return canaryTrial(rollout, { run: 'r', restarts: 0, canary: startCanary(0) });
}

const armFor = (trial: Trial, ids: Ids): string | undefined => trial.armOf(callOf(ids))?.part.arm;
const users = (count: number): string[] => Array.from({ length: count }, (_, at) => `user-${at}`);

/** A model with rollouts, whose variants say what they were made of. */
function modelWith(tried: Partial<TriedOf>) {
  const made: (readonly object[])[] = [];
  const failures: unknown[] = [];
  const model = new ModelRollouts(
    { ...NOTHING, ...tried },
    (name, sets) => {
      made.push(sets);
      if (sets.some((set) => 'broken' in set)) throw new Error('no such model');
      return { ...BASE, virtualModel: name, version: JSON.stringify(sets) };
    },
    (_, error) => failures.push(error),
  );
  return { model, made, failures };
}

/** A square of how far counts are from what was planned, in standard deviations. */
function isNear(count: number, share: number, all: number): void {
  const deviation = Math.sqrt(all * share * (1 - share));
  assert.ok(Math.abs(count - all * share) < 3.5 * deviation, `${count} of ${all} is not ${share}`);
}

function inArm(trial: Trial): (user: string) => boolean {
  return (user) => trial.armOf(callOf({ user }))?.index === 1;
}

describe('who gets what', () => {
  const anyId = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
  const anyIds = fc.record({ user: anyId, conversation: anyId, key: anyId, project: anyId, id: anyId });

  test('depends on nothing but the ids that it is drawn by', () => {
    fc.assert(
      fc.property(
        anyIds,
        anyIds,
        fc.constantFrom('user', 'conversation', 'key', 'project', 'request'),
        (one, other, by) => {
          const trial = experiment({ a: 1, b: 2, c: 3 }, { by });
          const own = { user: ['user', 'project'], conversation: ['conversation', 'project'], request: ['id'] };
          const names: readonly string[] = by === 'key' || by === 'project' ? [by] : own[by];
          const same = Object.fromEntries(
            Object.entries({ ...other, ...one }).map(([name]) => {
              return [name, names.includes(name) ? one[name as keyof typeof one] : other[name as keyof typeof other]];
            }),
          );
          assert.equal(armFor(trial, same), armFor(trial, one));
        },
      ),
    );
  });

  test('whoever holds a key of a user is that user; who names none is the key; users are of a project', () => {
    assert.equal(unitOf(callOf({ keyUser: 'ada', user: 'eve' }), 'user'), 'p/ada');
    assert.equal(unitOf(callOf({ user: 'eve' }), 'user'), 'p/eve');
    assert.equal(unitOf(callOf({ user: 'eve', project: 'q' }), 'user'), 'q/eve');
    assert.equal(unitOf(callOf({}), 'user'), 'k');
    assert.equal(unitOf(callOf({}), 'conversation'), 'k');
    assert.equal(unitOf(callOf({ conversation: 'c' }), 'conversation'), 'p/c');
  });

  test('shares are what was planned', () => {
    const all = users(20_000);
    const planned = experiment({ a: 1, b: 2, c: 7 }, { share: 0.5 });
    const counts = new Map<string | undefined, number>();
    for (const user of all) {
      const arm = armFor(planned, { user });
      counts.set(arm, (counts.get(arm) ?? 0) + 1);
    }
    isNear(counts.get(undefined) ?? 0, 0.5, all.length);
    isNear(counts.get('a') ?? 0, 0.05, all.length);
    isNear(counts.get('b') ?? 0, 0.1, all.length);
    isNear(counts.get('c') ?? 0, 0.35, all.length);
    for (const percent of [0.1, 1, 25, 50]) {
      const trial = canary(percent);
      const candidates = all.filter((user) => armFor(trial, { user }) === 'candidate');
      isNear(candidates.length, percent / 100, all.length);
    }
  });

  test('a growing share takes nothing away from anybody', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(anyId, share, share, (user, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        if (armFor(canary(less * 100), { user }) === 'candidate') {
          assert.equal(armFor(canary(more * 100), { user }), 'candidate');
        }
        const before = armFor(experiment({ a: 1, b: 1 }, { share: less }), { user });
        if (before !== undefined) assert.equal(armFor(experiment({ a: 1, b: 1 }, { share: more }), { user }), before);
      }),
    );
    const everybody = canary(100);
    assert.ok(users(500).every((user) => armFor(everybody, { user }) === 'candidate'));
  });

  test('one draw says nothing of another', () => {
    const all = users(20_000);
    const pairs: [string, (user: string) => boolean, (user: string) => boolean][] = [
      ['experiments', inArm(experiment({ a: 1, b: 1 }, { id: 'e1' })), inArm(experiment({ a: 1, b: 1 }, { id: 'e2' }))],
      ['a canary and an experiment', inArm(canary(50, 'x')), inArm(experiment({ a: 1, b: 1 }, { id: 'x' }))],
      ['canaries with like names', inArm(canary(50, 'model-1')), inArm(canary(50, 'model-2'))],
      [
        'who takes part, and the arm',
        (user) => placeOf(seedOf('experiment:e'), user) < 0.5,
        (user) => placeOf(seedOf('experiment:e:arm'), user) < 0.5,
      ],
    ];
    for (const [what, one, other] of pairs) {
      const cells = [0, 0, 0, 0];
      for (const user of all) {
        const cell = Number(one(user)) * 2 + Number(other(user));
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      const [first = 0, second = 0, third = 0, fourth = 0] = cells;
      const expected = (row: number, column: number): number => (row * column) / all.length;
      const chiSquare = [
        [first, expected(first + second, first + third)],
        [second, expected(first + second, second + fourth)],
        [third, expected(third + fourth, first + third)],
        [fourth, expected(third + fourth, second + fourth)],
      ].reduce((sum, [seen = 0, should = 1]) => sum + (seen - should) ** 2 / should, 0);
      // 0.001 of the chi-square distribution with one degree of freedom.
      assert.ok(chiSquare < 10.83, `${what}: ${chiSquare}`);
    }
  });
});

const flag = (id: string, parts: Partial<FlagDefinition>) => ({ id, definition: { ...FLAG, set: { id }, ...parts } });

const byShare = (count: number) => Array.from({ length: count }, (_, at) => flag(`f${at}`, { share: 0.5 }));

describe('what a call gets', () => {
  test('the route of the admin API, then flags by their names, then the arm', () => {
    const { model, made } = modelWith({
      route: { model: 'chat', enabled: true, set: { route: 1 } },
      flags: [flag('a', {}), flag('b', { users: ['bob'] }), flag('c', { share: 0 })],
      trial: experiment({ only: 1 }),
    });
    const assigned = model.assign(callOf({ user: 'bob' }), BASE);
    assert.deepEqual(made, [[{ route: 1 }, { id: 'a' }, { id: 'b' }, { name: 'only' }]]);
    assert.equal(assigned.arm, 'experiment:e/only');
    assert.deepEqual(
      assigned.rollouts?.map(({ kind, id, arm }) => `${kind}:${id}/${arm}`),
      ['route:chat/on', 'flag:a/on', 'flag:b/on', 'experiment:e/only'],
    );
    assert.deepEqual(
      model.assign(callOf({ user: 'eve' }), BASE).rollouts?.map(({ id }) => id),
      ['chat', 'a', 'e'],
    );
    assert.equal(model.assign(callOf({ user: 'bob' }), BASE), assigned, 'made once');
  });

  test('what the model means by itself where nothing is for it, or what is tried cannot be made', () => {
    const none = modelWith({ flags: [flag('a', { projects: ['q'] }), flag('b', { keys: ['other'] })] });
    assert.equal(none.model.assign(callOf({}), BASE), BASE);
    assert.equal(none.model.assign(callOf({ project: 'q' }), BASE).rollouts?.[0]?.id, 'a');
    assert.equal(none.model.assign(callOf({ key: 'other' }), BASE).rollouts?.[0]?.id, 'b');
    const broken = modelWith({ flags: [flag('a', { set: { broken: true } })] });
    assert.equal(broken.model.assign(callOf({}), BASE), BASE);
    assert.equal(broken.model.assign(callOf({}), BASE), BASE);
    assert.equal(broken.failures.length, 1, 'said once');
  });

  test('forty flags are told apart', () => {
    const flags = Array.from({ length: 40 }, (_, at) => flag(`f${at}`, { users: [`u${at}`] }));
    const { model } = modelWith({ flags, trial: canary(50) });
    for (const at of [0, 31, 32, 39]) {
      const { rollouts } = model.assign(callOf({ user: `u${at}` }), BASE);
      assert.deepEqual(
        rollouts?.map(({ id }) => id),
        [`f${at}`, 'c'],
      );
    }
  });

  test('what twelve flags by share are together is made once each', () => {
    const { model, made } = modelWith({ flags: byShare(12) });
    const names = new Set<string | undefined>();
    for (let round = 0; round < 2; round += 1) {
      for (const user of users(6000)) names.add(model.assign(callOf({ user }), BASE).version);
    }
    assert.ok(names.size > 3000, `${names.size}`);
    // One of them is that none applies.
    assert.equal(made.length, names.size - 1);
  });

  test('with more flags than that, what is used all the time is kept', () => {
    const { model, made } = modelWith({ flags: byShare(16) });
    const usual = model.assign(callOf({ user: 'usual' }), BASE);
    for (const user of users(15_000)) {
      model.assign(callOf({ user }), BASE);
      assert.equal(model.assign(callOf({ user: 'usual' }), BASE), usual);
    }
    assert.ok(made.length > 10_000);
  });
});
