import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';

import { Crash, DrainWorld, type Fate, entriesOf } from '../../../../test/support/drain-world.ts';
import { newJournalId } from '../segment.ts';
import { JournalDrain } from './journal-drain.ts';
import type { FromDrain } from './messages.ts';

const OLD = newJournalId();
const OWN = newJournalId();

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const sumOf = (reports: readonly FromDrain[], key: 'written' | 'refused' | 'damagedBytes') =>
  reports.reduce((sum, report) => sum + (report.kind === 'drained' ? report[key] : 0), 0);

/** Drains until nothing is left, with as many processes as it takes. @returns how many crashed */
async function drainAll(world: DrainWorld): Promise<number> {
  for (let crashes = 0; ; crashes += 1) {
    const drain = new JournalDrain(world.ports());
    drain.update(world.segments);
    try {
      await drain.idle();
      return crashes;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
}

function onceEach(world: DrainWorld, expected: readonly string[]): void {
  assert.deepEqual([...world.inserted.keys()].toSorted(), expected.toSorted());
  assert.deepEqual(
    [...world.inserted].filter(([, times]) => times !== 1),
    [],
  );
}

const anyFates = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>('fine') },
    { weight: 1, arbitrary: fc.constantFrom<Fate>('fails before', 'fails after', 'crashes before', 'crashes after') },
  ),
  { maxLength: 60, size: 'max' },
);

test('promise 7: whatever fails and whoever dies between insert, position and delete, each record is there once', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(anyFates, sizes, sizes, fc.nat({ max: 100 }), async (fates, old, own, torn) => {
      const world = new DrainWorld();
      const expected: string[] = [];
      old.forEach((count, at) => {
        const traces = ids(`old${at}-`, count);
        const rest = entriesOf(OLD, ['torn']).subarray(0, torn);
        world.addSegment(OLD, at + 1, Buffer.concat([entriesOf(OLD, traces), rest]), { isInherited: true });
        expected.push(...traces);
      });
      own.forEach((count, at) => {
        const traces = ids(`own${at}-`, count);
        world.addSegment(OWN, at + 10, entriesOf(OWN, traces), { isClosed: at < own.length - 1 });
        expected.push(...traces);
      });
      world.odd = new Set(expected.filter((_, at) => at % 3 === 0));
      world.fates = [...fates];
      await drainAll(world);
      onceEach(world, expected);
      // A file that could not be deleted is found again at the next start.
      await drainAll(world);
      onceEach(world, expected);
      assert.deepEqual(world.plain, world.odd);
      assert.deepEqual(
        world.segments.map(({ journal, number }) => [journal, number]),
        [[OWN, own.length + 9]],
        'only what may still grow is left',
      );
    }),
    { numRuns: 500 },
  );
});

test('promise 7: a segment that grows while it is drained is drained to its end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 10 }), anyFates, async (grown, fates) => {
      const world = new DrainWorld();
      const path = world.addSegment(OWN, 1, Buffer.alloc(0), { isClosed: false });
      world.fates = fates.filter((fate) => !fate.startsWith('crashes'));
      const drain = new JournalDrain(world.ports());
      const expected: string[] = [];
      for (const [at, count] of grown.entries()) {
        const traces = ids(`${at}-`, count);
        const file = world.files.get(path);
        if (file) file.bytes = Buffer.concat([file.bytes, entriesOf(OWN, traces)]);
        expected.push(...traces);
        drain.update(world.segments);
        for (let turn = 0; turn < at; turn += 1) await Promise.resolve();
      }
      await drain.idle();
      onceEach(world, expected);
      assert.equal(sumOf(world.reports, 'written'), expected.length, 'what a lost answer hid is counted as well');
    }),
  );
});

test('a database that is away is tried until it is back, with longer and longer pauses', async () => {
  const world = new DrainWorld();
  world.addSegment(OWN, 1, entriesOf(OWN, ['a', 'b']), { isClosed: false });
  world.fates = Array.from({ length: 10 }, () => 'fails before');
  await drainAll(world);
  onceEach(world, ['a', 'b']);
  assert.deepEqual(world.pauses, [50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  assert.equal(world.reports.filter(({ kind }) => kind === 'trouble').length, 10);
  assert.doesNotMatch(JSON.stringify(world.reports), /hunter2/);
});

test('one row that is refused costs its details, not its neighbours; one that is refused in any form is counted', async () => {
  const world = new DrainWorld();
  world.odd = new Set(['t3']);
  world.impossible = new Set(['t7']);
  world.addSegment(OWN, 1, entriesOf(OWN, ids('t', 11)), { isClosed: false });
  await drainAll(world);
  onceEach(
    world,
    ids('t', 11).filter((id) => id !== 't7'),
  );
  assert.deepEqual([...world.plain], ['t3']);
  assert.deepEqual([sumOf(world.reports, 'written'), sumOf(world.reports, 'refused')], [10, 1]);
  assert.ok(world.reports.some((report) => report.kind === 'drained' && report.reason === 'bad number'));
});

test('statements have at most 1000 rows', async () => {
  const world = new DrainWorld();
  world.addSegment(OWN, 1, entriesOf(OWN, ids('t', 2201)), { isClosed: false });
  await drainAll(world);
  assert.deepEqual(world.batches, [1000, 1000, 201]);
});

test('what is new does not wait for what is old, and what is left of the old is told', async () => {
  const world = new DrainWorld();
  world.addSegment(OLD, 1, entriesOf(OLD, ids('old', 3000)), { isInherited: true });
  world.addSegment(OWN, 2, entriesOf(OWN, ['new']), { isClosed: false });
  await drainAll(world);
  assert.deepEqual(world.batches, [1000, 1, 1000, 1000]);
  const told = world.reports.flatMap((report) => ('inherited' in report ? [report.inherited] : []));
  assert.deepEqual([...new Set(told.map(({ records }) => records))], [3000, 2000, 1000, 0]);
  assert.deepEqual(told[0]?.oldestAt, 5000);
  assert.deepEqual(told.at(-1), { records: 0, bytes: 0, oldestAt: undefined });
});

test('damage is passed over and counted, a file that cannot be read is set aside, one that is gone is no obstacle', async () => {
  const world = new DrainWorld();
  const damaged = entriesOf(OLD, ['a', 'b', 'c']);
  const { length } = entriesOf(OLD, ['a']);
  damaged[length + 100] = 0;
  world.addSegment(OLD, 1, damaged, { isInherited: true });
  const broken = world.addSegment(OLD, 2, entriesOf(OLD, ['d']), { isInherited: true });
  world.addSegment(OLD, 3, entriesOf(OLD, ['e']), { isInherited: true });
  const gone = world.addSegment(OLD, 4, entriesOf(OLD, ['f']), { isInherited: true });
  world.addSegment(OLD, 5, entriesOf(OLD, ['g']), { isInherited: true });
  world.isUnreadable = (path) => path === broken;
  const drain = new JournalDrain(world.ports());
  drain.update(world.segments);
  world.files.delete(gone);
  await drain.idle();
  onceEach(world, ['a', 'c', 'e', 'g']);
  assert.deepEqual(world.setAside, [broken]);
  assert.equal(sumOf(world.reports, 'damagedBytes'), 2 * length);
  const finished = world.reports.flatMap((report) => (report.kind === 'finished' ? [report.path] : []));
  assert.ok(finished.includes(gone));
  assert.equal(world.files.size, 0);
  assert.equal(world.positions.size, 0, 'a journal of which nothing is left is forgotten');
});

test('what another process took over meanwhile is not written again', async () => {
  const world = new DrainWorld();
  const bytes = entriesOf(OWN, ids('t', 600));
  world.addSegment(OWN, 1, bytes, { isClosed: false });
  const first = new JournalDrain(world.ports());
  const second = new JournalDrain(world.ports());
  first.update(world.segments);
  second.update(world.segments);
  await Promise.all([first.idle(), second.idle()]);
  onceEach(world, ids('t', 600));
});

test('told to end, it ends after the statement that runs', async () => {
  const world = new DrainWorld();
  world.addSegment(OWN, 1, entriesOf(OWN, ids('t', 4000)), { isClosed: false });
  const drain = new JournalDrain(world.ports());
  drain.update(world.segments);
  await Promise.resolve();
  await drain.close();
  drain.update(world.segments);
  assert.ok(world.inserted.size <= 1000);
});
