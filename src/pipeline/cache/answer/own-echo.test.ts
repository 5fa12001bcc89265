import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeCall } from '../../../../test/support/make-call.ts';
import type { Call } from '../../../core/call.ts';
import type { JsonObject } from '../../../core/json.ts';
import { echoName, withOwnEcho } from './own-echo.ts';

/** As a response to another user has it. */
const RESPONSE = {
  id: 'resp_1',
  metadata: { order: 'of somebody else' },
  user: 'ada',
  safety_identifier: null,
  service_tier: 'default',
  output: [{ type: 'message', content: [{ type: 'output_text', text: 'metadata: "ada"' }] }],
};

function callWith(fields: object): Call {
  return makeCall({ dialect: 'responses', json: { model: 'chat', input: 'a', ...fields } });
}

function frame(said: JsonObject & { type: string }): string {
  return `event: ${said.type}\ndata: ${JSON.stringify(said)}\n\n`;
}

function mine(response: JsonObject): JsonObject {
  return { ...response, user: 'bob', metadata: {} };
}

const JSON_TYPE = 'application/json';
const STREAM_TYPE = 'text/event-stream; charset=utf-8';

test('a response repeats the fields of whom it is given to', () => {
  const body = Buffer.from(JSON.stringify(RESPONSE, null, 1));
  const own = withOwnEcho(callWith({ user: 'bob', metadata: { order: 'mine' } }), { contentType: JSON_TYPE, body });
  assert.deepEqual(JSON.parse(own.toString()), { ...RESPONSE, user: 'bob', metadata: { order: 'mine' } });
  const none = withOwnEcho(callWith({}), { contentType: JSON_TYPE, body });
  assert.deepEqual(JSON.parse(none.toString()), { ...RESPONSE, user: null, metadata: {} });
});

test('so do the frames of a stream, of which the others stay as they are', () => {
  const created = { type: 'response.created', response: { ...RESPONSE, output: [] } };
  const delta =
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","delta":"\\"response\\""}\n\n';
  const completed = { type: 'response.completed', response: RESPONSE };
  const body = Buffer.from(frame(created) + delta + frame(completed));
  const own = withOwnEcho(callWith({ user: 'bob' }), { contentType: STREAM_TYPE, body }).toString();
  const expected =
    frame({ ...created, response: mine(created.response) }) + delta + frame({ ...completed, response: mine(RESPONSE) });
  assert.equal(own, expected);
});

test('bytes that repeat nothing of another are the same bytes', () => {
  const same = callWith({ user: RESPONSE.user, metadata: RESPONSE.metadata });
  const body = Buffer.from(JSON.stringify(RESPONSE));
  assert.equal(withOwnEcho(same, { contentType: JSON_TYPE, body }), body);
  assert.equal(withOwnEcho(makeCall(), { contentType: JSON_TYPE, body }), body);
  const strange = Buffer.from('no JSON');
  assert.equal(withOwnEcho(same, { contentType: JSON_TYPE, body: strange }), strange);
});

test('two requests whose answers repeat other fields are not one while they are under way', () => {
  const names = [{}, { user: 'ada' }, { metadata: { a: '1' } }, { metadata: { a: '2' } }].map((one) =>
    echoName(callWith(one)),
  );
  assert.equal(new Set(names).size, 4);
  assert.equal(echoName(makeCall({ json: { model: 'chat', messages: [], user: 'ada' } })), '');
});
