import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';

import { SealError, Sealer, sealerOf } from './sealing.ts';

const newKey = (): string => randomBytes(32).toString('base64');
const sealer = new Sealer(newKey());
const anyText = fc.string({ unit: 'grapheme' });

test('what was sealed opens to what it was, in its own place only', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (secret, context, other) => {
      const box = sealer.seal(secret, context);
      assert.equal(sealer.open(box, context), secret);
      if (other !== context) assert.throws(() => sealer.open(box, other), SealError);
    }),
  );
});

test('promise 12: a box does not show its secret, and two boxes of one secret differ', () => {
  const secret = 'sk-very-secret-value';
  const box = sealer.seal(secret, 'place');
  assert.ok(!Buffer.from(box.split('.')[2] ?? '', 'base64url').includes(secret));
  assert.notEqual(box, sealer.seal(secret, 'place'));
});

test('a box that was changed anywhere does not open', () => {
  const box = sealer.seal('secret', 'place');
  const [version, id, text = ''] = box.split('.');
  const bytes = Buffer.from(text, 'base64url');
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
      const forged = [version, id, changed.toString('base64url')].join('.');
      assert.throws(() => sealer.open(forged, 'place'), SealError);
    }),
  );
  for (const torn of ['', 'v1', `v1.${id}`, `v1.${id}.`, `v2.${id}.${text}`, `v1.${id}.AAAA`]) {
    assert.throws(() => sealer.open(torn, 'place'), SealError, torn);
  }
});

test('a rotated master key opens old boxes and seals new ones', () => {
  const [old, current] = [newKey(), newKey()];
  const box = new Sealer(old).seal('secret', 'place');
  const rotated = new Sealer(current, [old]);
  assert.equal(rotated.open(box, 'place'), 'secret');
  assert.equal(rotated.isCurrent(box), false);
  assert.ok(rotated.isCurrent(rotated.seal('secret', 'place')));
  assert.throws(() => new Sealer(current).open(box, 'place'), /CAUSEWAY_MASTER_KEY_PREVIOUS/);
});

test('a master key is 32 bytes in base64 or hex, or a passphrase that is long enough', () => {
  const raw = randomBytes(32);
  const hex = new Sealer(raw.toString('hex'));
  const box = hex.seal('secret', 'place');
  assert.equal(new Sealer(raw.toString('base64')).open(box, 'place'), 'secret');
  assert.equal(new Sealer(raw.toString('base64url')).open(box, 'place'), 'secret');
  const phrase = 'correct horse battery staple';
  assert.equal(new Sealer(phrase).open(new Sealer(phrase).seal('secret', 'a'), 'a'), 'secret');
  assert.throws(() => new Sealer('too short'), /at least 16 characters/);
});

test('the environment names the master key and the ones before it', () => {
  const [old, current] = [newKey(), newKey()];
  assert.equal(sealerOf({}), undefined);
  assert.equal(sealerOf({ CAUSEWAY_MASTER_KEY: '' }), undefined);
  const both = sealerOf({ CAUSEWAY_MASTER_KEY: current, CAUSEWAY_MASTER_KEY_PREVIOUS: ` ${old} , ` });
  assert.equal(both?.open(new Sealer(old).seal('secret', 'a'), 'a'), 'secret');
});
