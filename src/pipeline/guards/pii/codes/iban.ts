import { mod97 } from '../checks/checksums.ts';
import { isDigit } from '../text/sight.ts';

/**
 * How long the numbers of each country are.
 *
 * @see https://www.swift.com/standards/data-standards/iban-international-bank-account-number (2026-11-22)
 */
const LENGTHS = new Map(
  [
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29',
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20',
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29',
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20',
    'YE30',
  ]
    .join(' ')
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Hexadecimal numbers begin with these letters too; their accounts have digits alone. */
const DIGITS_ONLY = /^(?:AE|BA|BE|DE|EE)(?!\d*$)/;

const SPACE = 0x20;
const DASH = 0x2d;
/** The country and the check. */
const HEAD = 4;

/** Where the number ends that begins here; undefined where there is none. Small letters count as capitals. */
export function ibanEnd(text: string, start: number): number | undefined {
  const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (length === undefined) return undefined;
  let signs = 0;
  let at = start;
  // One separator at a time, each between two signs.
  for (let gap = 0; signs < length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isDigit(unit) || isLetter(unit)) {
      signs += 1;
      gap = 0;
    } else if ((unit === SPACE || unit === DASH) && gap === 0 && signs >= HEAD) gap += 1;
    else return undefined;
  }
  const number = text.slice(start, at).replaceAll(/[ -]/g, '').toUpperCase();
  if (DIGITS_ONLY.test(number)) return undefined;
  return mod97(number.slice(HEAD) + number.slice(0, HEAD)) === 1 ? at : undefined;
}

function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
