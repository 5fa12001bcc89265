import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makePolicy } from '../../../../test/support/guard-policy.ts';
import { makeCall } from '../../../../test/support/make-call.ts';
import { PolicyBook } from './policy-book.ts';

const [strict, mild] = [makePolicy({ name: 'strict' }), makePolicy({ name: 'mild' })];
const TARGETS = { virtualModel: 'chat', targets: [], passThroughCredentials: false, timeouts: undefined };

function policiesOf(book: PolicyBook, project: string, guards?: string): string[] | undefined {
  const principal = { keyId: 'k', project, user: undefined, models: undefined };
  const call = Object.assign(makeCall(), { principal, assignment: { ...TARGETS, guards } });
  return book.of(call)?.map(({ name }) => name);
}

test("a call falls under its project's policy and its model's, each once", () => {
  const book = new PolicyBook();
  assert.equal(policiesOf(book, 'support'), undefined);
  book.replace(new Map(Object.entries({ strict, mild })), new Map([['support', 'strict']]));
  assert.deepEqual(policiesOf(book, 'support'), ['strict']);
  assert.deepEqual(policiesOf(book, 'support', 'mild'), ['strict', 'mild']);
  assert.deepEqual(policiesOf(book, 'support', 'strict'), ['strict']);
  assert.deepEqual(policiesOf(book, 'sales', 'mild'), ['mild']);
  assert.equal(policiesOf(book, 'sales'), undefined);
});

test('promise 9: a policy that could not be made lets nothing through', () => {
  const book = new PolicyBook();
  assert.throws(() => policiesOf(book, 'sales', 'gone'), { code: 'guard_failed' });
  book.replace(new Map([['mild', mild]]), new Map([['support', 'gone']]));
  assert.throws(() => policiesOf(book, 'support', 'mild'), { code: 'guard_failed' });
});
