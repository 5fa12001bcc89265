import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';

import { journalFolder } from '../../../test/support/open-journal.ts';
import { Holdings } from './holdings.ts';

const emptyFolder = () => ({ path: journalFolder(), segments: [], release: () => undefined });

test('promise 7: a segment whose folder is lost while it is created is not written to; the next is in the new folder', async () => {
  const [before, after] = [emptyFolder(), emptyFolder()];
  const holdings = new Holdings(before);
  const created = holdings.create();
  holdings.lose(before.path);
  holdings.moveTo(after);
  const segment = await created;
  assert.equal(dirname(segment.path), after.path);
  assert.equal(segment.journal, holdings.journal);
  assert.deepEqual(readdirSync(before.path), []);
  await segment.file.close();
});

test('while there is no folder none is created', async () => {
  const folder = emptyFolder();
  const holdings = new Holdings(folder);
  const created = holdings.create();
  holdings.lose(folder.path);
  await assert.rejects(created, /no folder/);
  assert.deepEqual(readdirSync(folder.path), []);
});
