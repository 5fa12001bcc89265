import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseTicks, renderOtherWork } from './other-work.ts';

test('busy is all but idle and waiting for disks; guests are in user time already', () => {
  const stat = 'cpu  10 1 5 100 7 2 3 4 9 9\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  assert.deepEqual(parseTicks(stat), { busy: 25, all: 132 });
});

test('other work is said, and when it is much, what that does', () => {
  assert.equal(renderOtherWork(0.04), 'other work took 4 % of the machine meanwhile');
  assert.match(renderOtherWork(0.5), /took 50 %.*: figures are worse for it/);
});
