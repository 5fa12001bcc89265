import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from '../../../test/support/fast-check.ts';
import { hasIbanCheck, isLuhn, isMod1110, isVerhoeff, mod97 } from './checksums.ts';

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

test('an IBAN is right with one pair of check digits of those from 02 to 98', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z]{2}$/), fc.stringMatching(/^[A-Z\d]{11,30}$/), (country, account) => {
      const checks = Array.from({ length: 97 }, (_, at) => String(at + 2).padStart(2, '0'));
      assert.equal(checks.filter((check) => hasIbanCheck(country + check + account)).length, 1);
    }),
  );
});
