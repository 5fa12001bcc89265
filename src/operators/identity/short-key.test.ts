import assert from 'node:assert/strict';
import { test } from 'node:test';

import { warnOfShortKey } from './short-key.ts';

test('an admin key that can be guessed is warned of, without saying it', () => {
  const said: string[] = [];
  const log = { warn: (facts: object, message: string) => void said.push(JSON.stringify(facts) + message) };
  for (const key of [undefined, '', 'x'.repeat(16)]) warnOfShortKey(key, log);
  assert.deepEqual(said, []);
  warnOfShortKey('hunter2 hunter2', log);
  assert.equal(said.length, 1);
  assert.doesNotMatch(said.join(), /hunter2/);
});
