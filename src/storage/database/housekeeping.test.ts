import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { PGlite } from '@electric-sql/pglite';

import { Housekeeping, housekept } from './housekeeping.ts';

describe('housekeeping of a session without background processes', async () => {
  const engine = await PGlite.create();
  after(() => engine.close());

  test('the write-ahead log is cut and the space of deleted rows used again, once enough was written', async () => {
    const executed: string[] = [];
    const kept = housekept(engine);
    const housekeeping = new Housekeeping({
      position: () => kept.position(),
      execute: (sql) => {
        executed.push(sql);
        return kept.execute(sql);
      },
    });
    await engine.exec('CREATE TABLE filler (text text); ALTER TABLE filler ALTER text SET STORAGE external');
    const fill = 'INSERT INTO filler SELECT repeat(n::text, 2000) FROM generate_series(100000, 101800) n';
    await housekeeping.round();
    assert.deepEqual(executed, [], 'nothing was written yet');
    for (let round = 0; round < 2; round += 1) await engine.exec(fill);
    await housekeeping.round();
    assert.deepEqual(executed, ['CHECKPOINT']);
    const { written, checkpointed } = await kept.position();
    assert.ok(written - checkpointed < 1_000_000, 'the checkpoint is seen');
    for (let round = 0; round < 2; round += 1) await engine.exec(fill);
    await housekeeping.round();
    assert.deepEqual(executed, ['CHECKPOINT', 'VACUUM (ANALYZE)', 'CHECKPOINT']);
    await housekeeping.round();
    assert.equal(executed.length, 3);
  });
});
