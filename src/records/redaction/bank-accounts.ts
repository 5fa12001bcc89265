import { hasIbanCheck } from '../../core/texts/checksums.ts';
import { IBAN_LENGTHS } from '../../core/texts/iban-lengths.ts';

const IBAN = '[iban]';

const BEGINNING = /(?<![A-Za-z\d])[A-Z]{2}\d{2}/gi;
const ONE = /^[A-Z\d]+(?:[ \u00A0-][A-Z\d]+)*/i;
/** The longest, in groups of two. */
const MOST_CHARS = 51;

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
  const characters = IBAN_LENGTHS.get(text.slice(start, start + 2).toUpperCase());
  if (characters === undefined) return undefined;
  const candidate = ONE.exec(text.slice(start, start + MOST_CHARS + 1))?.[0] ?? '';
  let account = '';
  for (let at = 0; at < candidate.length; at += 1) {
    const sign = candidate.charAt(at);
    if (isAlphanumeric(sign)) account += sign.toUpperCase();
    if (account.length < characters) continue;
    return !isAlphanumeric(candidate.charAt(at + 1)) && hasIbanCheck(account) ? at + 1 : undefined;
  }
  return undefined;
}

function isAlphanumeric(sign: string): boolean {
  return /^[A-Za-z\d]$/.test(sign);
}
