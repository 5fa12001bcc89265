import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';

import { hasPlainKeys } from '../../test/support/plain-keys.ts';
import { type BodyPatch, patchBytes } from './body-patch.ts';
import { CallBody } from './call-body.ts';
import type { Json } from './json.ts';
import { membersOf, rootSpan } from './json-spans.ts';
import { setMembers } from './set-members.ts';

const name = fc.constantFrom('model', 'a', 'b', 'x~y', 'é', '"');
const value = fc.jsonValue({ maxDepth: 2 }).filter(hasPlainKeys) as fc.Arbitrary<Json>;
const object = fc.dictionary(name, value, { noNullPrototype: true });
const patch: fc.Arbitrary<BodyPatch> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: fc.constant('set' as const), path: name.map((one) => `/${one}`), value }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('remove' as const), path: name.map((one) => `/${one}`) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('set' as const), path: fc.constant('/a/0'), value }) },
);
const bytes = fc.tuple(object, fc.constantFrom(undefined, 1, '\t'), fc.constantFrom('', ' \n'));

test('what is set in one pass over known members is what patches one by one make (3)', () => {
  let inOnePass = 0;
  fc.assert(
    fc.property(bytes, fc.array(patch, { minLength: 1, maxLength: 4 }), ([json, indent, around], patches) => {
      const text = Buffer.from(around + JSON.stringify(json, undefined, indent) + around);
      const made = setMembers(text, membersOf(text, rootSpan(text)), patches);
      if (made === undefined) return;
      inOnePass += 1;
      assert.equal(made.toString(), patches.reduce<Buffer>((now, one) => patchBytes(now, [one]), text).toString());
    }),
  );
  assert.ok(inOnePass > 0, 'no patches were made in one pass');
});

test('a body that was parsed sends what one that was not parsed sends', () => {
  fc.assert(
    fc.property(bytes, fc.array(patch, { maxLength: 3 }), fc.array(patch, { maxLength: 3 }), ([json], own, more) => {
      const text = Buffer.from(JSON.stringify(json));
      const [parsed, plain] = [new CallBody(text), new CallBody(text)];
      assert.ok(parsed.json);
      for (const one of own) for (const body of [parsed, plain]) body.patch(one);
      assert.equal(parsed.bytesWith(more).toString(), plain.bytesWith(more).toString());
    }),
  );
});

test('members that are there twice, and those of arrays, are left to who looks closer', () => {
  for (const text of ['{"a":1,"a":2}', '[1]', '{}']) {
    const raw = Buffer.from(text);
    assert.equal(setMembers(raw, membersOf(raw, rootSpan(raw)), [{ op: 'set', path: '/a', value: 0 }]), undefined);
  }
});
