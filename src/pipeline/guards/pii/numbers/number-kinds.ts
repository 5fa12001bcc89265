import { isLuhn } from '../checks/checksums.ts';
import {
  isAadhaar,
  isCpf,
  isDni,
  isMyNumber,
  isNir,
  isRrn,
  isRrnForm,
  isSin,
  isSsn,
  isSteuerId,
  isTfn,
} from '../checks/national-ids.ts';
import { isOldResidentId, isResidentId } from '../checks/resident-id.ts';
import type { PiiEntity } from '../settings.ts';
import type { ContextKind } from '../text/context-words.ts';
import { cardBrand } from './card-brands.ts';

/** A number that stands by itself: one or several groups of digits, and a letter behind where its kind has one. */
export interface Candidate {
  readonly digits: string;
  /** Every sign between groups, one after another. */
  readonly separators: string;
  /** Whether a word of that kind stands near. */
  readonly near: (kind: ContextKind) => boolean;
  /** Whether what stands before says that it is an order, a parcel, a serial number. */
  readonly isSomethingElse: boolean;
}

export interface NumberKind {
  readonly entity: PiiEntity;
  /** How many digits its groups have: `18`, `3-2-4`. */
  readonly groups: readonly string[];
  /** A letter may stand behind the last group, which then counts as one of its signs. */
  readonly letter?: RegExp;
  /** How sure it is, 0 to 1; 0 where it is none. */
  readonly score: (candidate: Candidate) => number;
}

const SEPARATED = 0.9;
const SURE = 1;
const BY_WORD = 0.8;

/** One that is known by its form where it is written in groups, and by a word near it otherwise. */
function byFormOrWord(check: (digits: string) => boolean, separators: RegExp, kind: ContextKind): NumberKind['score'] {
  return ({ digits, separators: between, near, isSomethingElse }) => {
    if (!check(digits)) return 0;
    if (near(kind)) return SEPARATED;
    return separators.test(between) && !isSomethingElse ? BY_WORD : 0;
  };
}

/** One of which there are too many by chance to be known without a word near it. */
function byWord(check: (digits: string) => boolean, kind: ContextKind): NumberKind['score'] {
  return ({ digits, near }) => (near(kind) && check(digits) ? BY_WORD : 0);
}

const SPACES_OR_DASHES = /^(?: +|-+)$/;

const NATIONAL: readonly NumberKind[] = [
  {
    entity: 'SSN',
    groups: ['3-2-4', '9'],
    score: ({ digits, separators, near, isSomethingElse }) => {
      if (!isSsn(digits)) return 0;
      if (near('ssn')) return SEPARATED;
      return separators === '--' && !isSomethingElse ? BY_WORD : 0;
    },
  },
  { entity: 'NATIONAL_ID', groups: ['4-4-4', '12'], score: byFormOrWord(isAadhaar, SPACES_OR_DASHES, 'aadhaar') },
  { entity: 'NATIONAL_ID', groups: ['3-3-3-2', '11'], score: byFormOrWord(isCpf, /^\.\.-$/, 'cpf') },
  {
    entity: 'NATIONAL_ID',
    groups: ['1-2-2-2-3-3-2', '13-2', '15', '1-2-2-2-3-3'],
    score: byFormOrWord((digits) => digits.length === 15 && isNir(digits), /^ +$/, 'nir'),
  },
  {
    entity: 'NATIONAL_ID',
    groups: ['6-7', '13'],
    score: ({ digits, separators, near }) => {
      if (near('rrn') && isRrnForm(digits)) return SEPARATED;
      return separators === '-' && isRrn(digits) ? BY_WORD : 0;
    },
  },
  { entity: 'NATIONAL_ID', groups: ['11', '2-3-3-3'], score: byWord(isSteuerId, 'steuer') },
  { entity: 'NATIONAL_ID', groups: ['12', '4-4-4'], score: byWord(isMyNumber, 'mynumber') },
  { entity: 'NATIONAL_ID', groups: ['9', '3-3-3'], score: byWord(isSin, 'sin') },
  { entity: 'NATIONAL_ID', groups: ['9', '3-3-3'], score: byWord(isTfn, 'tfn') },
  {
    entity: 'NATIONAL_ID',
    groups: ['8', '2-3-3'],
    letter: /^[- ]?[TRWAGMYFPDXBNJZSQVHLCKE](?![A-Za-z\d])/,
    score: byFormOrWord((number) => isDni(number), /^(?:\.\.)?-?$/, 'dni'),
  },
];

/** Lengths of cards that are as common as other long numbers, and are cards where a word says so. */
const WEAK_CARD = 13;
const CARD_GROUPS =
  '12 13 14 15 16 17 18 19 4-4-4-4 4-6-5 4-6-4 4-4-4-4-3 4-4-4-4-2 4-4-4-4-1 4-4-4-3 4-4-4-2 4-4-4-1 6-13 6-10 8-8';

export const NUMBER_KINDS: readonly NumberKind[] = [
  {
    entity: 'RESIDENT_ID',
    groups: ['18', '6-8-4', '6-4-4-4', '3-3-4-4-4', '3-3-8-4', '4-4-4-4-2', '6-4-2-2-4', '6-6-6', '3-3-4-2-2-4'],
    score: ({ digits }) => (isResidentId(digits) ? SURE : 0),
  },
  {
    entity: 'RESIDENT_ID',
    groups: ['17', '6-8-3', '6-4-4-3', '3-3-4-4-3', '3-3-8-3', '4-4-4-4-1', '6-4-2-2-3', '6-6-5', '3-3-4-2-2-3'],
    letter: /^[- ]?[Xx](?![A-Za-z\d])/,
    score: ({ digits }) => (isResidentId(digits) ? SURE : 0),
  },
  {
    entity: 'RESIDENT_ID',
    groups: ['15', '6-6-3'],
    score: ({ digits, near }) => (near('id') && isOldResidentId(digits) ? BY_WORD : 0),
  },
  {
    entity: 'CARD',
    groups: CARD_GROUPS.split(' '),
    score: ({ digits, near, isSomethingElse }) => {
      const brand = cardBrand(digits);
      if (!brand || !isLuhn(digits)) return 0;
      if (near('card')) return isSomethingElse ? 0.7 : SURE;
      return isSomethingElse || brand === 'weak' || digits.length <= WEAK_CARD ? 0 : SEPARATED;
    },
  },
  ...NATIONAL,
];
