import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { ManualRevisions } from '../../../../test/support/manual-revisions.ts';
import { noPostgres } from '../../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../../test/support/traces-database.ts';
import { systemClock } from '../../../core/clock.ts';
import { revisionOf } from '../../../storage/revisions/revision-store.ts';
import { OrganisationDirectory } from './organisation-directory.ts';
import { OrganisationStore } from './organisation-store.ts';

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`organisations in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    let store: OrganisationStore;
    before(async () => {
      opened = await openTracesDatabase(kind);
      store = new OrganisationStore(opened.database.orm, systemClock);
    });
    after(() => opened.close());
    beforeEach(() => opened.database.pool.query('truncate organisations, organisation_projects'));

    const listed = async () => (await store.list()).map(({ name, projects }) => [name, ...projects]);

    test('come back by name with their projects, and raise the revision', async () => {
      const earlier = await revisionOf(opened.database.orm, 'organisations');
      await store.put('b', ['p2', 'p1', 'p2']);
      await store.put('a', []);
      assert.deepEqual(await listed(), [['a'], ['b', 'p1', 'p2']]);
      assert.equal(await revisionOf(opened.database.orm, 'organisations'), earlier + 2);
    });

    test('get other projects in place of those they have', async () => {
      await store.put('a', ['p1', 'p2']);
      const [{ createdAt } = { createdAt: undefined }] = await store.list();
      await store.put('a', ['p2', 'p3']);
      assert.deepEqual(await listed(), [['a', 'p2', 'p3']]);
      assert.deepEqual((await store.list())[0]?.createdAt, createdAt);
    });

    test('share no project: the second is refused, and nothing of it stays', async () => {
      await store.put('a', ['p1']);
      await assert.rejects(store.put('b', ['p2', 'p1']), { project: 'p1', organisation: 'a' });
      assert.deepEqual(await listed(), [['a', 'p1']]);
      const both = await Promise.allSettled([store.put('c', ['p9']), store.put('d', ['p9'])]);
      assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1);
    });

    test('are gone with what they say of their projects', async () => {
      await store.put('a', ['p1']);
      assert.equal(await store.remove('a'), true);
      assert.equal(await store.remove('a'), false);
      await store.put('b', ['p1']);
      assert.deepEqual(await listed(), [['b', 'p1']]);
    });
  });
}

const names = fc.constantFrom('a', 'b', 'c', 'd');
const organisations = fc.dictionary(names, fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5')));

/** The first that has a project keeps it, as both the file and the database see to. */
function disjoint(all: Readonly<Record<string, readonly string[]>>): Map<string, { projects: string[] }> {
  const seen = new Set<string>();
  return new Map(
    Object.entries(all).map(([name, projects]) => {
      const own = projects.filter((project) => !seen.has(project));
      for (const project of own) seen.add(project);
      return [name, { projects: own }];
    }),
  );
}

describe('all organisations', () => {
  test('any file and any database: the file is right, and a project has one organisation at most', async () => {
    await fc.assert(
      fc.asyncProperty(organisations, organisations, async (inFile, inDatabase) => {
        const [file, stored] = [disjoint(inFile), disjoint(inDatabase)];
        const rows = [...stored].map(([name, { projects }]) => ({ name, projects, createdAt: new Date(0) }));
        const revisions = new ManualRevisions();
        const directory = new OrganisationDirectory({ list: async () => rows }, revisions);
        await directory.start();
        directory.setFile(file);
        for (const project of ['p1', 'p2', 'p3', 'p4', 'p5']) {
          const ofFile = [...file].find(([, { projects }]) => projects.includes(project))?.[0];
          const ofDatabase = [...stored].find(([name, one]) => !file.has(name) && one.projects.includes(project))?.[0];
          assert.equal(directory.organisationOf(project), ofFile ?? ofDatabase);
          const owners = directory.list().filter(({ projects }) => projects.includes(project));
          assert.deepEqual(
            owners.map(({ name }) => name),
            (ofFile ?? ofDatabase) === undefined ? [] : [ofFile ?? ofDatabase],
          );
        }
        const other = new ManualRevisions();
        const again = new OrganisationDirectory({ list: async () => [] }, other);
        await again.start();
        other.states[0]?.kept?.load(JSON.parse(JSON.stringify(revisions.states[0]?.kept?.save())));
        again.setFile(file);
        assert.deepEqual(again.list(), directory.list(), 'a snapshot says the same');
      }),
      { numRuns: 200 },
    );
  });

  test('tell whoever follows them of each change', async () => {
    const revisions = new ManualRevisions();
    const directory = new OrganisationDirectory({ list: async () => [] }, revisions);
    let changes = 0;
    directory.watch(() => (changes += 1));
    await directory.start();
    directory.setFile(new Map());
    await directory.refresh();
    assert.equal(changes, 3);
  });
});
