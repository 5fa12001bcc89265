import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { hasPlainKeys } from '../../test/support/plain-keys.ts';
import { isJsonObject } from './json.ts';
import { type Span, membersOf, pointerParts, rootSpan } from './json-spans.ts';

const indent = fc.constantFrom('', ' ', '\t', '\n  ');
const lead = fc.constantFrom('', ' \n', '\r\n\t');

const read = (bytes: Buffer, { start, end }: Span): unknown => JSON.parse(bytes.toString('utf8', start, end));

/** Every member that the spans find has the key and the value that the parser finds there, all the way down. */
function assertSame(bytes: Buffer, span: Span, value: unknown): void {
  assert.deepEqual(read(bytes, span), value);
  const members = membersOf(bytes, span);
  if (Array.isArray(value)) {
    assert.equal(members.length, value.length);
    value.forEach((element, at) => assertSame(bytes, members[at]?.value ?? span, element));
  } else if (isJsonObject(value)) {
    assert.deepEqual(new Set(members.map(({ key }) => key)), new Set(Object.keys(value)));
    for (const { key, value: inner } of members) assertSame(bytes, inner, value[key ?? '']);
  } else {
    assert.deepEqual(members, []);
  }
}

test('spans of any JSON text hold what its parser reads', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }).filter(hasPlainKeys), indent, lead, (value, space, around) => {
      const bytes = Buffer.from(around + JSON.stringify(value, null, space) + around);
      assertSame(bytes, rootSpan(bytes), JSON.parse(bytes.toString()));
    }),
  );
});

test('long strings end where they end, however many backslashes stand before their quotes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('\\', '"', 'x'.repeat(40), '{', '}', ']', ',', 'é'), { maxLength: 30 }),
      (parts) => {
        const value = { text: parts.join(''), next: 1 };
        const bytes = Buffer.from(JSON.stringify(value));
        assertSame(bytes, rootSpan(bytes), value);
      },
    ),
  );
});

test('a doubled key is a member each time', () => {
  const bytes = Buffer.from('{"a":1,"\\u0061":2}');
  assert.deepEqual(
    membersOf(bytes, rootSpan(bytes)).map(({ key }) => key),
    ['a', 'a'],
  );
});

test('pointers are taken apart as RFC 6901 says', () => {
  assert.deepEqual(pointerParts(''), []);
  assert.deepEqual(pointerParts('/'), ['']);
  assert.deepEqual(pointerParts('/a~1b/m~0n/~01/0'), ['a/b', 'm~n', '~1', '0']);
});
