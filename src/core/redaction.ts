/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * Where a token may begin: not inside a word. In a JSON text the letter before may be the end of an escape
 * (`\n`, `\u001b`), which is no word.
 */
const START = String.raw`(?<![A-Za-z])|(?<=\\[nrtbf])|(?<=\\u[\da-fA-F]{4})`;

/** What the keys of this gateway and of the usual providers begin with. */
const KEY_PREFIXES = [
  'cw-',
  'sk-',
  'pk-',
  'rk-',
  'xai-',
  'pplx-',
  'nvapi-',
  'gsk_',
  'hf_',
  'r8_',
  'tgp_',
  'ghp_',
  'AIza',
];

/** Names whose value is a secret whatever it looks like, in headers, JSON and query strings. */
const SECRET_NAMES = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  '(?:x-)?(?:goog-)?api[-_]?keys?',
  '(?:access|refresh|id|session|auth)[-_]?token',
  '(?:client[-_]?)?secret',
  '(?:admin|master|private|access)[-_]?key',
  'passw(?:or)?d',
  'credentials?',
].join('|');

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Every repetition is bounded or cannot fail late, so that hostile text costs linear time. */
const RULES: readonly Rule[] = [
  // "apiKey": "…" and "set-cookie": ["…", "…"]
  {
    pattern: new RegExp(
      String.raw`("(?:${SECRET_NAMES})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\])`,
      'gis',
    ),
    replacement: `$1"${REDACTED}"`,
  },
  // The same inside a JSON text that is itself a string: \"apiKey\": \"…\"
  {
    pattern: new RegExp(String.raw`(\\+"(?:${SECRET_NAMES})\\+"\s*:\s*\\+")[^"\\]*`, 'gi'),
    replacement: `$1${REDACTED}`,
  },
  // scheme://user:password@host
  { pattern: /([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/"'<>\\]{1,1024}@/gi, replacement: `$1${REDACTED}@` },
  {
    pattern: new RegExp(String.raw`(?:${START})(Bearer|Basic)(\s+)[^\s"'\\,;]+`, 'gi'),
    replacement: `$1$2${REDACTED}`,
  },
  // x-api-key: …, password=…
  {
    pattern: new RegExp(String.raw`((?:${SECRET_NAMES})\s{0,8}[:=]\s{0,8})(?!Bearer|Basic)[^\s"'\\&,;]+`, 'gi'),
    replacement: `$1${REDACTED}`,
  },
  { pattern: /([?&](?:key|token|sig|signature)=)[^\s"'\\&#]+/gi, replacement: `$1${REDACTED}` },
  {
    pattern: new RegExp(String.raw`(?:${START})(${KEY_PREFIXES.join('|')})[\w-]{12,}`, 'g'),
    replacement: `$1${REDACTED}`,
  },
  { pattern: /eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]+/g, replacement: REDACTED },
];

/** The text (plain, or one JSON line, which stays valid JSON) without keys, credentials and what else is named like a secret. */
export function redactSecrets(text: string): string {
  let clean = text;
  for (const { pattern, replacement } of RULES) clean = clean.replace(pattern, replacement);
  return clean;
}
