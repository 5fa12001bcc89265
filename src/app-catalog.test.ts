import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { variantOf } from './app-catalog.ts';
import type { VariantSettings } from './config/schema.ts';
import { parseConfig } from './config/load.ts';
import { readRollout } from './config/read-rollout.ts';

const YAML = `
models:
  chat:
    route:
      by: weight
      targets: [{ target: sim/small }, { target: sim/large }]
      rules: [{ name: private, when: { sensitive: true }, targets: [sim/echo] }]
    fallback: [sim/small]
  plain: { target: sim/large, timeouts: { total: 5s } }
`;
const { config } = parseConfig(YAML, { path: 'causeway.yaml', env: {} });

function setOf(set: object): VariantSettings {
  return readRollout('flags', 'f', { model: 'chat', set }, config).set;
}

function variant(model: string, ...sets: object[]) {
  return variantOf(model, sets.map(setOf), config);
}

describe('a variant of a virtual model', () => {
  it('promise 12: keeps the rules that say who may see a request, whatever target is tried', () => {
    for (const set of [{ target: 'sim/large' }, { route: { by: 'cost', targets: [{ target: 'sim/large' }] } }]) {
      const { route } = variant('chat', set);
      assert.deepEqual(
        route?.rules.map(({ name }) => name),
        ['private'],
      );
      assert.deepEqual(
        route?.candidates.map(({ target }) => target.model),
        ['large'],
      );
    }
  });

  it('has the rules that it names in their place', () => {
    const rules = [{ name: 'own', when: { tools: true }, targets: ['sim/echo'] }];
    const { route } = variant('chat', { route: { targets: [{ target: 'sim/large' }], rules } });
    assert.deepEqual(
      route?.rules.map(({ name }) => name),
      ['own'],
    );
  });

  it('leaves what it does not name, and lets the last one win', () => {
    const plain = variant('plain', { target: 'sim/small' }, { fallback: ['sim/echo'] }, { target: 'sim/echo' });
    assert.deepEqual(plain.target, { provider: 'sim', model: 'echo' });
    assert.deepEqual(plain.fallback, [{ provider: 'sim', model: 'echo' }]);
    assert.equal(plain.timeouts?.total, 5000);
    assert.equal(plain.route, undefined);
    const routed = variant('chat', { fallback: [] });
    assert.equal(routed.route?.candidates.length, 2);
  });

  it('is refused with what is wrong with it, whatever else is missing', () => {
    for (const [set, problem] of [
      [{ route: { targets: [] } }, /f\.set\.route\.targets: an empty list/],
      [{ route: { by: 'cost' } }, /f\.set\.route\.targets: missing/],
      [{ traget: 'sim/echo' }, /^ConfigError: request:\d+:\d+: flags\.f\.set\.traget: unknown key[^\n]*$/],
      [{}, /empty, so that nothing/],
    ] as const) {
      assert.throws(() => setOf(set), problem);
    }
    const empty = { model: 'chat', arms: [] };
    assert.throws(() => readRollout('experiments', 'e', empty, config), /experiments\.e\.arms: not a section/);
    assert.throws(() => readRollout('experiments', 'e', { model: 'chat' }, config), /arms: fewer than two/);
  });

  it('means the characters of a variable where the admin API has them', () => {
    for (const system of ['Home is ${HOME}.', 'Home is $${HOME}.', '${X:-d}']) {
      assert.equal(setOf({ prompt: { version: 'p@1.0.0', system } }).prompt?.system, system);
    }
  });

  it('has a version of its own, by which its cached answers are told apart', () => {
    const versions = [{}, { target: 'sim/small' }, { parameters: { temperature: 0 } }].map(
      (set) => variantOf('plain', Object.keys(set).length === 0 ? [] : [setOf(set)], config).version,
    );
    assert.equal(new Set(versions).size, 3);
  });
});
