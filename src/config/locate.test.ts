import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { loadConfig, locateConfig } from './load.ts';

describe('where the file is', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'causeway-config-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is the command line, then CAUSEWAY_CONFIG, then causeway.yaml', () => {
    assert.deepEqual(locateConfig({ CAUSEWAY_CONFIG: 'b.yaml' }, 'a.yaml'), { path: 'a.yaml', explicit: true });
    assert.deepEqual(locateConfig({ CAUSEWAY_CONFIG: 'b.yaml' }), { path: 'b.yaml', explicit: true });
    assert.deepEqual(locateConfig({ CAUSEWAY_CONFIG: '' }), { path: 'causeway.yaml', explicit: false });
  });

  it('must have it if it was named, and need not otherwise', () => {
    const path = join(folder, 'none.yaml');
    assert.equal(loadConfig({ path, explicit: false, env: {} }).file, undefined);
    const message = `${path}:1:1: there is no such file; correct the path or CAUSEWAY_CONFIG`;
    assert.throws(() => loadConfig({ path, explicit: true, env: {} }), { name: 'ConfigError', message });
  });

  it('cannot be a folder', () => {
    assert.throws(() => loadConfig({ path: folder, explicit: false, env: {} }), /cannot be read \(EISDIR\)/);
  });

  it('may begin with a byte order mark and have Windows line ends', () => {
    const path = join(folder, 'windows.yaml');
    writeFileSync(path, '\ufeffserver:\r\n  port: 1\r\nlog:\r\n  level: debug\r\n');
    const { config } = loadConfig({ path, explicit: true, env: {} });
    assert.deepEqual([config.server.port, config.log.level], [1, 'debug']);
  });
});
