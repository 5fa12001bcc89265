import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { FakeClock } from '../../../test/support/fake-clock.ts';
import * as fc from '../../../test/support/fast-check.ts';
import type { Json } from '../../core/json.ts';
import { type Seal, readSnapshot, writeSnapshot } from './snapshot-file.ts';
import { Snapshot } from './snapshot.ts';

const root = mkdtempSync(join(tmpdir(), 'causeway-snapshot-'));
after(() => rmSync(root, { recursive: true }));

/** Keeps what is whole apart from what is not; that nobody can read it is the sealer's own test. */
const SEAL: Seal = {
  seal: (text) => `${Buffer.from(text).toString('base64url')}.${checksum(text)}`,
  open(sealed) {
    const [box = '', sum] = sealed.split('.');
    const text = Buffer.from(box, 'base64url').toString();
    if (String(checksum(text)) !== sum) throw new Error('it was changed');
    return text;
  },
};

function checksum(text: string): number {
  return [...Buffer.from(text)].reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);
}

let count = 0;
function house(path = join(root, `${(count += 1)}`)) {
  const clock = new FakeClock();
  const said: string[] = [];
  const note = (facts: object, message = ''): void => void said.push(`${JSON.stringify(facts)} ${message}`);
  const snapshot = new Snapshot({
    path,
    seal: SEAL,
    clock,
    scheduler: clock,
    log: { info: note, warn: note, error: note },
  });
  return { path, clock, said, snapshot };
}

describe('the file of a snapshot', () => {
  test('promise 7: any contents come back as they were', async () => {
    const path = join(root, 'any');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (parts) => {
        const plain = JSON.parse(JSON.stringify(parts)) as Record<string, Json>;
        await writeSnapshot(path, SEAL, { savedAt: 7, parts: plain });
        assert.deepEqual(readSnapshot(path, SEAL), { savedAt: 7, parts: plain });
      }),
      { numRuns: 50 },
    );
  });

  test('promise 12: is for its owner only, and nothing is left beside it', async () => {
    const path = join(root, 'modes');
    await writeSnapshot(path, SEAL, { savedAt: 1, parts: {} });
    await writeSnapshot(path, SEAL, { savedAt: 2, parts: {} });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(root).filter((name) => name.startsWith('modes')),
      ['modes'],
    );
  });

  test('is refused where any of it was changed, cut, or is of another version, which is said', async () => {
    const path = join(root, 'changed');
    await writeSnapshot(path, SEAL, { savedAt: 1, parts: { keys: ['a'] } });
    const text = readFileSync(path, 'utf8');
    const refused = (changed: string, reason: RegExp): void => {
      writeFileSync(path, changed);
      assert.throws(() => readSnapshot(path, SEAL), { name: 'SnapshotError', message: reason }, changed);
    };
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      if (!/\s|\d/.test(text[at] ?? '')) refused(text.slice(0, at) + other + text.slice(at + 1), /^it /);
      refused(text.slice(0, at), /^it /);
    }
    refused(text.replace('snapshot 1', 'snapshot 2'), /version 2, and this program reads version 1/);
    refused('{}', /not whole, or not a snapshot/);
  });
});

describe('a snapshot', () => {
  test('is written beside the change, once for changes that come together', async () => {
    const { path, clock, snapshot } = house();
    let saves = 0;
    snapshot.part('keys', () => (saves += 1));
    for (let change = 0; change < 5; change += 1) snapshot.changed();
    assert.equal(readSnapshot(path, SEAL), undefined);
    clock.advance(1000);
    await snapshot.close();
    assert.deepEqual(readSnapshot(path, SEAL)?.parts, { keys: 1 });
    assert.equal(saves, 1);
  });

  test('is written at the end, where something has changed', async () => {
    const { path, snapshot } = house();
    snapshot.part('keys', () => 'all');
    await snapshot.close();
    assert.equal(readSnapshot(path, SEAL), undefined, 'nothing had');
    snapshot.changed();
    await snapshot.close();
    assert.deepEqual(readSnapshot(path, SEAL)?.parts, { keys: 'all' });
  });

  test('keeps what an earlier process left of parts that are not loaded yet', async () => {
    const { path, clock, snapshot } = house();
    await writeSnapshot(path, SEAL, { savedAt: 5, parts: { keys: ['a'], budgets: ['b'] } });
    assert.equal(snapshot.savedAt, undefined, 'it was read before');
    const next = house(path);
    assert.equal(next.snapshot.savedAt, 5);
    assert.deepEqual(next.snapshot.kept('keys'), ['a']);
    assert.equal(next.snapshot.kept('prices'), undefined);
    next.snapshot.part('keys', () => ['c']);
    next.snapshot.changed();
    await next.snapshot.close();
    assert.deepEqual(readSnapshot(path, SEAL), { savedAt: clock.now(), parts: { keys: ['c'], budgets: ['b'] } });
  });

  test('promise 7: one that was tampered with is refused with a clear line, and replaced', async () => {
    const path = join(root, 'tampered');
    await writeSnapshot(path, SEAL, { savedAt: 5, parts: { keys: ['a'] } });
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\d+\n$/, '1\n'));
    const { snapshot, said } = house(path);
    assert.equal(snapshot.savedAt, undefined);
    assert.equal(snapshot.kept('keys'), undefined);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /it was changed.*the snapshot is refused/);
    snapshot.part('keys', () => ['new']);
    snapshot.changed();
    await snapshot.close();
    assert.deepEqual(readSnapshot(path, SEAL)?.parts, { keys: ['new'] });
  });

  test('that cannot be written is told once', async () => {
    const { snapshot, said } = house(join(root, 'no folder', 'file'));
    snapshot.part('keys', () => 1);
    for (let round = 0; round < 3; round += 1) {
      snapshot.changed();
      await snapshot.close();
    }
    assert.equal(said.length, 1, said.join());
  });
});
