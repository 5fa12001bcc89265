import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../../../test/support/fast-check.ts';
import { isLuhn, isMod1110, isVerhoeff, mod97 } from './checksums.ts';
import {
  isAadhaar,
  isCodiceFiscale,
  isCpf,
  isDni,
  isHkid,
  isMyNumber,
  isNie,
  isNir,
  isNric,
  isRrn,
  isSin,
  isSsn,
  isSteuerId,
  isTaiwanId,
  isTfn,
} from './national-ids.ts';
import { isOldResidentId, isResidentId } from './resident-id.ts';

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

/** The same text with another digit at one place. */
function changed(text: string, place: number, by: number): string {
  const at = place % text.length;
  return text.slice(0, at) + ((Number(text[at]) + by) % 10) + text.slice(at + 1);
}

/** Exactly one of ten last digits is right, and changing any one digit then makes it wrong. */
function checksOneDigit(name: string, isRight: (text: string) => boolean, length: number): void {
  test(`${name}: one last digit of ten is right, and no other digit may change`, () => {
    fc.assert(
      fc.property(digits(length), fc.nat(), fc.integer({ min: 1, max: 9 }), (head, place, by) => {
        const right = '0123456789'
          .split('')
          .map((last) => head + last)
          .filter(isRight);
        assert.equal(right.length, 1);
        assert.equal(isRight(changed(right[0] ?? '', place, by)), false);
      }),
    );
  });
}

checksOneDigit('Luhn', isLuhn, 15);
checksOneDigit('Verhoeff', isVerhoeff, 11);
checksOneDigit('MOD 11,10', isMod1110, 10);

test('MOD 97 is the rest of the whole number', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z\d]{1,30}$/), (text) => {
      const whole = BigInt(
        text
          .split('')
          .map((sign) => Number.parseInt(sign, 36))
          .join(''),
      );
      assert.equal(BigInt(mod97(text)), whole % 97n);
    }),
  );
});

test('Verhoeff sees two neighbours that changed places', () => {
  fc.assert(
    fc.property(digits(11), fc.nat({ max: 10 }), (head, at) => {
      const right =
        '0123456789'
          .split('')
          .map((last) => head + last)
          .find(isVerhoeff) ?? '';
      const swapped = right.slice(0, at) + (right[at + 1] ?? '') + (right[at] ?? '') + right.slice(at + 2);
      assert.equal(isVerhoeff(swapped), swapped === right);
    }),
  );
});

test('published examples are right, and their neighbours are not', () => {
  const examples: readonly (readonly [(text: string) => boolean, string, string])[] = [
    [isResidentId, '11010519491231002X', '110105194912310021'],
    [isResidentId, '440524188001010014', '440524188013010014'],
    [isOldResidentId, '110105491231002', '110105491331002'],
    [isAadhaar, '234123412346', '234123412345'],
    [isCpf, '11144477735', '11144477734'],
    [isNir, '255081416802538', '255081416802539'],
    [isSteuerId, '86095742719', '86095742718'],
    [isSin, '130692544', '130692545'],
    [isTfn, '123456782', '123456783'],
    [isDni, '12345678Z', '12345678A'],
    [isNie, 'X1234567L', 'X1234567M'],
    [isHkid, 'A1234563', 'A1234564'],
    [isHkid, 'AB9876543', 'AB9876544'],
    [isTaiwanId, 'A123456789', 'A123456788'],
    [isNric, 'S1234567D', 'S1234567A'],
    [isNric, 'F1234567N', 'F1234567X'],
    [isNric, 'M1234567K', 'M1234567L'],
    [isCodiceFiscale, 'RSSMRA85T10A562S', 'RSSMRA85T10A562A'],
    [isSsn, '536904399', '666904399'],
    [isMyNumber, '123456789018', '123456789017'],
    [isRrn, '9001011234568', '9001011234567'],
  ];
  for (const [isRight, right, wrong] of examples) {
    assert.equal(isRight(right), true, `${isRight.name} ${right}`);
    assert.equal(isRight(wrong), false, `${isRight.name} ${wrong}`);
  }
});

test('a resident id with one digit changed is none, or another day or place', () => {
  const id = '110105194912310029'.slice(0, 17);
  const right = '0123456789X'.split('').filter((last) => isResidentId(id + last));
  assert.deepEqual(right, ['X']);
});
