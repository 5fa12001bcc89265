import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { shapeOf } from './json-shape.ts';
import { doubledKey, membersOf, rootSpan } from './json-spans.ts';

const key = fc.constantFrom(
  'a',
  'b',
  'ab',
  String.raw`\u0061`,
  '{',
  'é',
  '',
  'audio',
  'file_id',
  String.raw`\"file_id\"`,
);
/** JSON whose objects may name a key twice, with white space of all kinds. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      '1',
      '-1.5e3',
      '-1.5',
      '123456789012345',
      '1234567890123456',
      '0E1',
      '"a"',
      'null',
      'true',
      String.raw`"\"a\":"`,
      '"a,b"',
      '"audio"',
      `"${'x]'.repeat(60)}"`,
    ),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((members) => {
      return `{${members.map(([name, value]) => `"${name}" :\n${value}`).join('\t, ')}}`;
    }),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => `[ ${list.join(',')}]`),
  ),
})).value;

/** What a reader of the parsed value finds, where no key is doubled. */
function read(value: unknown): { depth: number; keys: string[]; texts: string[] } {
  if (typeof value === 'string') return { depth: 0, keys: [], texts: [value] };
  if (typeof value !== 'object' || value === null) return { depth: 0, keys: [], texts: [] };
  const within = Object.values(value).map(read);
  return {
    depth: 1 + Math.max(0, ...within.map(({ depth }) => depth)),
    keys: [...(Array.isArray(value) ? [] : Object.keys(value)), ...within.flatMap(({ keys }) => keys)],
    texts: within.flatMap(({ texts }) => texts),
  };
}

test('one walk says what walks for each question say', () => {
  fc.assert(
    fc.property(json, fc.constantFrom('', ' ', '\r\n'), (text, space) => {
      const bytes = Buffer.from(`${space}${text}${space}`);
      const shape = shapeOf(bytes);
      assert.deepEqual(shape.members, membersOf(bytes, rootSpan(bytes)));
      if (shape.isClear) assert.equal(doubledKey(bytes), undefined);
      if (doubledKey(bytes) !== undefined) return;
      const numbers = text.replaceAll(/"(?:\\.|[^"\\])*"/g, '').match(/-?\d[\d.eE+-]*/g) ?? [];
      assert.equal(
        shape.hasShortNumbers,
        numbers.every((number) => number.length <= 15 && !/e/i.test(number)),
      );
      const { depth, keys, texts } = read(JSON.parse(text));
      assert.equal(shape.depth, depth);
      assert.equal(shape.mayRefer, keys.includes('file_id') || text.includes(String.raw`"\u0061"`));
      assert.equal(shape.saysAudio, keys.includes('audio') || texts.includes('audio'));
    }),
    { numRuns: 1000 },
  );
});

test('long texts are where values are that no name is as long as, whatever is in them', () => {
  const piece = fc.constantFrom('x', 'é', '中', String.raw`\"`, '\\\\', String.raw`\u0061`, '}', ',', '😀');
  const text = fc.tuple(fc.array(piece, { maxLength: 6 }), fc.nat({ max: 4100 })).map(([pieces, count]) => {
    return `${pieces.join('')}${'y'.repeat(count)}`;
  });
  const named = fc.tuple(text, text).map(([name, value]) => `{"${name}":["${value}",1,{"a":"${value}"}]}`);
  fc.assert(
    fc.property(fc.array(named), (values) => {
      const bytes = Buffer.from(`[${values.join(' ,')}]`);
      const found = shapeOf(bytes).longTexts.map(({ start, end }) =>
        JSON.parse(`"${bytes.toString('utf8', start, end)}"`),
      );
      const { texts } = read(JSON.parse(bytes.toString()));
      assert.ok(found.every((one) => texts.includes(String(one))));
      assert.deepEqual(
        texts.filter((one) => one.length >= 4096),
        found.filter((one) => String(one).length >= 4096),
      );
      assert.ok(shapeOf(bytes).longTexts.every(({ start, end }) => end - start + 2 >= 4096));
    }),
  );
});

const isClear = (text: string | Buffer): boolean => shapeOf(Buffer.from(text)).isClear;
const mayRefer = (text: string): boolean => shapeOf(Buffer.from(text)).mayRefer;

test('of a text that many objects are in it is clear, and a key that comes again or may is not', () => {
  const messages = Array.from({ length: 500 }, () => '{"role":"user","content":[{"type":"text","text":"Hi"}]}');
  assert.equal(isClear(`{"model":"m","messages":[${messages.join(',')}]}`), true);
  assert.equal(isClear('{"a":{"b":1,"c":{"b":1}},"d":[{"b":1}]}'), true);
  assert.equal(isClear('{"a":{"b":1,"c":2,"b":3}}'), false);
  assert.equal(isClear(String.raw`{"a":{"b":1,"\u0062":3}}`), false);
  const broken = Buffer.concat(['{"', [0xff], '":1,"', [0xfe], '":2}'].map((part) => Buffer.from(part as string)));
  assert.equal(isClear(broken), false, 'both are read as the same key');
});

test('a key that may name what is kept is seen at whatever depth, also behind many others, or escaped', () => {
  const many = Array.from({ length: 200 }, (_, at) => `"key${at}":${at}`).join(',');
  for (const name of ['file_id', 'container', 'cachedContent', 'fileUri', String.raw`file\u005fid`]) {
    assert.equal(mayRefer(`{"messages":[{"content":[{"${name}":"x"}]}]}`), true, name);
    assert.equal(mayRefer(`{"a":{${many},"b":[[{"${name}":"x"}]]}}`), true, name);
    assert.equal(mayRefer(`{"text":"the ${name.replace('\\', '')} of it","b":"file_id"}`), false, name);
  }
});

test('a text of 500,000 brackets is walked, and is that deep', () => {
  assert.equal(shapeOf(Buffer.from('['.repeat(500_000) + ']'.repeat(500_000))).depth, 500_000);
});
