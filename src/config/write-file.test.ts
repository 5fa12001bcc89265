import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { whyNotWritable, writeWhole } from './write-file.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-write-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const former = (path: string): Buffer => readFileSync(path);

test('a new file can be read by its owner only', async (t) => {
  const path = join(folderFor(t), 'a.yaml');
  assert.equal(await whyNotWritable(path), undefined);
  assert.deepEqual(await writeWhole(path, Buffer.from('one'), undefined), { how: 'created', backup: undefined });
  assert.equal(readFileSync(path, 'utf8'), 'one');
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a file is replaced by another with the same rights, and the former is beside it', async (t) => {
  const folder = folderFor(t);
  const path = join(folder, 'a.yaml');
  writeFileSync(path, 'one');
  chmodSync(path, 0o640);
  const { ino } = statSync(path);
  assert.deepEqual(await writeWhole(path, Buffer.from('two'), former(path)), {
    how: 'replaced',
    backup: `${path}.bak`,
  });
  assert.notEqual(statSync(path).ino, ino, 'who reads sees the one or the other');
  assert.equal(statSync(path).mode & 0o777, 0o640);
  assert.equal(statSync(`${path}.bak`).mode & 0o777, 0o640);
  await writeWhole(path, Buffer.from('three'), former(path));
  assert.deepEqual(readdirSync(folder).toSorted(), ['a.yaml', 'a.yaml.bak']);
  assert.deepEqual([readFileSync(path, 'utf8'), readFileSync(`${path}.bak`, 'utf8')], ['three', 'two']);
});

test('several that write at the same time do not write into the same file beside it', async (t) => {
  const folder = folderFor(t);
  const path = join(folder, 'a.yaml');
  writeFileSync(path, 'one');
  const texts = Array.from({ length: 20 }, (_, at) => String(at).repeat(10_000 * (at + 1)));
  await Promise.all(texts.map((text) => writeWhole(path, Buffer.from(text), former(path))));
  assert.ok(texts.includes(readFileSync(path, 'utf8')));
  assert.deepEqual(readdirSync(folder).toSorted(), ['a.yaml', 'a.yaml.bak']);
});

test('a link stays one, and what it leads to is replaced', async (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/a.yaml'), 'one');
  const path = join(folder, 'a.yaml');
  symlinkSync('real/a.yaml', path);
  assert.equal((await writeWhole(path, Buffer.from('two'), former(path))).how, 'replaced');
  assert.ok(lstatSync(path).isSymbolicLink());
  assert.equal(readFileSync(join(folder, 'real/a.yaml'), 'utf8'), 'two');
});

/** As somebody who may not everything, which the superuser may. */
function asNobody(folder: string, script: string): string {
  const isRoot = process.getuid?.() === 0;
  const url = new URL('./write-file.ts', import.meta.url).href;
  const program = `import { whyNotWritable, writeWhole } from ${JSON.stringify(url)};
    import { readFileSync } from 'node:fs';
    const path = process.argv[1];
    try { console.log(JSON.stringify(${script})); } catch (error) { console.log(error.code); }`;
  const args = ['--input-type=module', '-e', program, join(folder, 'a.yaml')];
  return execFileSync(process.execPath, args, { encoding: 'utf8', ...(isRoot && { uid: 65_534, gid: 65_534 }) }).trim();
}

test('where nothing can be made beside it, a file is written in place, to its last byte', (t) => {
  const folder = folderFor(t);
  const path = join(folder, 'a.yaml');
  writeFileSync(path, 'a long text that was there');
  chmodSync(path, 0o666);
  chmodSync(folder, 0o555);
  const said = asNobody(folder, `await writeWhole(path, Buffer.from('short'), readFileSync(path))`);
  chmodSync(folder, 0o755);
  assert.deepEqual(JSON.parse(said), { how: 'in_place' });
  assert.equal(readFileSync(path, 'utf8'), 'short');
});

test('a file that may not be written stays as it is, and says so before anybody tries', (t) => {
  const folder = folderFor(t);
  const path = join(folder, 'a.yaml');
  writeFileSync(path, 'one');
  chmodSync(path, 0o444);
  chmodSync(folder, 0o555);
  assert.equal(asNobody(folder, `await writeWhole(path, Buffer.from('two'), readFileSync(path))`), 'EACCES');
  assert.equal(asNobody(folder, 'await whyNotWritable(path)'), '"EACCES"');
  chmodSync(folder, 0o755);
  assert.equal(readFileSync(path, 'utf8'), 'one');
  rmSync(path);
  chmodSync(folder, 0o555);
  assert.equal(asNobody(folder, 'await whyNotWritable(path)'), '"EACCES"', 'nor can one be made');
  chmodSync(folder, 0o755);
});
