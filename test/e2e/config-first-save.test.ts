import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { adminOf } from '../support/admin-api.ts';
import { copyPreparedDatabase } from '../support/prepared-database.ts';

const ADMIN_KEY = 'admin-key-of-the-tests-0123456789';
const TEXT = 'log: { level: silent }\nmodels: { chat: { target: sim/echo } }\n';

test('where no file was ever written, the first save makes it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-first-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  copyPreparedDatabase(join(folder, 'data'));
  const configPath = join(folder, 'causeway.yaml');
  const env = { PORT: '0', CAUSEWAY_DATA_DIR: join(folder, 'data'), CAUSEWAY_ADMIN_KEY: ADMIN_KEY };
  const app = await startApp({ env, loaded: loadConfig({ path: configPath, explicit: false, env }), configPath });
  t.after(() => app.close());
  const admin = adminOf(app.url, ADMIN_KEY);
  const shown = async () => (await admin('/config')).json;
  const refused = async (body: Json, path = '/config', method = 'PUT') => {
    const { status, json } = await admin(path, { method, body });
    const { param, message } = json['error'] as JsonObject;
    return [status, param, message];
  };

  const { exists, version, text, writable } = await shown();
  assert.deepEqual([exists, version, text, writable], [false, null, '', true]);

  // Nothing is made of what is no text, and no version is not that of a file that is not there.
  assert.deepEqual((await refused({ text: null, version: null })).slice(0, 2), [400, 'text']);
  assert.deepEqual((await refused({ text: null }, '/config/validate', 'POST')).slice(0, 2), [400, 'text']);
  assert.deepEqual((await refused({ text: TEXT })).slice(0, 2), [400, 'version']);
  assert.deepEqual((await refused({ text: TEXT, version: '' })).slice(0, 2), [409, 'version']);
  assert.deepEqual((await refused({ text: TEXT, version: null, verison: 1 })).slice(0, 2), [400, 'verison']);
  assert.deepEqual((await refused([])).slice(0, 2), [400, null]);
  const [status, param, message] = await refused({ text: `#${'x'.repeat(262_144)}`, version: null });
  assert.deepEqual([status, param], [400, 'text']);
  assert.match(JSON.stringify(message), /262145 bytes, and 262144 \(256 KB\) is the most/);

  const saved = await admin('/config', { method: 'PUT', body: { text: TEXT, version: null } });
  assert.deepEqual([saved.status, saved.json['how']], [200, 'created'], saved.text);
  assert.equal(readFileSync(configPath, 'utf8'), TEXT);
  const now = await shown();
  assert.deepEqual([now['exists'], now['version'], now['text']], [true, saved.json['version'], TEXT]);
  const models = (now['effective'] as JsonObject[]).filter(({ path }) => path === 'models.chat.target');
  assert.deepEqual(
    models.map(({ value, origin }) => [value, origin]),
    [['sim/echo', 'file']],
  );
});
