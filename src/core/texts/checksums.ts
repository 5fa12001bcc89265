const ZERO = 0x30;
const A = 0x41;

/** 0 to 9 of a digit, 10 to 35 of a capital letter. */
function valueOf(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < A ? unit - ZERO : unit - A + 10;
}

/** ISO/IEC 7812-1: bank cards, and the Canadian SIN. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at -= 1, doubled = !doubled) {
    const digit = valueOf(digits, at);
    if (!doubled) sum += digit;
    else sum += digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** ISO 7064 MOD 97-10 of digits and capital letters, whose letters count as 10 to 35. */
export function mod97(text: string): number {
  let rest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = valueOf(text, at);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}

/** Of an IBAN in capital letters, without spaces: ISO 13616, MOD 97-10 with its first four signs last. */
export function hasIbanCheck(account: string): boolean {
  return mod97(account.slice(4) + account.slice(0, 4)) === 1;
}

/** ISO 7064 MOD 11,10: the German tax number. */
export function isMod1110(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at += 1) {
    const sum = (valueOf(digits, at) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === valueOf(digits, digits.length - 1);
}

const TURN = '1576283094';
const DIHEDRAL = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];

/** The digits of position `at` from the right, turned `at` times. */
const TURNED = (() => {
  const rows = ['0123456789'];
  for (let row = 1; row < 8; row += 1) {
    rows.push((rows[row - 1] ?? '').replaceAll(/\d/g, (digit) => TURN[Number(digit)] ?? ''));
  }
  return rows;
})();

/** Verhoeff's check: India's Aadhaar. */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = valueOf(digits, digits.length - 1 - at);
    const turned = valueOf(TURNED[at & 7] ?? '', digit);
    check = valueOf(DIHEDRAL[check] ?? '', turned);
  }
  return digits.length > 0 && check === 0;
}

/** The sum of the digits times their weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (const [at, weight] of weights.entries()) sum += valueOf(digits, at) * weight;
  return sum;
}

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECKS = '10X98765432';

/** GB 11643-1999: of 17 digits and a check, the numbers of residents of mainland China. The check may be a small x. */
export function hasResidentCheck(number: string): boolean {
  return RESIDENT_CHECKS[weighted(number, RESIDENT_WEIGHTS) % 11] === number[17]?.toUpperCase();
}
