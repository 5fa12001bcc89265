import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { type OwnedResource, PostgresResourceStore } from './resource-store.ts';

function file(id: string, own: Partial<OwnedResource> = {}): OwnedResource {
  return { provider: 'gpt', id, kind: 'file', project: 'ada', keyId: 'key', ...own };
}

for (const kind of ['embedded', 'postgres'] as const) {
  describe(
    `things that providers keep, noted in the ${kind} database`,
    { skip: kind === 'postgres' && noPostgres },
    () => {
      let opened: TracesDatabase;
      let store: PostgresResourceStore;
      let now = 0;
      before(async () => {
        opened = await openTracesDatabase(kind);
        store = new PostgresResourceStore(opened.database.orm, { now: () => now, monotonic: () => now });
      });
      after(() => opened.close());
      beforeEach(() => opened.database.pool.query('truncate provider_resources'));

      test('promise 8: the first owner stays, at each provider', async () => {
        await store.add([file('a'), file('b')]);
        await store.add([file('a', { project: 'bob' }), file('a', { project: 'bob', provider: 'other' })]);
        const found = (await store.find(['a'])).map(({ provider, project }) => `${provider} ${project}`);
        assert.deepEqual(found.toSorted(), ['gpt ada', 'other bob']);
        await store.remove(file('a'));
        assert.deepEqual(await store.find(['a', 'nobody']), [file('a', { project: 'bob', provider: 'other' })]);
        assert.deepEqual(await store.find([]), []);
      });

      test('pages have everything of the project once and in order, whatever the size and the instants', async () => {
        const made = fc.array(fc.record({ later: fc.boolean(), project: fc.constantFrom('ada', 'bob') }), {
          maxLength: 12,
        });
        await fc.assert(
          fc.asyncProperty(
            made,
            fc.integer({ min: 1, max: 4 }),
            fc.constantFrom('asc', 'desc'),
            async (all, limit, order) => {
              await opened.database.pool.query('truncate provider_resources');
              for (const [at, { later, project }] of all.entries()) {
                now += later ? 1000 : 0;
                await store.add([file(`f${String(at).padStart(3, '0')}`, { project })]);
              }
              const seen: string[] = [];
              for (let last: string | undefined, isMore = true; isMore; last = seen.at(-1)) {
                const asked = { project: 'ada', kind: 'file', providers: ['gpt'], order, limit, after: last } as const;
                const page = await store.page(asked);
                isMore = page.length > limit;
                seen.push(...page.slice(0, limit).map(({ id }) => id));
              }
              const wanted = all.flatMap(({ project }, at) =>
                project === 'ada' ? [`f${String(at).padStart(3, '0')}`] : [],
              );
              assert.deepEqual(seen, order === 'asc' ? wanted : wanted.toReversed());
            },
          ),
          { numRuns: 15 },
        );
      });
    },
  );
}
