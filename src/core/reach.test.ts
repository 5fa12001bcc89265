import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { cascadePolicy } from '../../test/support/cascade-bench.ts';
import * as fc from '../../test/support/fast-check.ts';
import { ONE_ATTEMPT } from '../../test/support/route-deps.ts';
import { candidate, planOf, ruleOf } from '../../test/support/routing-world.ts';
import type { Assignment, Target } from './call.ts';
import { isSameTarget, mayGoTo, reachableTargets } from './reach.ts';

const name = fc.constantFrom('a', 'b', 'a/b', '');
const target: fc.Arbitrary<Target> = fc.record({ provider: name, model: name });
const at = (provider: string): Target => ({ provider, model: 'm' });

describe('whom a call may go to', () => {
  it('law: anybody where nobody is named, and else those who are', () =>
    fc.assert(
      fc.property(target, fc.array(target, { maxLength: 3 }), (one, confinedTo) => {
        assert.ok(mayGoTo({}, one));
        const isNamed = confinedTo.some(({ provider, model }) => provider === one.provider && model === one.model);
        assert.equal(mayGoTo({ confinedTo }, one), isNamed);
        assert.ok(isSameTarget(one, { ...one }));
      }),
    ));

  it('is everybody whom its rules, its cascade and its ways out name', () => {
    const plain: Assignment = {
      virtualModel: 'chat',
      targets: [at('a'), at('b')],
      passThroughCredentials: false,
      timeouts: undefined,
    };
    assert.deepEqual(reachableTargets(plain), plain.targets);
    const route = planOf('order', [candidate('a')], {
      rules: [ruleOf({ when: {}, targets: [at('rule')] })],
      cascade: cascadePolicy({ to: at('better'), judge: at('judge') }),
    });
    const policy = { ...ONE_ATTEMPT, onContextLength: [at('long')], onContentPolicy: [at('lenient')] };
    assert.deepEqual(
      reachableTargets({ ...plain, route, policy }).map(({ provider }) => provider),
      ['a', 'b', 'long', 'lenient', 'rule', 'better'],
    );
  });
});
