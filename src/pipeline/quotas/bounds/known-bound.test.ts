import assert from 'node:assert/strict';
import { test } from 'node:test';

import { boundedCatalog, targetOf } from '../../../../test/support/bounded-catalog.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import type { Assignment, Call, Dialect } from '../../../core/call.ts';
import { expectSame } from '../../../core/coming-again.ts';
import { type BoundOptions, boundOf } from './bound-of.ts';
import { capOutput } from './cap-output.ts';

const CATALOG = boundedCatalog();
const USUAL_PRICE = CATALOG.priceOf.bind(CATALOG);
const DEAR = { version: 'dear', input: 7, output: 70, gpu: { hour: 3 } };
const NAMES = ['openai/m', 'local/m', 'dashscope/m', 'anthropic/m', 'gemini/m'] as const;

function assigned(totalMs: number, names: readonly string[] = NAMES): Assignment {
  const timeouts = { total: totalMs };
  return { virtualModel: 'chat', targets: names.map(targetOf), passThroughCredentials: false, timeouts };
}

/** The last one's only target does not have the newer name of a limit. */
const ASSIGNMENTS = [assigned(9000), assigned(5000), assigned(5000, ['dashscope/m'])];

/** Read in more than one dialect, so that these are all that tells two bounds apart. */
const BODIES = [{ max_tokens: 50 }, { max_tokens: 500, n: 3 }, {}].map((limit) => ({
  model: 'm',
  // Longer in one of Unicode's forms, which some count with.
  messages: [{ role: 'user', content: '\u0958' }],
  ...limit,
}));

const asking = fc.record({
  body: fc.constantFrom(...BODIES),
  dialect: fc.constantFrom<Dialect>('openai', 'anthropic'),
  operation: fc.constantFrom('chat' as const, 'completion' as const),
  assignment: fc.constantFrom(...ASSIGNMENTS),
  target: fc.constantFrom(...NAMES),
  isDear: fc.boolean(),
  cap: fc.option(fc.constantFrom(20, 300), { nil: undefined }),
  options: fc.record<BoundOptions>(
    { maxOutputTokens: fc.constantFrom(20, 300), moreInputTokens: fc.constantFrom(9, 90) },
    { requiredKeys: [] },
  ),
});

type Asking = typeof asking extends fc.Arbitrary<infer One> ? One : never;

/** One thing differs from what was asked before. */
const change = fc.record({
  what: fc.constantFrom('dialect', 'operation', 'assignment', 'target', 'isDear', 'cap', 'options'),
  from: asking,
});

/** @param space behind the body, which makes other bytes of it */
function called({ body, dialect, operation, assignment, cap }: Asking, space: string): Call {
  const raw = Buffer.from(JSON.stringify(body) + space);
  const call = makeCall({ json: body, raw, dialect, operation, assignment });
  if (cap !== undefined) capOutput(call, CATALOG, cap);
  return call;
}

function factsOf(call: Call, { target, isDear, options }: Asking): unknown {
  CATALOG.priceOf = isDear ? () => DEAR : USUAL_PRICE;
  const { inputTokens, outputTokens, tokens, nanoUsd, maxOutputTokens } = boundOf(
    call,
    targetOf(target),
    CATALOG,
    options,
  );
  return { inputTokens, outputTokens, tokens, nanoUsd, maxOutputTokens };
}

test('promise 4: the bound of a body that comes again is the one that it would have if it came once', () => {
  let isOnce = 0;
  fc.assert(
    fc.property(asking, fc.array(change, { minLength: 4, maxLength: 40 }), (first, changes) => {
      const one = { ...first };
      for (const { what, from } of changes) {
        Object.assign(one, { [what]: from[what] });
        const again = called(one, '');
        assert.equal(typeof again.body.resolved, 'object');
        again.body.comesAgain();
        expectSame(again.body.resolved);
        isOnce += 1;
        assert.deepEqual(factsOf(again, one), factsOf(called(one, ' '.repeat(isOnce % 512)), one));
      }
    }),
  );
});

test('the bound of a body that comes again is not worked out twice', () => {
  CATALOG.priceOf = USUAL_PRICE;
  const one = { body: BODIES[0], dialect: 'openai', operation: 'chat', assignment: ASSIGNMENTS[0], cap: 20 } as Asking;
  const bounds = Array.from({ length: 3 }, () => {
    const call = called(one, '');
    assert.equal(typeof call.body.resolved, 'object');
    call.body.comesAgain();
    expectSame(call.body.resolved);
    return boundOf(call, targetOf('openai/m'), CATALOG);
  });
  assert.equal(bounds[1], bounds[2]);
});
