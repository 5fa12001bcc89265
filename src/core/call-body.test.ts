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

test('what is amended is sent, and seen by whoever reads what is asked, with numbers as they came', () => {
  const body = bodyOf('{"model":"a","id":12345678901234567890,"o":{"n":1}}');
  body.amend({ op: 'set', path: '/o/n', value: 2 });
  body.amend({ op: 'set', path: '/max', value: 3 });
  assert.equal(body.bytesWith([]).toString(), '{"model":"a","id":12345678901234567890,"o":{"n":2},"max":3}');
  assert.equal(JSON.stringify(body.exactJson), body.bytesWith([]).toString());
  assert.deepEqual(body.resolved, { model: 'a', id: Number('12345678901234567890'), o: { n: 2 }, max: 3 });
  assert.equal(body.resolved, body.resolved, 'made once');
  assert.deepEqual(body.json['o'], { n: 1 }, 'the parsed body is what the client sent');
});

test('what is amended can be taken back, and what was amended beside stays', () => {
  const body = new CallBody(Buffer.from('{"list":[1],"n":1}'));
  const before = body.bytesWith([]).toString();
  const takeBack = body.amend({ op: 'insert', path: '/list/1', value: 2 });
  const { revision } = body;
  body.amend({ op: 'set', path: '/n', value: 3 });
  assert.deepEqual(body.resolved, { list: [1, 2], n: 3 });
  takeBack();
  assert.deepEqual(body.resolved, { list: [1], n: 3 });
  assert.deepEqual(body.exactJson, { list: [1], n: 3 });
  assert.equal(body.bytesWith([]).toString(), before.replace('"n":1', '"n":3'));
  assert.ok(body.revision > revision + 1);
});

test('what is amended stays so where the body was or is resolved', () => {
  const body = bodyOf('{"input":"x"}');
  body.resolve({ input: 'y' });
  body.amend({ op: 'set', path: '/max', value: 3 });
  assert.deepEqual(
    [body.resolved, body.exactJson],
    [
      { input: 'y', max: 3 },
      { input: 'y', max: 3 },
    ],
  );
  body.resolve({ ...body.exactJson, input: 'z' });
  assert.deepEqual(body.resolved, { input: 'z', max: 3 });
});

test('what was put into a list is in what the body is resolved to, and is not put there again', () => {
  const body = bodyOf('{"input":["x"]}');
  body.amend({ op: 'insert', path: '/input/0', value: 'own' });
  const { input } = body.exactJson;
  body.resolve({ input: ['before', ...(input as string[])] });
  assert.deepEqual(body.resolved, { input: ['before', 'own', 'x'] });
});

test('lent patches are sent until they are taken back, and others stay', () => {
  const body = bodyOf('{"a":1}');
  body.patch({ op: 'set', path: '/b', value: 2 });
  const takeBack = body.lend([{ op: 'set', path: '/c', value: 3 }]);
  body.patch({ op: 'set', path: '/d', value: 4 });
  assert.equal(body.bytesWith([]).toString(), '{"a":1,"b":2,"c":3,"d":4}');
  takeBack();
  assert.equal(body.bytesWith([]).toString(), '{"a":1,"b":2,"d":4}');
  assert.deepEqual(body.json, { a: 1 });
});

test('a name is found wherever one may stand, and a long text is none', () => {
  const long = 'x'.repeat(10_000);
  const bodies: [string, boolean][] = [
    ['{"a":{"my_name":1}}', true],
    ['{"a":"my_name"}', true],
    [`{"a":"${long}","b":"my_name"}`, true],
    [`{"my_name":"${long}"}`, true],
    [`{"a":"my_name${long}"}`, true],
    [`{"a":"${long}","b":["${long}",{"my_name":"${long}"}]}`, true],
    ['{"a":"what my_name is"}', true],
    [`{"a":"${long}my_name","b":1}`, false],
    [`{"a":"${long}my_name${long}","b":"my-name"}`, false],
    ['{}', false],
  ];
  for (const [text, isThere] of bodies) {
    const body = bodyOf(text);
    assert.ok(body.json);
    assert.equal(body.names('my_name'), isThere, text.slice(0, 80));
  }
});

test('a name is looked for in bytes that are no JSON too', () => {
  assert.equal(bodyOf('--form my_name').names('my_name'), true);
  assert.equal(bodyOf('--form').names('my_name'), false);
});
