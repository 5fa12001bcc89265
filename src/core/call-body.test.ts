import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CallBody } from './call-body.ts';

const bodyOf = (text: string): CallBody => new CallBody(Buffer.from(text));

test('what is not one JSON object is refused, without showing the text', () => {
  for (const text of ['', '{', '[1]', '"secret"', 'null', '{"a":secret}', '{"a":1}}']) {
    assert.throws(
      () => bodyOf(text).json,
      (error: Error & { code?: string }) => error.code === 'request_invalid' && !error.message.includes('secret'),
      text,
    );
  }
});

test('a top-level field that is named twice is refused, since readers differ in which they take', () => {
  assert.throws(() => bodyOf('{"model":"a","model":"b"}').json, { code: 'request_invalid', param: 'model' });
  assert.throws(() => bodyOf('{"model":"a","\\u006dodel":"b"}').json, { code: 'request_invalid', param: 'model' });
  assert.deepEqual(bodyOf('{"a":{"b":1},"c":{"b":2}}').json, { a: { b: 1 }, c: { b: 2 } });
});

test('without patches the bytes are the very ones that came', () => {
  const raw = Buffer.from('{ "model" : "a" }');
  assert.equal(new CallBody(raw).bytesWith([]), raw);
});

test("the call's patches come before an attempt's, and an attempt's do not stay", () => {
  const body = bodyOf('{"model":"a","n":1}');
  body.patch({ op: 'set', path: '/n', value: 2 });
  assert.equal(body.bytesWith([{ op: 'set', path: '/model', value: 'b' }]).toString(), '{"model":"b","n":2}');
  assert.equal(body.bytesWith([]).toString(), '{"model":"a","n":2}');
  body.patch({ op: 'remove', path: '/n' });
  assert.equal(body.bytesWith([]).toString(), '{"model":"a"}');
  assert.deepEqual(body.json, { model: 'a', n: 1 }, 'the parsed body is what the client sent');
});
