import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { keepCompiledCode } from './compiled-code.ts';

describe('compiled code', { skip: process.env['NODE_COMPILE_CACHE'] !== undefined && 'it is kept elsewhere' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-compiled-'));
  after(() => rmSync(folder, { recursive: true }));

  test('makes no folder for data that are not there yet', () => {
    const dataDir = join(folder, 'none');
    keepCompiledCode({ CAUSEWAY_DATA_DIR: dataDir });
    assert.equal(existsSync(dataDir), false);
    assert.equal(getCompileCacheDir(), undefined);
  });

  test('is kept beside the other data', () => {
    keepCompiledCode({ CAUSEWAY_DATA_DIR: folder });
    assert.equal(getCompileCacheDir()?.startsWith(join(folder, 'compile-cache')), true);
  });
});
