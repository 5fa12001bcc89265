import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { standInScanners } from '../../../../test/support/stand-in-scans.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { scanCosts } from './cost.ts';
import { scanAll } from './scan-all.ts';
import { ScanLink } from './scan-link.ts';
import type { Scan } from './scanner.ts';

const COSTS = scanCosts({});
const LONG = 'x'.repeat(20_000);
const thread = new URL('../../../../test/support/stand-in-scans.ts', import.meta.url);

function openLink() {
  const link = new ScanLink({ scheduler: new FakeClock(), said: () => undefined, thread });
  after(() => link.close());
  return (guard: string, texts: readonly string[], from = '', version = '1'): Promise<readonly Scan[]> => {
    const policy = { name: 'p', version, settings: {}, scanning: [] } as unknown as GuardPolicy;
    return link.ask({ policy, costs: COSTS, asked: asked(guard, texts), from });
  };
}

function asked(guard: string, texts: readonly string[]) {
  return texts.map((text) => ({ guard, text }));
}

function alone(guard: string, texts: readonly string[]): readonly Scan[] | 'failed' {
  return guard === 'throws' ? 'failed' : scanAll(standInScanners(), asked(guard, texts));
}

test('what several guards are asked of the same texts is answered as if each was asked alone', async () => {
  const ask = openLink();
  const text = fc.nat({ max: 3 }).map((at) => (at === 0 ? '' : `${LONG.repeat(at)}${'012 '.repeat(at)}`));
  const asking = fc.record({
    texts: fc.array(text, { minLength: 1, maxLength: 6 }),
    guards: fc.array(fc.constantFrom('pii', 'throws'), { minLength: 1, maxLength: 3 }),
    from: fc.constantFrom('a', 'b'),
    version: fc.constantFrom('1', '2'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(asking, { maxLength: 8 }), async (askings) => {
      const answers = askings.flatMap(({ texts, guards, from, version }) =>
        guards.map(async (guard) => {
          const answer = await ask(guard, texts, from, version).catch(() => 'failed');
          assert.deepEqual(answer, alone(guard, texts));
        }),
      );
      await Promise.all(answers);
    }),
    { numRuns: 30 },
  );
});

test('the same texts are sent once, however many guards are asked of them', async (context) => {
  const ask = openLink();
  await ask('pii', ['']);
  const post = context.mock.method(Worker.prototype, 'postMessage');
  const texts = [`${LONG}123`, `${LONG}045`];
  const scans = await Promise.all([ask('pii', texts), ask('pii', texts), ask('pii', [LONG])]);
  assert.deepEqual(scans[1], scans[0]);
  const kinds = post.mock.calls.map(({ arguments: [message] }) => (message as { kind: string }).kind);
  assert.deepEqual(kinds, ['scan', 'scan-same', 'scan']);
});
