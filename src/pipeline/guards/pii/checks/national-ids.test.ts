import assert from 'node:assert/strict';
import { test } from 'node:test';

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
