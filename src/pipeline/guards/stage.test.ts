import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { askingGuard, makePolicy, scanningGuard } from '../../../test/support/guard-policy.ts';
import { makeCall } from '../../../test/support/make-call.ts';
import type { WholeReply } from '../../core/reply.ts';
import type { GuardPolicy } from './engine/guard-policy.ts';
import { PolicyBook } from './engine/policy-book.ts';
import { CLEAN } from './scan/scanner.ts';
import { screenStage } from './stage.ts';

const TARGETS = { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined };
const ANSWER: WholeReply = {
  kind: 'whole',
  status: 200,
  headers: {},
  body: Buffer.from('{}'),
  terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
};

test('an answer that somebody approved is given without a judge, and scanned by the policy as it is in force', async () => {
  const asked: string[] = [];
  const judge = askingGuard('judge', { input: 'block' }, ({ text }) => {
    asked.push(text);
    return Promise.resolve({ score: 1, categories: {} });
  });
  const scanner = { scan: () => CLEAN, held: () => 0 };
  const policy = makePolicy({ scanning: [scanningGuard('keywords', { input: 'block' }, scanner)], asking: [judge] });
  const policies = new PolicyBook();
  policies.replace(new Map([['default', policy]]), new Map());
  const clock = new FakeClock();
  const seen: GuardPolicy[] = [];
  const stage = screenStage({
    policies,
    input: {
      desk: {
        scan(by, texts) {
          seen.push(by);
          return texts.map(() => CLEAN);
        },
      },
      clock,
      scheduler: clock,
      secret: 's',
    },
    output: { clock, catalog: () => assert.fail() },
    reviews: {
      park: () => assert.fail(),
      pass: async () => ({ id: 'rev_1', covers: () => false, answer: ANSWER, giveBack: async () => {} }),
    },
  });
  const call = Object.assign(makeCall({ json: { model: 'chat', messages: [{ role: 'user', content: 'hello' }] } }), {
    assignment: { ...TARGETS, guards: 'default' },
  });
  assert.equal(await stage.run(call, () => assert.fail()), ANSWER);
  // What belongs to a policy, such as its words in the scanning thread, is known by it.
  assert.deepEqual([asked, seen.length > 0 && seen.every((one) => one === policy)], [[], true]);
});
