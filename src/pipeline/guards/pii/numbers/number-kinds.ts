import { isLuhn } from '../../../../core/texts/checksums.ts';
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
  /** What ties it to a number or a word. */
  readonly tie: Tie | undefined;
  /** Whether a word of that kind stands near. */
  near(kind: ContextKind): boolean;
  /** Whether what stands before says that it is an order, a parcel, a serial number. */
  readonly isSomethingElse: boolean;
  /** Whether it is torn out of a row of numbers, which are not all such as `isOne` tells. */
  isTorn(isOne?: (digits: string) => boolean): boolean;
}

type Tie = 'dashed' | 'lettered';

export interface NumberKind {
  readonly entity: PiiEntity;
  /** How many digits its groups have: `18`, `3-2-4`. */
  readonly groups: readonly string[];
  /** A letter may stand behind the last group, which then counts as one of its signs. */
  readonly letter?: RegExp;
  /** It may be tied so: its form is full enough to be known all the same. */
  readonly tied?: readonly Tie[];
  /** How sure it is, 0 to 1; 0 where it is none. */
  readonly score: (candidate: Candidate) => number;
}

const SEPARATED = 0.9;
const SURE = 1;
const BY_WORD = 0.8;

/** One that is known by its form where it is written in groups, and by a word near it otherwise. */
function byFormOrWord(check: (digits: string) => boolean, separators: RegExp, kind: ContextKind): NumberKind['score'] {
  return (candidate) => {
    if (candidate.near(kind)) return check(candidate.digits) ? SEPARATED : 0;
    if (candidate.isTorn() || !separators.test(candidate.separators) || !check(candidate.digits)) return 0;
    return candidate.isSomethingElse ? 0 : BY_WORD;
  };
}

/** One of which there are too many by chance to be known without a word near it. */
function byWord(check: (digits: string) => boolean, kind: ContextKind): NumberKind['score'] {
  return (candidate) => (candidate.near(kind) && check(candidate.digits) ? BY_WORD : 0);
}

const SPACES_OR_DASHES = /^(?: +|-+)$/;

const NATIONAL: readonly NumberKind[] = [
  {
    entity: 'SSN',
    groups: ['3-2-4', '9'],
    score: (candidate) => {
      if (!isSsn(candidate.digits)) return 0;
      if (candidate.near('ssn')) return SEPARATED;
      return candidate.separators === '--' && !candidate.isSomethingElse ? BY_WORD : 0;
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
    score: (candidate) => {
      const { digits } = candidate;
      if (!isRrnForm(digits)) return 0;
      if (candidate.near('rrn')) return SEPARATED;
      return isRrn(digits) && candidate.separators === '-' ? BY_WORD : 0;
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
/** Longer ones in wide use are UnionPay's alone, also those that are older than it. */
const USUAL_CARD = 16;
const UNIONPAY = /^(?:62|955[89])/;
const CARD_GROUPS =
  '12 13 14 15 16 17 18 19 4-4-4-4 4-6-5 4-6-4 4-4-4-4-3 4-4-4-4-2 4-4-4-4-1 4-4-4-3 4-4-4-2 4-4-4-1 6-13 6-10 8-8';

/** Whether a dash that ties it to another number may as well be one of its own. */
const isPartOfMore = ({ tie, separators }: Candidate): boolean => tie === 'dashed' && /[-_]/.test(separators);

function residentScore(candidate: Candidate): number {
  return isResidentId(candidate.digits) && !isPartOfMore(candidate) ? SURE : 0;
}

const isCard = (digits: string): boolean => isLuhn(digits) && cardBrand(digits) === 'known';

function cardScore(candidate: Candidate): number {
  const isNear = candidate.near('card');
  if (!isNear && candidate.isTorn(isCard)) return 0;
  const { digits } = candidate;
  const brand = isLuhn(digits) ? cardBrand(digits) : undefined;
  if (!brand || isPartOfMore(candidate)) return 0;
  if (isNear) return candidate.isSomethingElse ? 0.7 : SURE;
  if (brand === 'weak' || digits.length <= WEAK_CARD) return 0;
  // One in ten of all long numbers has the right check.
  if (digits.length > USUAL_CARD && !UNIONPAY.test(digits)) return 0;
  return candidate.isSomethingElse ? 0 : SEPARATED;
}

export const NUMBER_KINDS: readonly NumberKind[] = [
  {
    entity: 'RESIDENT_ID',
    groups: ['18', '6-8-4', '6-4-4-4', '3-3-4-4-4', '3-3-8-4', '4-4-4-4-2', '6-4-2-2-4', '6-6-6', '3-3-4-2-2-4'],
    tied: ['dashed', 'lettered'],
    score: residentScore,
  },
  {
    entity: 'RESIDENT_ID',
    groups: ['17', '6-8-3', '6-4-4-3', '3-3-4-4-3', '3-3-8-3', '4-4-4-4-1', '6-4-2-2-3', '6-6-5', '3-3-4-2-2-3'],
    letter: /^[- ]?[Xx](?![A-Za-z\d])/,
    tied: ['dashed', 'lettered'],
    score: residentScore,
  },
  {
    entity: 'RESIDENT_ID',
    groups: ['15', '6-6-3'],
    score: (candidate) => (candidate.near('id') && isOldResidentId(candidate.digits) ? BY_WORD : 0),
  },
  {
    entity: 'CARD',
    groups: CARD_GROUPS.split(' '),
    tied: ['dashed'],
    score: cardScore,
  },
  ...NATIONAL,
];
