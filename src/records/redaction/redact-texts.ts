import { REDACTED, isSecretName, mayHoldSecrets, redactSecrets } from '../../core/redaction.ts';
import { redactAddresses } from './addresses.ts';
import { redactBankAccounts } from './bank-accounts.ts';
import { type JsonVisitor, looksLikeJson, rewriteJson } from './json-strings.ts';
import { mayHoldNumbers, redactNumbers, redactWholeNumber } from './number-runs.ts';
import { mayTellPasswords, redactToldPasswords } from './told-passwords.ts';

interface Rule {
  /** False where the rule finds nothing in a text, nor in the texts of which it consists if it is JSON; cheap. */
  readonly mayFind: (text: string) => boolean;
  readonly redact: (text: string) => string;
}

const has =
  (hint: RegExp) =>
  (text: string): boolean =>
    hint.test(text);

const SECRETS: Rule = { mayFind: mayHoldSecrets, redact: redactSecrets };

const RULES: readonly Rule[] = [
  // Before the secrets, which would take a quotation mark for the value.
  { mayFind: mayTellPasswords, redact: redactToldPasswords },
  SECRETS,
  { mayFind: has(/@|%40/), redact: redactAddresses },
  { mayFind: has(/[A-Z]{2}\d{2}[ \u00A0-]?[A-Z\d]/i), redact: redactBankAccounts },
  { mayFind: mayHoldNumbers, redact: redactNumbers },
];

/** Nothing that is looked for is shorter. */
const SHORTEST = 5;
/** JSON texts in strings of JSON texts are read as such to this depth. */
const MOST_NESTED = 6;
const MOST_ROUNDS = 8;
/** What is so long and nothing else is the bytes of a file. */
const BASE64 = /^(?:data:[\w.+/;=-]{1,128},)?[A-Za-z\d+/]{256,}={0,2}$/;

/**
 * The text without keys, credentials and passwords, and with marks in the place of e-mail addresses and of card, phone,
 * identity and bank account numbers. JSON stays JSON, also where the beginning of it is all there is.
 */
export function redactTexts(text: string): string {
  if (text.length < SHORTEST) return text;
  const isShort = text.length <= LONGEST_REMEMBERED;
  if (isShort && clean.has(text)) return text;
  const rules = text.includes(String.raw`\u`) ? RULES : RULES.filter(({ mayFind }) => mayFind(text));
  const redacted = rules.length === 0 ? text : redactIn(text, rules, 0);
  if (isShort && redacted === text) remember(text);
  return redacted;
}

/** Names of models, and what patches set, are the same in nearly every record. What was redacted is not remembered. */
const clean = new Set<string>();
const MOST_REMEMBERED = 1000;
const LONGEST_REMEMBERED = 64;

function remember(text: string): void {
  if (clean.size === MOST_REMEMBERED) clean.clear();
  clean.add(text);
}

function redactIn(text: string, rules: readonly Rule[], depth: number): string {
  if (text.length < SHORTEST || (text.length > 256 && BASE64.test(text))) return text;
  // Of a body with one long number in it nearly all texts are without.
  if (depth > 0 && !text.includes(String.raw`\u`) && !rules.some(({ mayFind }) => mayFind(text))) return text;
  if (depth < MOST_NESTED && looksLikeJson(text)) {
    const rewritten = rewriteJson(text, visitorOf(rules, depth));
    if (rewritten !== undefined) return rewritten;
  }
  return redactPlain(text, rules);
}

/** A mark in the place of one thing may uncover the next, which touched it. */
function redactPlain(text: string, rules: readonly Rule[]): string {
  let redacted = text;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = redacted;
    for (const { redact } of rules) redacted = redact(redacted);
    if (redacted === before) break;
  }
  return redacted;
}

function visitorOf(rules: readonly Rule[], depth: number): JsonVisitor {
  const namesMatter = rules.includes(SECRETS);
  return {
    text: (content) => redactIn(content, rules, depth + 1),
    digits: redactWholeNumber,
    isSecretName: (name) => namesMatter && isSecretName(name),
    secret: REDACTED,
  };
}
