import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { makeRecord } from '../../../test/support/make-record.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import type { CallRecord } from '../journal/record.ts';
import { toTraceRow } from '../traces/trace-row.ts';
import { insertTraces } from '../traces/trace-store.ts';
import { type FacetQuestion, type FacetValue, readFacets } from './facet-store.ts';
import { FACET_FIELDS, type FacetField, MOST_VALUES } from './fields.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR = 3_600_000;

const failed = { code: 'provider_timeout', origin: 'provider', message: 'It took too long.' } as const;
const RECORDS: Partial<CallRecord>[] = [
  ...Array.from({ length: 60 }, (_, at) => ({ userId: `user-${String(at).padStart(2, '0')}` })),
  { userId: 'user-30', requestModel: 'rare', virtualModel: undefined },
  { project: 'other', keyId: 'key_2', operation: 'embeddings', cache: 'exact', arm: 'canary:c/new' },
  { project: 'other', status: 'failed', error: failed, finishReason: undefined, promptVersion: 'p@1.0.0' },
  { startedAt: NOW - 10 * 24 * HOUR, requestModel: 'long ago', operation: 'rerank' },
];

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`what there is to choose from in the ${kind} database`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    before(async () => {
      opened = await openTracesDatabase(kind);
      const rows = RECORDS.map((parts, at) => {
        const record = makeRecord({ startedAt: NOW - HOUR + at, ...parts });
        return toTraceRow({ record, input: undefined, output: undefined, textsDropped: false });
      });
      const client = await opened.database.pool.connect();
      try {
        await insertTraces(client, rows);
      } finally {
        client.release();
      }
    });
    after(() => opened.close());

    const day = { since: new Date(NOW - 24 * HOUR), until: new Date(NOW) };

    async function valuesOf(field: FacetField, more: Partial<FacetQuestion> = {}): Promise<readonly FacetValue[]> {
      const facets = await readFacets(opened.database, { fields: [field], ...day, ...more });
      return facets.get(field) ?? [];
    }

    test('is what requests of the time had, the most frequent first', async () => {
      assert.deepEqual(await valuesOf('model'), [
        { value: 'chat', requests: 62 },
        { value: 'rare', requests: 1 },
      ]);
      assert.deepEqual(await valuesOf('project'), [
        { value: 'support', requests: 61 },
        { value: 'other', requests: 2 },
      ]);
      assert.deepEqual(await valuesOf('status'), [
        { value: 'completed', requests: 62 },
        { value: 'failed', requests: 1 },
      ]);
      assert.deepEqual(await valuesOf('operation'), [
        { value: 'chat', requests: 62 },
        { value: 'embeddings', requests: 1 },
      ]);
      assert.deepEqual(await valuesOf('error_code'), [{ value: 'provider_timeout', requests: 1 }]);
      assert.deepEqual(await valuesOf('arm'), [{ value: 'canary:c/new', requests: 1 }]);
      assert.deepEqual(await valuesOf('prompt_version'), [{ value: 'p@1.0.0', requests: 1 }]);
    });

    test('is of short times too, where the first quarter of an hour counts whole', async () => {
      const since = new Date(NOW - HOUR + 60_000);
      assert.deepEqual(
        (await valuesOf('model', { since })).map(({ requests }) => requests),
        [62, 1],
      );
      assert.deepEqual(await valuesOf('model', { since: new Date(NOW - HOUR / 2) }), []);
    });

    test('is of longer times as well', async () => {
      const since = new Date(NOW - 20 * 24 * HOUR);
      assert.deepEqual(
        (await valuesOf('model', { since })).map(({ value }) => value),
        ['chat', 'long ago', 'rare'],
      );
      assert.equal((await valuesOf('model', { since, until: new Date(NOW - 9 * 24 * HOUR) })).length, 1);
    });

    test('is at most so many, and one more where there are more', async () => {
      const users = await valuesOf('user');
      assert.equal(users.length, MOST_VALUES + 1);
      assert.deepEqual(users.slice(0, 2), [
        { value: 'ada', requests: 2 },
        { value: 'user-30', requests: 2 },
      ]);
    });

    test('is of one project where that is asked for', async () => {
      const project = 'other';
      const facets = await readFacets(opened.database, { fields: FACET_FIELDS, ...day, project });
      const counted = [...facets].map(([field, values]) => `${field}: ${values.map(({ value }) => value).join(' ')}`);
      assert.deepEqual(counted.slice(0, 9), [
        'model: chat',
        'virtual_model: chat',
        'target: openai/gpt-5-mini',
        'project: other',
        'organisation: acme',
        'key: key_1 key_2',
        'user: ada',
        'endpoint: /v1/chat/completions',
        'status: completed failed',
      ]);
      assert.deepEqual(
        counted.filter((line) => /^(operation|cache|error)/.test(line)),
        ['operation: chat embeddings', 'cache: exact', 'error_code: provider_timeout', 'error_origin: provider'],
      );
      assert.deepEqual((await valuesOf('user', { project: "'; drop table traces" })).length, 0);
    });
  });
}
