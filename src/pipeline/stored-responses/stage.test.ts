import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  ADA,
  BOB,
  House,
  TOOL_CALL,
  TOOL_OUTPUT,
  TTL,
  assistant,
  encode,
  objectsIn,
  plain,
  refusal,
  said,
  talk,
  user,
  wholeOf,
} from '../../../test/support/stored-responses.ts';
import { GatewayError } from '../../core/errors.ts';
import type { StreamEvent } from '../../core/events.ts';
import { newTraceId } from '../../core/ids.ts';
import { responseId } from '../../core/inference/response-ids.ts';
import { type Json, type JsonObject, asString } from '../../core/json.ts';
import { storedResponsesStage } from './stage.ts';
import { oldResponses } from './old-responses.ts';

describe('previous_response_id', () => {
  for (const [where, settles] of [
    ['while all of it waits to be written', 0],
    ['from the database', 3],
    ['partly from each', 2],
  ] as const) {
    it(`puts a conversation with tools before the request, ${where}`, async () => {
      const house = new House();
      house.holdWrites();
      let turn = 0;
      const [, , third = ''] = await talk(house, async () => {
        turn += 1;
        if (turn > settles) return;
        await house.settle();
        house.holdWrites();
      });
      assert.equal(house.store.rows.size, settles);
      const { input, call } = await house.ask({ input: 'Sure?', instructions: 'Shout.', previous_response_id: third });
      assert.deepEqual(plain(input), [
        user('Hi'),
        assistant('Hello'),
        user('Weather?'),
        TOOL_CALL,
        TOOL_OUTPUT,
        assistant('Rain.'),
        { type: 'message', role: 'user', content: 'Sure?' },
      ]);
      // Without the instructions of earlier requests.
      const [system] = call.inference.messages;
      assert.deepEqual(system, { role: 'system', content: [{ type: 'text', text: 'Shout.' }] });
      assert.equal(call.body.json['previous_response_id'], third);
      assert.equal('previous_response_id' in call.body.resolved, false);
    });
  }

  it('goes on from an answer that has only just gone out, whoever of the two is first', async () => {
    const house = new House();
    const { deps } = house;
    const first = house.call({ json: { model: 'chat', input: 'Hi' } });
    await storedResponsesStage(deps).run(first, () => Promise.resolve(wholeOf(said('Hello'))));
    const json = { model: 'chat', input: 'And?', previous_response_id: responseId(first.id) };
    const { promise, resolve } = Promise.withResolvers<Json | undefined>();
    await storedResponsesStage(deps).run(house.call({ json }), (asked) => {
      resolve(asked.body.exactJson['input']);
      return Promise.resolve(wholeOf(said('Yes')));
    });
    const kept = plain(await promise);
    assert.deepEqual(kept.slice(0, 2), [user('Hi'), assistant('Hello')]);
    await new Promise(setImmediate);
    await house.settle();
    assert.equal(house.store.rows.size, 2);
  });

  it('keeps what the client wrote, not what was made of it on its way', async () => {
    const house = new House();
    const { deps } = house;
    const call = house.call({ json: { model: 'chat', input: 'call 13800138000' } });
    await storedResponsesStage(deps).run(call, (asked) => {
      asked.body.amend({ op: 'set', path: '/input', value: 'call [PHONE_1]' });
      return Promise.resolve(wholeOf(said('Yes')));
    });
    await new Promise(setImmediate);
    const { input } = await house.ask({ previous_response_id: responseId(call.id) });
    assert.deepEqual(plain(input).slice(0, 1), [user('call 13800138000')]);
  });

  it('may go on without an input of its own', async () => {
    const house = new House();
    const { id } = await house.ask({ input: 'Hi' });
    const { input } = await house.ask({ previous_response_id: id });
    assert.deepEqual(plain(input), [user('Hi'), assistant('Hello')]);
  });

  it("promise 8: another project's response is one that never was", async () => {
    const house = new House();
    house.holdWrites();
    const { id } = await house.ask({ input: 'secret' });
    const go = (previous: string) => house.ask({ input: 'x', previous_response_id: previous }, { as: BOB });
    const unknown = responseId(newTraceId(0));
    const messages: string[] = [];
    for (const waits of [true, false]) {
      for (const previous of [id, unknown]) {
        await assert.rejects(go(previous), (error: GatewayError) => {
          refusal('resource_not_found', 'previous_response_id')(error);
          messages.push(error.message.replace(previous, ''));
          return true;
        });
      }
      if (waits) await house.settle();
    }
    assert.equal(new Set(messages).size, 1);
    await assert.rejects(go('resp_of_a_provider'), refusal('resource_not_found', 'previous_response_id'));
    await assert.rejects(
      house.ask({ input: 'x', previous_response_id: 7 }),
      refusal('request_invalid', 'previous_response_id'),
    );
  });

  it('is over when its time is, or that of what it continues', async () => {
    const house = new House();
    house.holdWrites();
    const first = await house.ask({ input: 'Hi' });
    house.clock.advance(TTL - 1);
    const second = await house.ask({ input: 'and', previous_response_id: first.id });
    house.clock.advance(1);
    const go = (previous: string) => house.ask({ input: 'x', previous_response_id: previous });
    for (const waits of [true, false]) {
      await assert.rejects(go(first.id), refusal('resource_not_found', 'previous_response_id'));
      await assert.rejects(go(second.id), refusal('resource_not_found', 'previous_response_id'));
      assert.equal(await house.fetch(first.id), undefined);
      assert.equal((await house.fetch(second.id))?.['id'], second.id);
      if (waits) await house.settle();
    }
    await oldResponses(house.store, house.clock).delete(1000);
    assert.deepEqual([...house.store.rows.keys()], [second.id]);
  });

  it('promise 11: is refused where the conversation is too long', async () => {
    const house = new House({ turns: 2, bytes: 1_000_000 });
    house.holdWrites();
    const [, second = '', third = ''] = await talk(house);
    await house.ask({ input: [TOOL_OUTPUT], previous_response_id: second });
    const go = () => house.ask({ input: 'x', previous_response_id: third });
    await assert.rejects(go(), refusal('request_invalid', 'previous_response_id'));
    await house.settle();
    await assert.rejects(go(), refusal('request_invalid', 'previous_response_id'));
  });
});

describe('item_reference', () => {
  it('stands for the item, of the answer or of the input', async () => {
    const house = new House();
    const [first = '', second = ''] = await talk(house);
    const items = async (id: string): Promise<JsonObject[]> => [
      ...objectsIn((await house.fetch(id, 'read', { query: 'order=asc' }))?.['data']),
      ...objectsIn((await house.fetch(id))?.['output']),
    ];
    const all = [...(await items(first)), ...(await items(second))];
    const reference = (index: number) => ({ type: 'item_reference', id: asString(all[index]?.['id']) ?? '' });
    const { input, id } = await house.ask({
      input: [reference(0), { id: reference(1).id }, reference(5), TOOL_OUTPUT],
    });
    assert.deepEqual(plain(input), [user('Hi'), assistant('Hello'), TOOL_CALL, TOOL_OUTPUT]);
    // They are kept as what they stand for.
    const next = await house.ask({ input: 'x', previous_response_id: id });
    assert.deepEqual(plain(next.input).slice(0, 3), [user('Hi'), assistant('Hello'), TOOL_CALL]);
  });

  it("promise 8: of another's, or of nothing, is refused", async () => {
    const house = new House();
    const { id } = await house.ask({ input: 'Hi' });
    const [item] = objectsIn((await house.fetch(id))?.['output']);
    const go = (itemId: Json, as = ADA) =>
      house.ask({ input: [user('x'), { type: 'item_reference', id: itemId }] }, { as });
    await assert.rejects(go(item?.['id'] ?? '', BOB), refusal('resource_not_found', 'input[1].id'));
    await assert.rejects(go('msg_of_a_provider'), refusal('resource_not_found', 'input[1].id'));
    await assert.rejects(go(`${asString(item?.['id'])}9`), refusal('resource_not_found', 'input[1].id'));
  });
});

describe('what is kept', () => {
  it('is what the client got, streamed or not', async () => {
    const house = new House();
    for (const streamed of [undefined, 'completed'] as const) {
      const { id, call } = await house.ask({ input: 'Hi', metadata: { a: 'b' } }, streamed ? { streamed } : {});
      const kept = await house.fetch(id);
      assert.deepEqual(kept, JSON.parse(JSON.stringify(encode(call, said('Hello'), house.clock.now()))));
      assert.equal(kept?.['id'], id);
    }
  });

  it('is nothing where the client does not want it, or the answer did not end', async () => {
    const house = new House();
    const refused = await house.ask({ input: 'Hi', store: false });
    const cut = await house.ask({ input: 'Hi' }, { streamed: 'aborted' });
    await house.settle();
    assert.equal(house.store.rows.size, 0);
    for (const { id } of [refused, cut]) assert.equal(await house.fetch(id), undefined);
  });

  it('an answer that was not kept may continue one that was', async () => {
    const house = new House();
    const first = await house.ask({ input: 'Hi' });
    const { input } = await house.ask({ input: 'x', previous_response_id: first.id, store: false });
    assert.equal(plain(input).length, 3);
  });

  it('keeps numbers that a double cannot hold', async () => {
    const house = new House();
    const raw = Buffer.from(
      '{"model":"chat","input":[{"role":"user","content":"x"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}","n":12345678901234567890}]}',
    );
    const call = house.call({ raw });
    await storedResponsesStage(house.deps).run(call, () => Promise.resolve(wholeOf(said('x'))));
    await new Promise(setImmediate);
    const next = await house.ask({ input: [TOOL_OUTPUT], previous_response_id: responseId(call.id) });
    assert.match(JSON.stringify(next.input), /"n":12345678901234567890/);
  });
});

describe('storing that is switched off', () => {
  it('refuses requests that refer to a stored response, and no others', async () => {
    const house = new House();
    const { id } = await house.ask({ input: 'Hi' });
    house.settings.store = false;
    const go = house.ask({ input: 'x', previous_response_id: id });
    await assert.rejects(go, refusal('request_invalid', 'previous_response_id'));
    const item = { type: 'item_reference', id: 'msg_1' };
    await assert.rejects(house.ask({ input: [item] }), refusal('request_invalid', 'input'));
    const plainly = await house.ask({ input: 'Hi' });
    assert.deepEqual(plainly.call.warnings, []);
    assert.equal(await house.fetch(plainly.id), undefined);
    const wanted = await house.ask({ input: 'Hi', store: true });
    assert.equal(wanted.call.warnings.length, 1);
  });
});

describe('a database that is away', () => {
  it('promise 7: stops only what refers to what is not here', async () => {
    const house = new House();
    const earlier = await house.ask({ input: 'Hi' });
    await house.settle();
    house.store.failure = new GatewayError('storage_unavailable');
    const now = await house.ask({ input: 'Hi' });
    const { input } = await house.ask({ input: 'x', previous_response_id: now.id });
    assert.equal(plain(input).length, 3);
    const go = house.ask({ input: 'x', previous_response_id: earlier.id });
    await assert.rejects(go, refusal('storage_unavailable'));
    await assert.rejects(house.fetch(earlier.id), refusal('storage_unavailable'));
    house.store.failure = undefined;
    await house.settle();
    assert.equal(house.store.rows.size, 3);
  });
});

describe('a request that is relayed', () => {
  it('is not looked at where its ids are the provider’s', async () => {
    const house = new House();
    house.relayed = true;
    house.store.failure = new Error('nobody asks the database');
    const json = { previous_response_id: 'resp_0550', input: [{ type: 'item_reference', id: 'msg_0550' }] };
    const { call } = await house.ask(json);
    assert.deepEqual(call.body.patches, []);
    assert.equal(call.body.resolved, call.body.json);
  });

  it('takes a conversation along that began where it was kept here', async () => {
    const house = new House();
    const sealed: StreamEvent[] = [
      { type: 'reasoning-delta', choice: 0, index: 0, text: 'hm' },
      ...said('Hello').slice(1),
    ];
    const { id } = await house.ask({ input: 'Hi' }, { says: sealed });
    house.relayed = true;
    const { call } = await house.ask({ input: 'x', previous_response_id: id });
    const sent = JSON.parse(call.body.bytesWith([]).toString()) as JsonObject;
    assert.equal('previous_response_id' in sent, false);
    assert.deepEqual(
      objectsIn(sent['input']).map(({ id: itemId, type, role }) => [itemId, type, role]),
      [
        [undefined, 'message', 'user'],
        [undefined, 'message', 'assistant'],
        [undefined, 'message', 'user'],
      ],
    );
    assert.deepEqual(
      call.body.patches.map(({ path }) => path),
      ['/input', '/previous_response_id'],
    );
  });
});
