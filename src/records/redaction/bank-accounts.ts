const IBAN = '[iban]';

const BEGINNING = /(?<![A-Za-z\d])[A-Z]{2}\d{2}/gi;
const ONE = /^[A-Z\d]+(?:[ \u00A0-][A-Z\d]+)*/i;
/** The longest, in groups of two. */
const MOST_CHARS = 51;

/** Characters by country, of the IBAN registry. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    15: 'NO',
    16: 'BE',
    18: 'DK FI FK FO GL NL SD',
    19: 'MK SI',
    20: 'AT BA EE KZ LT LU MN XK',
    21: 'CH CR HR LI LV',
    22: 'BG BH DE GB GE IE ME RS VA',
    23: 'AE GI IL IQ OM SO TL',
    24: 'AD CZ ES MD PK RO SA SE SK TN VG',
    25: 'LY PT ST',
    26: 'IS TR',
    27: 'BI DJ FR GR IT MC MR SM',
    28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
    29: 'BR EG PS QA UA',
    30: 'JO KW MU YE',
    31: 'MT SC',
    32: 'LC',
    33: 'RU',
  }).flatMap(([length, countries]) =>
    countries.split(' ').map((country): [string, number] => [country, Number(length)]),
  ),
);

/** The text with a mark in the place of every IBAN, by the length of its country and its check digits. */
export function redactBankAccounts(text: string): string {
  let clean = '';
  let keptTo = 0;
  for (const { index } of text.matchAll(BEGINNING)) {
    if (index < keptTo) continue;
    const length = lengthAt(text, index);
    if (length === undefined) continue;
    clean += text.slice(keptTo, index) + IBAN;
    keptTo = index + length;
  }
  return keptTo === 0 ? text : clean + text.slice(keptTo);
}

/** Of the account that begins there, with the spaces in it. */
function lengthAt(text: string, start: number): number | undefined {
  const characters = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (characters === undefined) return undefined;
  const candidate = ONE.exec(text.slice(start, start + MOST_CHARS + 1))?.[0] ?? '';
  let account = '';
  for (let at = 0; at < candidate.length; at += 1) {
    const sign = candidate.charAt(at);
    if (isAlphanumeric(sign)) account += sign.toUpperCase();
    if (account.length < characters) continue;
    return !isAlphanumeric(candidate.charAt(at + 1)) && passesCheck(account) ? at + 1 : undefined;
  }
  return undefined;
}

function isAlphanumeric(sign: string): boolean {
  return /^[A-Za-z\d]$/.test(sign);
}

/** ISO 7064, mod 97-10. */
function passesCheck(account: string): boolean {
  let rest = 0;
  for (const sign of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
