import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { noPostgres } from '../../../test/support/postgres-server.ts';
import { type TracesDatabase, openTracesDatabase } from '../../../test/support/traces-database.ts';
import { BinaryColumns, type ElementType, UnwritableError } from './binary-columns.ts';

const storableText = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((text) => text.replaceAll('\0', '').toWellFormed());
const VALUES = {
  boolean: fc.boolean(),
  bigint: fc.maxSafeInteger(),
  integer: fc.integer(),
  text: storableText,
  json: fc.jsonValue().map((value) => JSON.stringify(value)),
  jsonb: fc.jsonValue().map((value) => JSON.stringify(value).replaceAll(/\\u(?:0000|d[89a-f]..)/gi, '')),
  'double precision': fc.double({ noNaN: true }),
  'timestamp with time zone': fc
    .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
} as const satisfies Record<ElementType, fc.Arbitrary<unknown>>;
const TYPES = Object.keys(VALUES) as ElementType[];

for (const kind of ['embedded', 'postgres'] as const) {
  describe(`binary columns in ${kind}`, { skip: kind === 'postgres' && noPostgres }, () => {
    let opened: TracesDatabase;
    before(async () => (opened = await openTracesDatabase(kind)));
    after(() => opened.close());

    /** What the database reads of an array that it is sent. */
    async function readBack(type: string, array: unknown): Promise<string> {
      const { rows } = await opened.database.pool.query<{ read: string }>(`select $1::${type}[]::text as read`, [
        array,
      ]);
      return rows[0]?.read ?? '';
    }

    for (const type of TYPES) {
      test(`an array of ${type} is read as the same as text is`, async () => {
        const list = fc.array(fc.option<string | number | boolean>(VALUES[type], { freq: 3 }), { maxLength: 8 });
        const property = fc.asyncProperty(list, async (values) => {
          const columns = new BinaryColumns(1);
          columns.add(type, values, (value) => value);
          assert.equal(await readBack(type, columns.take()[0]), await readBack(type, values));
        });
        await fc.assert(property, { numRuns: 40 });
      });
    }

    test('several follow each other, and lists of numbers come as one', async () => {
      const columns = new BinaryColumns(8);
      columns.add('text', ['a', 'é𠮷'], (value) => value);
      columns.add('text', [], () => '');
      columns.addFlat([Int32Array.of(1, -2), null, new Int32Array(), Int32Array.of(2 ** 31 - 1)]);
      columns.addFlat([null]);
      const read = await Promise.all(columns.take().map((array, at) => readBack(at < 2 ? 'text' : 'integer', array)));
      assert.deepEqual(read, ['{a,é𠮷}', '{}', '{1,-2,2147483647}', '{}']);
    });
  });
}

test('what is of another type has no form', () => {
  const wrong: [ElementType, string | number][] = [
    ['bigint', Number.NaN],
    ['bigint', 1e300],
    ['bigint', 0.5],
    ['integer', 2 ** 31],
    ['timestamp with time zone', 'yesterday'],
  ];
  for (const [type, value] of wrong) {
    assert.throws(() => new BinaryColumns().add(type, [value], (one) => one), UnwritableError, `${type} ${value}`);
  }
});
