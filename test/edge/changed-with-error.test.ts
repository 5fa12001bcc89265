import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { fastify } from 'fastify';

import { ConfigDesk, type InForce } from '../../src/config/config-desk.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configRoutes } from '../../src/config/routes.ts';
import type { Change, OperatorDoor } from '../../src/core/admin-request.ts';
import { guardAdmin } from '../../src/edge/admin-guard.ts';
import { ADMIN } from '../../src/operators/identity/keyring.ts';

const PROBLEM = {
  file: 'c',
  line: 3,
  column: 1,
  key: 'guards.g',
  message: 'words.txt is gone, apiKey: hunter2-hunter2',
};

test('a file that was written and cannot be put in force is noted as a change, and answered as an error', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-changed-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'causeway.yaml');
  const started = loadConfig({ path, explicit: false, env: {} });
  let state: InForce = { started, loaded: started, loadedAt: 0, problems: [] };
  const reload = (): void => void (state = { ...state, problems: [PROBLEM] });
  const desk = new ConfigDesk({ path, env: {}, inForce: () => state, reload, beside: () => [] });
  const notes: Change[] = [];
  const operators: OperatorDoor = {
    identify: async () => ADMIN,
    find: async () => ADMIN,
    admit: () => ({}),
    isChange: (method) => method === 'PUT',
    note: async (change) => void notes.push(change),
  };
  const app = fastify();
  t.after(() => app.close());
  await app.register(async (admin) => {
    guardAdmin(admin, { operators, limits: { bodyLimitBytes: 100_000, trustedProxies: 0, drainTimeoutMs: 0 } });
    await admin.register(async (scope) => configRoutes(desk)(scope));
  });
  const put = (text: string, version: string | null) =>
    app.inject({ method: 'PUT', url: '/admin/v1/config', payload: { text, version } });

  const mistaken = await put('log: { level: loud }\n', null);
  assert.deepEqual([mistaken.statusCode, notes.length], [400, 0], 'where nothing was written nothing was changed');

  const answer = await put('log: { level: warn }\n', null);
  const { error } = answer.json<{ error: { message: string; code: string; problems: { line: number }[] } }>();
  assert.deepEqual([answer.statusCode, error.code, error.problems[0]?.line], [409, 'conflict', 3]);
  assert.match(error.message, /^The file was saved, but cannot be put in force: words\.txt is gone/);
  assert.doesNotMatch(answer.body, /hunter2/);
  assert.equal(readFileSync(path, 'utf8'), 'log: { level: warn }\n');
  const [note] = notes;
  assert.deepEqual([notes.length, note?.status, note?.route], [1, 409, '/admin/v1/config']);
  assert.deepEqual([JSON.parse(note?.before ?? '').version, note?.after], [null, answer.body]);
});
