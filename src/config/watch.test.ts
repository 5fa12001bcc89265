import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  watch as watchFolder,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import type { LoadedConfig } from './config.ts';
import { loadConfig } from './load.ts';
import { ConfigError } from './problems.ts';
import { type ConfigWatch, watchConfig } from './watch.ts';

describe('watchConfig', { timeout: 10_000 }, () => {
  let folder: string;
  let path: string;
  let watch: ConfigWatch;
  let happened: EventEmitter;
  let calls: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'causeway-watch-'));
    path = join(folder, 'causeway.yaml');
  });
  afterEach(() => {
    watch.close();
    rmSync(folder, { recursive: true });
  });

  function start(): void {
    happened = new EventEmitter();
    calls = [];
    watch = watchConfig({
      path,
      env: {},
      current: loadConfig({ path, explicit: false, env: {} }),
      onChange: (loaded, { restart }) => {
        calls.push(`change ${loaded.config.log.level}`);
        happened.emit('change', loaded, restart);
      },
      onError: (error) => {
        calls.push(`error ${error.name}`);
        happened.emit('fault', error);
      },
    });
  }

  async function nextChange(): Promise<[LoadedConfig, string[]]> {
    return (await once(happened, 'change')) as [LoadedConfig, string[]];
  }

  /** Does something to the folder and waits until every watcher has heard of it. */
  async function seen(change: () => void, where = folder): Promise<void> {
    const witness = watchFolder(where);
    const heard = once(witness, 'change');
    change();
    await heard;
    await setImmediate();
    witness.close();
  }

  it('sees a file that is written in place', async () => {
    writeFileSync(path, 'log: { level: info }');
    start();
    writeFileSync(path, 'log: { level: debug }');
    const [{ config }, restart] = await nextChange();
    assert.equal(config.log.level, 'debug');
    assert.deepEqual(restart, []);
  });

  it('sees a file that is replaced by another, as editors do, again and again', async () => {
    writeFileSync(path, 'log: { level: info }');
    start();
    for (const level of ['debug', 'warn', 'trace']) {
      writeFileSync(`${path}.new`, `log: { level: ${level} }`);
      renameSync(`${path}.new`, path);
      const [{ config }] = await nextChange();
      assert.equal(config.log.level, level);
    }
  });

  it('sees a file behind a link that is swapped, as Kubernetes does', async () => {
    for (const [name, level] of [
      ['v1', 'info'],
      ['v2', 'debug'],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'causeway.yaml'), `log: { level: ${level} }`);
    }
    symlinkSync('v1', join(folder, '..data'));
    symlinkSync('..data/causeway.yaml', path);
    start();
    symlinkSync('v2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    const [{ config }] = await nextChange();
    assert.equal(config.log.level, 'debug');
  });

  it('sees a file that was not there at the start', async () => {
    start();
    writeFileSync(path, 'log: { level: debug }');
    const [{ file }] = await nextChange();
    assert.equal(file, path);
  });

  it('keeps what is in force where the new file is wrong, and takes the next one that is right', async () => {
    writeFileSync(path, 'log: { level: info }');
    start();
    writeFileSync(path, 'log: { level: loud }');
    const [error] = (await once(happened, 'fault')) as [Error];
    assert.ok(error instanceof ConfigError);
    assert.equal(error.problems[0]?.key, 'log.level');
    writeFileSync(path, 'log: { level: warn }');
    await nextChange();
    assert.deepEqual(calls, ['error ConfigError', 'change warn']);
  });

  it('keeps what is in force where the file is gone', async () => {
    writeFileSync(path, 'log: { level: debug }');
    start();
    unlinkSync(path);
    const [error] = (await once(happened, 'fault')) as [Error];
    assert.match(error.message, /there is no such file/);
    assert.deepEqual(calls, ['error ConfigError']);
  });

  it('reloads at once when it is asked to, and says nothing where nothing changed', () => {
    writeFileSync(path, 'log: { level: info }');
    start();
    watch.reload();
    writeFileSync(path, '# as before\nlog: { level: info }');
    watch.reload();
    assert.deepEqual(calls, []);
    writeFileSync(path, 'log: { level: debug }');
    watch.reload();
    assert.deepEqual(calls, ['change debug']);
  });

  it('sees files of words, which stand beside the configuration, and says nothing of those that are as before', async () => {
    mkdirSync(join(folder, 'lists'));
    const words = join(folder, 'lists', 'own.txt');
    writeFileSync(words, 'aurora');
    writeFileSync(path, 'guards: { p: { keywords: { lists: { own: { file: lists/own.txt } } } } }');
    start();
    const loaded = nextChange();
    await seen(() => writeFileSync(words, 'borealis'), join(folder, 'lists'));
    const [{ config, wordFiles }] = await loaded;
    assert.deepEqual([...wordFiles.keys()], [words]);
    assert.equal(config.guards.get('p')?.keywords?.lists.get('own')?.file, words);
    writeFileSync(words, 'borealis');
    watch.reload();
    assert.deepEqual(calls, ['change info']);
    writeFileSync(words, 'australis # the other one');
    watch.reload();
    assert.deepEqual(calls, ['change info', 'change info']);
    writeFileSync(words, '# none');
    watch.reload();
    assert.deepEqual(calls.slice(2), ['error ConfigError']);
  });

  it('waits until the file is quiet, since one save is several events', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    writeFileSync(path, 'log: { level: info }');
    start();
    await seen(() => writeFileSync(path, 'log: { level: '));
    context.mock.timers.tick(60);
    await seen(() => writeFileSync(path, 'log: { level: debug }'));
    context.mock.timers.tick(60);
    assert.deepEqual(calls, []);
    context.mock.timers.tick(40);
    assert.deepEqual(calls, ['change debug']);
  });

  it('names what waits for the next start', () => {
    writeFileSync(path, 'server: { port: 1 }');
    start();
    happened.on('change', (_loaded, restart: string[]) => calls.push(restart.join()));
    writeFileSync(path, 'server: { port: 2, host: 0.0.0.0, drainTimeout: 1s }\nlog: { level: debug }');
    watch.reload();
    assert.deepEqual(calls, ['change debug', 'server.port,server.host']);
  });

  it('says nothing after close, not even of what it saw before', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    writeFileSync(path, 'log: { level: info }');
    start();
    await seen(() => writeFileSync(path, 'log: { level: debug }'));
    watch.close();
    context.mock.timers.tick(1000);
    assert.deepEqual(calls, []);
  });

  it('can be asked to reload where the folder cannot be watched', () => {
    path = join(folder, 'missing', 'causeway.yaml');
    start();
    assert.deepEqual(calls, ['error Error']);
    mkdirSync(join(folder, 'missing'));
    writeFileSync(path, 'log: { level: debug }');
    watch.reload();
    assert.deepEqual(calls, ['error Error', 'change debug']);
  });
});
