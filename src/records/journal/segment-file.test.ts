import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { journalFolder } from '../../../test/support/open-journal.ts';
import { openSegment, removeSegment, setSegmentAside } from './segment-file.ts';

test('a segment is deleted or set aside; one that is gone, or its folder, is no error', () => {
  const folder = journalFolder();
  const path = join(folder, 'one');
  writeFileSync(path, 'x');
  setSegmentAside(path);
  setSegmentAside(path);
  assert.deepEqual(readdirSync(folder), ['one.unreadable']);
  writeFileSync(path, 'x');
  removeSegment(path);
  removeSegment(path);
  assert.equal(existsSync(path), false);
  rmSync(folder, { recursive: true });
  removeSegment(path);
  setSegmentAside(path);
  assert.throws(() => openSegment(path), { code: 'ENOENT' });
});

test('reading gives what there is, at most what was asked for', () => {
  const path = join(journalFolder(), 'one');
  writeFileSync(path, '0123456789');
  const source = openSegment(path);
  assert.deepEqual(
    [String(source.read(2, 3)), String(source.read(8, 5)), String(source.read(20, 5))],
    ['234', '89', ''],
  );
  source.close();
});
