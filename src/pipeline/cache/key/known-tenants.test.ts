import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ASSIGNMENT, EXACT, POLICY } from '../../../../test/support/cache-site.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { type CallParts, makeCall } from '../../../../test/support/make-call.ts';
import type { Call, Principal } from '../../../core/call.ts';
import { digest } from './digest.ts';
import { expectAgain, keyOf } from './key.ts';
import { knownTenant } from './known-tenants.ts';
import { HEADERS, tenantOf } from './tenant.ts';

const some = fc.constantFrom('a', 'b', undefined);
const PRINCIPALS: readonly Principal[] = ['a', 'b'].flatMap((name) => [
  { keyId: `key-${name}`, project: name, user: undefined, models: undefined },
  { keyId: `key-${name}`, organisation: 'o', project: name, user: 'u', models: undefined },
]);
/** One of them keeps no answer to a request that names no temperature. */
const POLICIES = [
  ...(['project', 'user', 'key'] as const).map((scope) => ({ ...POLICY, scope })),
  { ...POLICY, exact: { ...EXACT, maxTemperature: 0 } },
];
const BODIES = ['{"model":"m"}', '{ "model": "m" }', '{"model":"m","seed":1}', '{"model":"m","x":{"a":1,"a":2}}'];

const facets = fc.record({
  principal: fc.constantFrom(undefined, ...PRINCIPALS),
  policy: fc.constantFrom(...POLICIES),
  guardVersion: some,
  model: fc.constantFrom('m', 'n'),
  user: some,
  prefer: fc.constantFrom('cost', 'latency', undefined),
  version: some,
  arm: some,
  promptVersion: some,
  targets: fc.array(fc.record({ provider: fc.constantFrom('p', 'q'), model: fc.constantFrom('x', 'y') }), {
    maxLength: 2,
  }),
  isRouted: fc.boolean(),
  passThroughCredentials: fc.boolean(),
  dialect: fc.constantFrom('openai' as const, 'gemini' as const),
  operation: fc.constantFrom('chat' as const, 'embeddings' as const),
  endpoint: fc.constantFrom('/one', '/two'),
  query: fc.constantFrom('', 'alt=sse', 'x=1'),
  beta: some,
  told: fc.constantFrom(...HEADERS),
  body: fc.constantFrom(...BODIES),
});
type Facets = typeof facets extends fc.Arbitrary<infer Value> ? Value : never;

function callOf({
  principal,
  model,
  user,
  prefer,
  dialect,
  operation,
  endpoint,
  query,
  beta,
  told,
  body,
  ...one
}: Facets): Call {
  const { version, arm, promptVersion, targets, isRouted, passThroughCredentials } = one;
  const assignment = {
    ...ASSIGNMENT,
    targets,
    passThroughCredentials,
    ...(version !== undefined && { version }),
    ...(arm !== undefined && { arm }),
    promptVersion,
    route: isRouted ? ({} as NonNullable<typeof ASSIGNMENT.route>) : undefined,
  };
  const facts: CallParts['facts'] = { model, user, ...(prefer !== undefined && { prefer }) };
  const headers = { [told]: beta };
  const raw = Buffer.from(body);
  return makeCall({ raw, facts, principal, assignment, dialect, operation, endpoint, query, headers });
}

/** Each differs from the one before in at most two facets. */
const chains = fc
  .tuple(facets, fc.array(fc.tuple(facets, fc.nat(18), fc.nat(18)), { minLength: 1, maxLength: 30 }))
  .map(([first, steps]) => {
    const names = Object.keys(first) as (keyof Facets)[];
    const all: Facets[] = [first];
    for (const [next, ...taken] of steps) {
      const changed = Object.fromEntries(taken.map((at) => [names[at] ?? 'model', next[names[at] ?? 'model']]));
      all.push({ ...(all.at(-1) ?? first), ...changed });
    }
    return all;
  });

test('promise 8: a tenant that is known is the one that would be worked out', () => {
  fc.assert(
    fc.property(chains, (all) => {
      for (const one of all) {
        const call = callOf(one);
        const text = tenantOf(call, one.policy, one.guardVersion);
        const known = knownTenant(call, one.policy, one.guardVersion);
        assert.equal(known?.partition, text === undefined ? undefined : digest(text));
      }
    }),
    { numRuns: 60 },
  );
});

test('promise 8: a key that was expected again is the one that is worked out', () => {
  let run = 0;
  fc.assert(
    fc.property(chains, (all) => {
      run += 1;
      // Bodies that no run before has had, so that the first keys are worked out.
      const bodies = all.map((one) => ({ ...one, body: one.body.replace('"m"', `"m","run":${run}`) }));
      const keysOf = (expects: boolean): unknown[] =>
        bodies.map((one, at) => {
          const call = callOf(one);
          // What is amended is not what the bytes say.
          if (at % 5 === 4) call.body.amend({ op: 'set', path: '/seed', value: 7 });
          const key = keyOf(call, one.policy, one.guardVersion);
          if (expects && 'id' in key) expectAgain(call, one.policy, one.guardVersion, key);
          return key;
        });
      const worked = keysOf(false);
      assert.deepEqual(keysOf(true), worked);
      assert.deepEqual(keysOf(false), worked);
    }),
    { numRuns: 60 },
  );
});

test('a key that was expected again is none under a policy that keeps no such answers', () => {
  const [principal] = PRINCIPALS;
  const ask = (): Call => makeCall({ json: { model: 'm', n: 5 }, principal, assignment: ASSIGNMENT });
  const lax = ask();
  const key = keyOf(lax, POLICY);
  assert.ok('id' in key);
  expectAgain(lax, POLICY, undefined, key);
  assert.equal(keyOf(ask(), POLICY), key);
  assert.ok('ineligible' in keyOf(ask(), { ...POLICY, exact: { ...EXACT, maxTemperature: 0 } }));
});
