/** `known`: the issuer and the length are those of a card; `weak`: of old or rare ones, as many other numbers are. */
export type CardBrand = 'known' | 'weak';

interface Range {
  /** The first digits, as whole numbers of the same length. */
  readonly from: string;
  readonly to: string;
  readonly lengths: readonly number[];
  readonly brand: CardBrand;
}

const LONG = [16, 17, 18, 19];

/**
 * ISO/IEC 7812 issuers. Of the older Chinese debit cards those that are Visa's or Mastercard's in number are among these.
 *
 * @see https://en.wikipedia.org/wiki/Payment_card_number (2026-11-22)
 */
const RANGES: readonly Range[] = [
  { from: '4', to: '4', lengths: [16, 19], brand: 'known' },
  { from: '4', to: '4', lengths: [13], brand: 'weak' },
  { from: '51', to: '55', lengths: [16], brand: 'known' },
  { from: '2221', to: '2720', lengths: [16], brand: 'known' },
  { from: '34', to: '34', lengths: [15], brand: 'known' },
  { from: '37', to: '37', lengths: [15], brand: 'known' },
  { from: '62', to: '62', lengths: LONG, brand: 'known' },
  { from: '81', to: '81', lengths: LONG, brand: 'weak' },
  { from: '60', to: '60', lengths: [16, 19], brand: 'known' },
  { from: '64', to: '65', lengths: [16, 19], brand: 'known' },
  { from: '3528', to: '3589', lengths: [16, 17, 18, 19], brand: 'known' },
  { from: '35', to: '35', lengths: [16], brand: 'weak' },
  { from: '1800', to: '1800', lengths: [15], brand: 'known' },
  { from: '2131', to: '2131', lengths: [15], brand: 'known' },
  { from: '300', to: '305', lengths: [14, 16, 17, 18, 19], brand: 'known' },
  { from: '36', to: '36', lengths: [14, 16, 17, 18, 19], brand: 'known' },
  { from: '38', to: '39', lengths: [14, 16, 17, 18, 19], brand: 'known' },
  { from: '50', to: '50', lengths: [12, 13, 14, 15, 16, 17, 18, 19], brand: 'weak' },
  { from: '56', to: '58', lengths: [12, 13, 14, 15, 16, 17, 18, 19], brand: 'weak' },
  { from: '63', to: '63', lengths: [12, 13, 14, 15, 16, 17, 18, 19], brand: 'weak' },
  { from: '67', to: '67', lengths: [12, 13, 14, 15, 16, 17, 18, 19], brand: 'weak' },
  { from: '69', to: '69', lengths: LONG, brand: 'weak' },
  { from: '9558', to: '9559', lengths: [16, 17, 18, 19], brand: 'known' },
  { from: '2200', to: '2205', lengths: [16, 17, 18, 19], brand: 'known' },
  { from: '9792', to: '9792', lengths: [16], brand: 'known' },
];

/** Whose card it may be, by its first digits and its length. */
export function cardBrand(digits: string): CardBrand | undefined {
  let brand: CardBrand | undefined;
  for (const range of RANGES) {
    const head = digits.slice(0, range.from.length);
    if (head < range.from || head > range.to || !range.lengths.includes(digits.length)) continue;
    if (range.brand === 'known') return 'known';
    brand = 'weak';
  }
  return brand;
}
