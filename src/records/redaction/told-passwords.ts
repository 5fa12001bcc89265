import { REDACTED } from '../../core/redaction.ts';

/** What people call a password when they write one down. */
const WORDS =
  'pass[- ]?(?:word|phrase|code)|passwd|passwort|(?<![A-Za-z])pwd|密码|密碼|口令|パスワード|비밀번호|пароль|contrase(?:ñ|n)a|mot de passe|(?<![A-Za-z])senha|wachtwoord';
/** Marks of Markdown and closing quotes. */
const CLOSING = `[*_"'\`”’」)]{0,3}`;
const OPENING = `[*_]{0,3}["'\`“‘「]?[*_]{0,3}`;
const VALUE = `[^\\s"'\`”’」,;，。；、]{2,256}`;
/** What a sentence about passwords goes on with. */
const NOT_ONE =
  '(?:a|an|and|as|at|been|being|case|changed|compromised|correct|empty|encrypted|expired|for|forgotten|hashed|in|incorrect|invalid|is|it|less|longer|lost|missing|more|my|never|no|not|null|ok|okay|on|one|only|optional|or|our|protected|required|reset|safe|same|secure|sensitive|set|shorter|stored|still|strong|that|the|this|to|too|undefined|unset|used|valid|very|weak|what|wrong|your)(?![\\w-])';

const RULES: readonly RegExp[] = [
  // password: "…", **Password:** …, 密码：…
  new RegExp(`((?:${WORDS})${CLOSING}\\s{0,4}(?:[:=：]|=>|->)${OPENING}\\s{0,4}${OPENING})(?![/$~])${VALUE}`, 'gi'),
  // the password is …
  new RegExp(`((?:${WORDS})${CLOSING}\\s{1,4}(?:is|was|ist|es|est|é)\\s{1,4}${OPENING})(?!${NOT_ONE})${VALUE}`, 'gi'),
  // 密码是…: what is not written in letters of the language
  new RegExp(`((?:${WORDS})${CLOSING}\\s{0,4}(?:是|为|為|は|는|은)\\s{0,4}${OPENING})[!-~]{3,256}`, 'gi'),
  // the password for the server is …: only what looks like one
  new RegExp(
    `((?:${WORDS})(?:\\s{1,4}[A-Za-z][\\w.-]{0,30}){1,4}\\s{1,4}is\\s{1,4}${OPENING})(?=[^\\s]{0,64}[\\d!@#$%^&*])${VALUE}`,
    'gi',
  ),
];

const HINT = /pass[- ]?(?:w|p|c)|passwd|mot de passe|pwd|密|口令|パスワード|비밀번호|парол|contrase|senha|wachtwoord/i;

/** False where {@link redactToldPasswords} finds nothing. */
export function mayTellPasswords(text: string): boolean {
  return HINT.test(text);
}

/** The text without passwords that stand next to a word for them. */
export function redactToldPasswords(text: string): string {
  if (!HINT.test(text)) return text;
  let clean = text;
  for (const rule of RULES) clean = clean.replace(rule, `$1${REDACTED}`);
  return clean;
}
