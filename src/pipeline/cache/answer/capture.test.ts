import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ASSIGNMENT, CacheSite, POLICY, SEMANTIC } from '../../../../test/support/cache-site.ts';
import type { Call } from '../../../core/call.ts';
import type { RoutingDecision } from '../../../core/routing.ts';

const STREAMED = { json: { model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true } };
const UNSURE = { first: 'a/m', check: 'validator', confidence: 0 } as const;

/** Marks the first answer as a cascade does. */
function answering(site: CacheSite, cascade: RoutingDecision['cascade']): void {
  site.says = (call: Call) => {
    call.routing = { policy: 'order', target: 'a/m', reason: 'the first', cascade };
    return { text: `answer ${site.asked}` };
  };
}

describe('what is kept of a cascade', () => {
  for (const [form, parts] of [
    ['whole', {}],
    ['streamed', STREAMED],
  ] as const) {
    it(`is no answer that stands for want of a better one (${form})`, async () => {
      const site = new CacheSite();
      answering(site, { ...UNSURE, escalatedTo: undefined, stands: true });
      await site.ask(parts);
      assert.equal(site.store.answers.size, 0);
      assert.equal((await site.ask(parts)).text, 'answer 2');
    });

    it(`is what was sure enough, and what the better model said (${form})`, async () => {
      for (const cascade of [
        { ...UNSURE, confidence: 1, escalatedTo: undefined },
        { ...UNSURE, escalatedTo: 'b/m' },
      ]) {
        const site = new CacheSite();
        answering(site, cascade);
        await site.ask(parts);
        assert.equal((await site.ask(parts)).call.cache?.state, 'exact');
      }
    });
  }

  it('is nothing to learn from, either', async () => {
    const learned: string[] = [];
    const learn = ({ key }: { readonly key: string }) => void learned.push(key);
    const site = new CacheSite({ look: () => Promise.resolve({ kind: 'ask', learn }), purge: () => 0 });
    answering(site, { ...UNSURE, escalatedTo: undefined, stands: true });
    const policy = { ...POLICY, exact: undefined, semantic: SEMANTIC };
    await site.ask({ assignment: { ...ASSIGNMENT, cache: policy } });
    assert.equal(site.asked, 1);
    assert.deepEqual(learned, []);
  });
});
