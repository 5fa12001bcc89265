import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { FakeClock } from '../../../../test/support/fake-clock.ts';
import * as fc from '../../../../test/support/fast-check.ts';
import { standInScanners } from '../../../../test/support/stand-in-scans.ts';
import { TextDigests } from '../../../core/text-digests.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { scanCosts } from './cost.ts';
import type { ScanRequest, ToScanThread } from './messages.ts';
import { ScanFailed, scanAll } from './scan-all.ts';
import { ScanLink } from './scan-link.ts';
import type { Scan } from './scanner.ts';

const COSTS = scanCosts({});
const LONG = 'x'.repeat(20_000);
const thread = new URL('../../../../test/support/stand-in-scans.ts', import.meta.url);

function openLink() {
  const clock = new FakeClock();
  const said: string[] = [];
  const link = new ScanLink({ scheduler: clock, said: (_, text) => said.push(text), thread });
  after(() => link.close());
  const ask = (
    guard: string,
    texts: readonly string[],
    from = '',
    version = '1',
    all: readonly ScanRequest[] = asked(guard, texts),
  ): Promise<readonly Scan[]> => {
    const policy = { name: 'p', version, settings: {}, scanning: [] } as unknown as GuardPolicy;
    return link.ask({ policy, costs: COSTS, asked: all, from });
  };
  /** Until the thread has ended and is started again so many times. */
  const restarts = async (count: number, ms: number): Promise<void> => {
    for (let at = 1; at <= count; at += 1) {
      // A thread takes a while to be there and to be asked.
      for (let waited = 0; said.length < at; waited += 1) {
        assert.ok(waited < 500, 'the thread goes on');
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (waited % 25 === 24) clock.advance(ms);
      }
      clock.advance(1000);
    }
  };
  return { ask, restarts };
}

function asked(guard: string, texts: readonly string[]) {
  return texts.map((text) => ({ guard, text }));
}

function alone(guard: string, texts: readonly string[]): readonly Scan[] | 'failed' {
  return guard === 'throws' ? 'failed' : scanAll(standInScanners(), asked(guard, texts));
}

test('what several guards are asked of the same texts is answered as if each was asked alone', async () => {
  const { ask } = openLink();
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

test('the same texts are sent once, however many guards are asked of them, and all are answered at once', async (context) => {
  const { ask } = openLink();
  await Promise.all([ask('pii', ['']), ask('pii', [''], '', '2')]);
  const post = context.mock.method(Worker.prototype, 'postMessage');
  const texts = [`${LONG}123`, `${LONG}045`];
  const asking = [ask('pii', texts), ask('throws', texts), ask('pii', texts, '', '2'), ask('pii', [LONG])];
  const [first, failed, third, other] = await Promise.allSettled(asking);
  assert.deepEqual(first, { status: 'fulfilled', value: alone('pii', texts) });
  assert.deepEqual(third, first);
  assert.deepEqual(other, { status: 'fulfilled', value: alone('pii', [LONG]) });
  assert.match(failed?.status === 'rejected' ? String(failed.reason) : '', /TypeError/);
  const sent = post.mock.calls.map(({ arguments: [message] }) => message as ToScanThread);
  assert.deepEqual(
    sent.map((message) => message.kind === 'scan' && [message.texts, message.askers.length]),
    [
      [texts, 3],
      [[LONG], 1],
    ],
  );
});

test('digests that are wanted come with the scans, each of its text', async () => {
  const { ask } = openLink();
  const digests = new TextDigests();
  const texts = ['12', `${LONG}7`, '', `${LONG}123`, `${LONG.repeat(4)}045`];
  const wanting = texts.map((text, at) => ({ guard: 'pii', text, ...(at !== 3 && { digests }) }));
  const [scans] = await Promise.all([ask('pii', texts, '', '1', wanting), ask('throws', texts).catch(() => 'failed')]);
  assert.deepEqual(scans, alone('pii', texts));
  const lacking = texts.filter((text) => digests.lacks(text));
  assert.deepEqual(lacking, [texts[3]]);
  for (const text of texts) assert.equal(digests.of(text), hash('sha256', text));
});

for (const guard of ['dies', 'hangs']) {
  test(`of guards that are asked together only the one that ${guard} fails`, async () => {
    const { ask, restarts } = openLink();
    await ask('pii', ['']);
    const texts = [`${LONG}123`];
    const asking = Promise.allSettled([ask('pii', texts), ask(guard, texts), ask('pii', texts)]);
    // Together, then alone: only the one at fault ends the thread again.
    await restarts(2, 2000);
    const [first, failed, last] = await asking;
    assert.deepEqual(first, { status: 'fulfilled', value: alone('pii', texts) });
    assert.deepEqual(last, first);
    const reason = failed?.status === 'rejected' ? failed.reason : undefined;
    assert.ok(reason instanceof ScanFailed && reason.guard === guard, String(reason));
  });
}
