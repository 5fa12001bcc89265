import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { hasPlainKeys } from '../../test/support/plain-keys.ts';
import { type BodyPatch, patchBytes, patchJson } from './body-patch.ts';
import type { Json } from './json.ts';

const space = fc.constantFrom('', ' ', '\n', '\r\n\t');
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.constantFrom('"', '\\', '\\"', '}{', '[,]'));
const key = fc
  .oneof(fc.constantFrom('a', 'b', 'model', 'x/y', '~', ''), text)
  .filter((name) => name !== '__proto__' && hasPlainKeys({ [name]: 0 }));

/** Any JSON value, as readers of JSON have it. */
const { value } = fc.letrec<{ value: Json; scalar: Json; array: Json; object: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, tie('scalar'), tie('array'), tie('object')),
  scalar: fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(1.5, 1e21, -2e-7)),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
}));
const object = fc.dictionary(key, value, { maxKeys: 6, noNullPrototype: true });

/** A value as text with white space of any kind between its parts, and strings escaped or not. */
function written(json: Json): fc.Arbitrary<string> {
  if (typeof json === 'string') return fc.boolean().map((escape) => (escape ? escaped(json) : JSON.stringify(json)));
  if (json === null || typeof json !== 'object') return fc.constant(JSON.stringify(json));
  const [open, close] = Array.isArray(json) ? '[]' : '{}';
  const members = Array.isArray(json)
    ? json.map((member) => written(member))
    : Object.entries(json).map(([name, member]) =>
        fc
          .tuple(fc.constant(JSON.stringify(name)), space, space, written(member as Json))
          .map(([k, a, b, v]) => `${k}${a}:${b}${v}`),
      );
  const spaced = members.map((member) => fc.tuple(space, member, space).map((parts) => parts.join('')));
  return fc.tuple(fc.tuple(...spaced), space).map(([parts, lead]) => `${open}${lead}${parts.join(',')}${close}`);
}

function escaped(string: string): string {
  return `"${[...Array(string.length).keys()].map((at) => `\\u${string.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
}

/** Pointers into a value: what is there, and what is not. */
function pointersInto(json: Json, at = ''): string[] {
  if (json === null || typeof json !== 'object') return [];
  return Object.entries(json).flatMap(([name, member]) => {
    const path = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [path, ...pointersInto(member as Json, path)];
  });
}

/** The place behind it, where it is one of an array. */
function beside(path: string): string {
  return path.replace(/\d+$/, (at) => String(Number(at) + 1));
}

const cases = object.chain((json) => {
  const paths = [...pointersInto(json), '/new', '/model', '/a/new', '/a/b/c'];
  const patch: fc.Arbitrary<BodyPatch> = fc.oneof(
    fc.record({ op: fc.constant('set' as const), path: fc.constantFrom(...paths), value }),
    fc.record({ op: fc.constant('insert' as const), path: fc.constantFrom(...paths, ...paths.map(beside)), value }),
    fc.record({ op: fc.constant('remove' as const), path: fc.constantFrom(...paths) }),
  );
  return fc.record({
    json: fc.constant(json as Json),
    source: written(json as Json),
    patches: fc.array(patch, { maxLength: 4 }),
  });
});

test('promise 3: patching the bytes is patching the value', () => {
  fc.assert(
    fc.property(cases, ({ json, source, patches }) => {
      const patched = patchBytes(Buffer.from(source), patches);
      assert.deepEqual(JSON.parse(patched.toString()), JSON.parse(JSON.stringify(patchJson(json, patches))));
    }),
    { numRuns: 1000 },
  );
});

test('promise 3: bytes outside of what one patch changes stay as they were', () => {
  fc.assert(
    fc.property(cases, ({ source, patches: [patch] }) => {
      fc.pre(patch !== undefined);
      const before = Buffer.from(source);
      const afterwards = patchBytes(before, [patch]);
      const inserted = patch.op === 'set' ? Buffer.byteLength(JSON.stringify(patch.value)) : 0;
      let head = 0;
      while (head < before.length && before[head] === afterwards[head]) head += 1;
      let tail = 0;
      while (tail < before.length - head && before.at(-1 - tail) === afterwards.at(-1 - tail)) tail += 1;
      const name = Buffer.byteLength(JSON.stringify(patch.path)) + 2;
      assert.ok(afterwards.length - head - tail <= inserted + name, 'only the new value and its name are new');
    }),
  );
});

test('a member that is set and was not there comes last, so the prefix stays', () => {
  const source = '{"model":"a", "messages":[1]}';
  const patched = patchBytes(Buffer.from(source), [
    { op: 'set', path: '/stream_options', value: { include_usage: true } },
  ]);
  assert.equal(patched.toString(), '{"model":"a", "messages":[1],"stream_options":{"include_usage":true}}');
});

test('a doubled key is changed in every place', () => {
  const source = '{"model":"a","x":1,"model":"b"}';
  const patched = patchBytes(Buffer.from(source), [{ op: 'set', path: '/model', value: 'c' }]);
  assert.equal(patched.toString(), '{"model":"c","x":1,"model":"c"}');
});

test('bytes that are not UTF-8 stay as they are', () => {
  const source = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('","model":"a"}')]);
  const patched = patchBytes(source, [{ op: 'set', path: '/model', value: 'b' }]);
  assert.deepEqual(patched.subarray(0, 8), source.subarray(0, 8));
});

test('what is put into a list moves what is behind it, for the patches that follow', () => {
  const patches: BodyPatch[] = [
    { op: 'insert', path: '/a/0', value: 'new' },
    { op: 'set', path: '/a/1/x', value: 'old' },
    { op: 'insert', path: '/a/3', value: 'last' },
    { op: 'insert', path: '/a/9', value: 'nowhere' },
    { op: 'set', path: '/b', value: 2 },
  ];
  const patched = patchBytes(Buffer.from('{"a": [ {}, {} ], "b": 1}'), patches);
  assert.equal(patched.toString(), '{"a": [ "new",{"x":"old"}, {},"last" ], "b": 2}');
  assert.deepEqual(patchJson({ a: [{}, {}], b: 1 }, patches), JSON.parse(patched.toString()));
});
