import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  BOB,
  House,
  TOOL_CALL,
  TOOL_OUTPUT,
  assistant,
  objectsIn,
  plain,
  refusal,
  talk,
  user,
} from '../../../test/support/stored-responses.ts';
import { asString } from '../../core/json.ts';

describe('requests for a kept response', () => {
  it('deletes it, waiting or written, and then nothing continues it', async () => {
    for (const waits of [true, false]) {
      const house = new House();
      house.holdWrites();
      const { id } = await house.ask({ input: 'Hi' });
      if (!waits) await house.settle();
      while (house.store.adds === 0) await new Promise(setImmediate);
      assert.equal(await house.fetch(id, 'delete', { as: BOB }), undefined);
      const deletion = house.fetch(id, 'delete');
      // What is under way to the database comes first.
      if (waits) await house.settle();
      assert.deepEqual(await deletion, { id, object: 'response', deleted: true });
      assert.equal(await house.fetch(id, 'delete'), undefined);
      assert.equal(await house.fetch(id), undefined);
      await house.settle();
      assert.equal(house.store.rows.size, 0);
      await assert.rejects(
        house.ask({ input: 'x', previous_response_id: id }),
        refusal('resource_not_found', 'previous_response_id'),
      );
    }
  });

  it('lists what it was made from, page by page', async () => {
    const house = new House();
    const [, , third = ''] = await talk(house);
    const read = (query: string) => house.fetch(third, 'read', { query });
    const whole = await read('order=asc');
    assert.deepEqual(plain(whole?.['data']), [
      user('Hi'),
      assistant('Hello'),
      user('Weather?'),
      TOOL_CALL,
      TOOL_OUTPUT,
    ]);
    const ids = objectsIn(whole?.['data']).map(({ id }) => id);
    const idAt = (at: number) => asString(ids[at]) ?? '';
    assert.equal(new Set(ids).size, 5);
    assert.deepEqual([whole?.['object'], whole?.['has_more'], whole?.['first_id']], ['list', false, ids[0]]);
    const page = await read(`limit=2&after=${idAt(3)}`);
    assert.deepEqual(
      objectsIn(page?.['data']).map(({ id }) => id),
      [ids[2], ids[1]],
    );
    assert.deepEqual([page?.['has_more'], page?.['last_id']], [true, ids[1]]);
    for (const query of ['limit=0', 'order=up', 'after=nobody']) {
      await assert.rejects(read(query), refusal('request_invalid', query.split('=')[0]));
    }
    assert.equal(await house.fetch(third, 'read', { as: BOB }), undefined);
  });

  it('neither stops nor streams it again, and leaves the ids of providers to others', async () => {
    const house = new House();
    const { id } = await house.ask({ input: 'Hi' });
    await assert.rejects(house.fetch(id, 'cancel'), refusal('request_invalid'));
    await assert.rejects(house.fetch(id, 'retrieve', { query: 'stream=true' }), refusal('request_invalid', 'stream'));
    assert.equal(await house.fetch('resp_0550'), undefined);
  });
});
