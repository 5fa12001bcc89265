import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { ConfigDesk, type ConfigDeskDeps, type InForce, MOST_TEXT } from './config-desk.ts';
import { loadConfig } from './load.ts';

interface Bench {
  readonly desk: ConfigDesk;
  readonly path: string;
  readonly reloads: () => number;
}

function benchFor(t: TestContext, more: Partial<ConfigDeskDeps> = {}): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-desk-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'causeway.yaml');
  const env = {};
  const started = loadConfig({ path, explicit: false, env });
  let state: InForce = { started, loaded: started, loadedAt: 0, problems: [] };
  let reloads = 0;
  const reload = (): void => {
    reloads += 1;
    state = { ...state, loaded: loadConfig({ path, explicit: true, env }) };
  };
  const desk = new ConfigDesk({ path, env, inForce: () => state, reload, beside: () => [], ...more });
  return { desk, path, reloads: () => reloads };
}

test('where there is no file, one is made and in force', async (t) => {
  const { desk, path, reloads } = benchFor(t);
  const shown = await desk.show();
  assert.deepEqual([shown.exists, shown.text, shown.version, shown.locked], [false, '', null, undefined]);
  const saved = await desk.save('log: { level: warn }\n', null);
  assert.deepEqual(
    [saved.problems, saved.written?.how, saved.changes?.map(({ path: key, before, after }) => [key, before, after])],
    [[], 'created', [['log.level', 'info', 'warn']]],
  );
  assert.equal(readFileSync(path, 'utf8'), 'log: { level: warn }\n');
  assert.equal(reloads(), 1);
  await assert.rejects(desk.save('log: { level: info }\n', null), { code: 'conflict', param: 'version' });
});

test('a text with mistakes makes no file', async (t) => {
  const { desk, path, reloads } = benchFor(t);
  const saved = await desk.save('log: { level: loud }\n', null);
  assert.deepEqual(
    saved.problems.map(({ key, line, column }) => [key, line, column]),
    [['log.level', 1, 15]],
  );
  assert.deepEqual([existsSync(path), reloads()], [false, 0]);
});

test('a file that cannot be written is named, with what to do, and nothing is read again', async (t) => {
  const fault = Object.assign(new Error('read-only'), { code: 'EROFS' });
  const { desk, path, reloads } = benchFor(t, { write: () => Promise.reject(fault) });
  writeFileSync(path, '');
  const { version } = await desk.show();
  await assert.rejects(desk.save('log: { level: warn }\n', version), (error: Error) => {
    assert.match(
      error.message,
      /causeway\.yaml cannot be written \(EROFS\), so nothing was saved\. Give the gateway the right/,
    );
    return true;
  });
  assert.equal(reloads(), 0);
});

test('a file that is no text is shown and not saved over', async (t) => {
  const { desk, path } = benchFor(t);
  writeFileSync(path, Buffer.from([0x23, 0xff, 0xfe, 0x0a]));
  assert.match((await desk.show()).locked ?? '', /not UTF-8/);
});

test('a file that is longer than can be edited is not shown, nor saved over', async (t) => {
  const { desk, path } = benchFor(t);
  writeFileSync(path, `log: { level: info }\n#${'x'.repeat(MOST_TEXT)}`);
  const { text, locked, version } = await desk.show();
  assert.equal(text, '');
  assert.match(locked ?? '', /more than 262144 bytes \(256 KB\)/);
  await assert.rejects(desk.save('log: { level: warn }\n', version), { code: 'conflict' });
});

test('what was written and cannot be put in force is said to be written', async (t) => {
  const problem = { file: 'c', line: 1, column: 1, key: 'a', message: 'gone' };
  let problems: InForce['problems'] = [];
  const started = loadConfig({ path: 'none.yaml', explicit: false, env: {} });
  const { desk, path } = benchFor(t, {
    inForce: () => ({ started, loaded: started, loadedAt: 0, problems }),
    reload: () => void (problems = [problem]),
  });
  const saved = await desk.save('log: { level: warn }\n', null);
  assert.deepEqual([saved.problems, saved.written?.how], [[problem], 'created']);
  assert.equal(readFileSync(path, 'utf8'), 'log: { level: warn }\n');
});
