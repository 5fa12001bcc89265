import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';

function problemsIn(text: string): readonly string[] {
  try {
    parseConfig(text, { path: 'causeway.yaml', env: {} });
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError);
    return thrown.problems.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  return [];
}

describe('budgets that cannot be', () => {
  test('mistakes are told with their place', () => {
    const text = `
models: { cheap: { target: sim/echo } }
budgets:
  - { per: user, usd: 0 }
  - { per: user, usd: 1, timeZone: Mars/Olympus }
  - { per: user, usd: 1, degradeTo: { model: chaep } }
  - { per: key, usd: 1, timeZone: UTC }
  - { per: key, usd: 2, hard: true, timeZone: utc }
  - { per: project, usd: 10000000, alertAt: [0.5, 0] }
  - { per: project, id: a, tokens: 9007199254740993 }
`;
    assert.deepEqual(problemsIn(text), [
      '4 budgets[0].usd: a budget of 0 lets nothing pass; write what may be spent',
      '5 budgets[1].timeZone: "Mars/Olympus" is no time zone; write its IANA name, e.g. "Europe/Berlin"',
      '6 budgets[2]: counts the same as budgets[0]; keep one of the two',
      '6 budgets[2].degradeTo.model: there is no virtual model "chaep"; there are: cheap',
      '8 budgets[4]: counts the same as budgets[3]; keep one of the two',
      '9 budgets[5].usd: more than can be counted exactly; write at most 9000000',
      '9 budgets[5].alertAt[1]: reached from the beginning; write more than 0',
      '10 budgets[6].tokens: more than can be counted exactly; write at most 9007199254740991',
    ]);
  });

  test('a field that is wrong by itself is told once', () => {
    assert.deepEqual(problemsIn('budgets: [{ per: user, usd: -1 }]').length, 1);
    assert.match(problemsIn('budgets: [{ per: user }]')[0] ?? '', /one of these keys/);
  });
});
