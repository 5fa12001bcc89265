import { mod97 } from '../checks/checksums.ts';

/**
 * How long the numbers of each country are.
 *
 * @see https://www.swift.com/standards/data-standards/iban-international-bank-account-number (2026-11-22)
 */
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BI: 27, BR: 29, BY: 28, CH: 21, CR: 22 },
  ...{ CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GB: 22 },
  ...{ GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HN: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IS: 26, IT: 27, JO: 30 },
  ...{ KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25, MC: 27, MD: 24, ME: 22, MK: 19, MN: 20 },
  ...{ MR: 27, MT: 31, MU: 30, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29, RO: 24, RS: 22 },
  ...{ RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SO: 23, ST: 25, SV: 28, TL: 23, TN: 24, TR: 26 },
  ...{ UA: 29, VA: 22, VG: 24, XK: 20, YE: 30 },
};

const SEPARATOR = /[ -]/;
const SIGN = /[A-Z\d]/;

/** Where the number ends that begins here; undefined where there is none. Small letters count as capitals. */
export function ibanEnd(text: string, start: number): number | undefined {
  const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
  if (length === undefined) return undefined;
  let number = '';
  let at = start;
  // Up to two separators in a row, each between two signs.
  for (let gap = 0; number.length < length; at += 1) {
    const sign = text.charAt(at).toUpperCase();
    if (SIGN.test(sign)) {
      number += sign;
      gap = 0;
    } else if (SEPARATOR.test(sign) && gap === 0 && number.length >= 4) gap += 1;
    else return undefined;
  }
  return mod97(number.slice(4) + number.slice(0, 4)) === 1 ? at : undefined;
}
