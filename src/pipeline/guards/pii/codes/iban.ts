import { hasIbanCheck } from '../../../../core/texts/checksums.ts';
import { IBAN_LENGTHS } from '../../../../core/texts/iban-lengths.ts';
import { isDigit } from '../text/sight.ts';

/** Hexadecimal numbers begin with these letters too; their accounts have digits alone. */
const DIGITS_ONLY = /^(?:AE|BA|BE|DE|EE)(?!\d*$)/;

const SPACE = 0x20;
const DASH = 0x2d;
/** The country and the check. */
const HEAD = 4;

/** Where the number ends that begins here; undefined where there is none. Small letters count as capitals. */
export function ibanEnd(text: string, start: number): number | undefined {
  const length = IBAN_LENGTHS.get(text.slice(start, start + 2).toUpperCase());
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
  return hasIbanCheck(number) ? at : undefined;
}

function isLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
