import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { ASSIGNMENT, CacheSite, EXACT, POLICY } from '../../../test/support/cache-site.ts';
import type { CallParts } from '../../../test/support/make-call.ts';
import { GatewayError } from '../../core/errors.ts';

describe('promise 8', () => {
  const asking = fc.record({
    tenant: fc.constantFrom('a', 'b'),
    prompt: fc.constantFrom('one', 'two'),
    stream: fc.boolean(),
    mode: fc.constantFrom(undefined, undefined, undefined, 'bypass', 'refresh', 'only'),
    user: fc.constantFrom('ann', 'bob'),
  });
  const step = fc.oneof({ weight: 6, arbitrary: asking }, fc.record({ advanceMs: fc.constantFrom(1000, EXACT.ttl) }));
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** What one of them is served when these steps are taken. The target's answers tell who asked, and how often. */
  async function served(
    steps: readonly Step[],
    parts: (tenant: string) => CallParts,
    whose: string,
  ): Promise<string[]> {
    const site = new CacheSite();
    const counts = new Map<string, number>();
    let asks = '';
    site.says = () => {
      counts.set(asks, (counts.get(asks) ?? 0) + 1);
      return { text: `${asks} ${counts.get(asks)}` };
    };
    const seen: string[] = [];
    for (const one of steps) {
      if ('advanceMs' in one) {
        site.clock.advance(one.advanceMs);
        continue;
      }
      asks = one.tenant;
      const json = {
        model: 'm',
        messages: [{ role: 'user', content: one.prompt }],
        stream: one.stream,
        user: one.user,
      };
      const headers = one.mode ? { 'x-causeway-cache': one.mode } : {};
      const answer = await site.ask({ ...parts(one.tenant), json, headers }).then(
        ({ text, call, reply }) => `${text} ${call.cache?.state} ${call.cache?.ageMs} ${reply.kind}`,
        (error: unknown) => (error instanceof GatewayError ? error.code : String(error)),
      );
      if (one.tenant === whose) seen.push(answer);
    }
    return seen;
  }

  const SETS: Readonly<Record<string, (tenant: string) => CallParts>> = {
    'no requests of one project change what another is served': (tenant) => ({
      principal: { keyId: 'key_1', project: tenant, user: undefined, models: undefined },
    }),
    'no requests in one arm of an experiment change what is served in another': (tenant) => ({
      assignment: { ...ASSIGNMENT, arm: tenant },
    }),
    'nor do those of another key, where keys share nothing': (tenant) => ({
      principal: { keyId: tenant, project: 'support', user: undefined, models: undefined },
      assignment: { ...ASSIGNMENT, cache: { ...POLICY, scope: 'key' } },
    }),
  };

  for (const [law, parts] of Object.entries(SETS)) {
    it(`promise 8: ${law}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const without = steps.filter((one) => !('tenant' in one) || one.tenant === 'b');
          assert.deepEqual(await served(steps, parts, 'b'), await served(without, parts, 'b'));
        }),
        { numRuns: 100 },
      );
    });
  }
});
