import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import { journalFolder, silentLog } from '../../../test/support/open-journal.ts';
import { Adoption } from './adoption.ts';

test('a journal folder that is gone is told once, and looked for again', async () => {
  const root = journalFolder();
  rmSync(root, { recursive: true });
  const clock = new FakeClock();
  const told: object[] = [];
  let looks = 0;
  const adoption = new Adoption({
    root,
    log: { ...silentLog, warn: (facts: object) => void told.push(facts) },
    scheduler: clock,
    timing: undefined,
    held() {
      looks += 1;
      return new Set();
    },
    lost: assert.fail,
    found: (folders) => assert.deepEqual(folders, []),
  });
  await adoption.begin();
  for (let at = 0; at < 3; at += 1) {
    while (clock.waiting === 0) await new Promise((next) => setImmediate(next));
    clock.advance(60_000);
  }
  adoption.close();
  assert.equal(looks, 4);
  assert.match(JSON.stringify(told), /^\[\{"folder":".*","reason":"Error: ENOENT[^{]*\}\]$/);
});
