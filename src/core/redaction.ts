/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * Where a token may begin: not inside a word. In a JSON text the letter before may be the end of an escape
 * (`\n`, `\u001b`), which is no word.
 */
const START = String.raw`(?<![A-Za-z])|(?<=\\[nrtbf])|(?<=\\u[\da-fA-F]{4})`;

/** What the keys of this gateway and of the usual providers begin with. */
const KEY_PREFIXES = [
  'cw[ao]?-',
  'sk-',
  'pk-',
  'rk-',
  'xai-',
  'pplx-',
  'nvapi-',
  'glpat-',
  'xox[abeoprs]-',
  '(?:sk|rk|pk)_(?:live|test)_',
  'whsec_',
  'gsk_',
  'hf_',
  'r8_',
  'tgp_',
  'gh[oprsu]_',
  'github_pat_',
  'npm_',
  'AIza',
  String.raw`A(?:KIA|SIA)(?=[A-Z\d]{16}(?![A-Za-z\d]))`,
].join('|');

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
  'pass(?:phrase|code)',
  'credentials?',
  '密码',
  '密碼',
  '口令',
].join('|');

/** The same as the last words of a longer name: `DB_PASSWORD`, `db.password`. */
const ANY_SECRET_NAME = String.raw`(?:[\w.-]{0,64}[-_.])?(?:${SECRET_NAMES}|pwd)`;

/** What a sentence about bearer tokens goes on with. */
const NO_TOKEN = String.raw`(?:tokens?|auth[a-z]*|schemes?|credentials?|of|and|or|is|in|for)(?![\w.-])`;

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

interface RuleGroup {
  /** Found in every text in which a rule of the group finds something; cheap. */
  readonly hint: RegExp;
  readonly rules: readonly Rule[];
}

/** Every repetition is bounded or cannot fail late, so that hostile text costs linear time. */
const BY_NAME: RuleGroup = {
  hint: /authori|cookie|api[-_]?key|(?:access|refresh|id|session|auth)[-_]?token|secret|(?:admin|master|private|access)[-_]?key|passw|passphr|passco|pwd|credential|密|口令/i,
  rules: [
    // "apiKey": "…", "set-cookie": ["…", "…"] and "password": 123456
    {
      pattern: new RegExp(
        String.raw`("${ANY_SECRET_NAME}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]|-?\d[\d.eE+-]*)`,
        'gis',
      ),
      replacement: `$1"${REDACTED}"`,
    },
    // The same inside a JSON text that is itself a string: \"apiKey\": \"…\"
    {
      pattern: new RegExp(String.raw`((?<!\\)\\+"${ANY_SECRET_NAME}\\+"\s*:\s*\\+")[^"\\]*`, 'gi'),
      replacement: `$1${REDACTED}`,
    },
    // x-api-key: …, password=…, **Password:** …
    {
      pattern: new RegExp(
        String.raw`((?:${SECRET_NAMES})\s{0,8}[:=：][*_]{0,3}\s{0,8}(?:(?:Bearer|Basic)\s{1,8})?)(?!Bearer|Basic)[^\s"'\\&,;，。；]+`,
        'gi',
      ),
      replacement: `$1${REDACTED}`,
    },
    // PWD is also where a shell stands.
    {
      pattern: /((?<![A-Za-z])pwd\s{0,8}[:=：]\s{0,8})(?![/$~])[^\s"'\\&,;，。；]+/gi,
      replacement: `$1${REDACTED}`,
    },
  ],
};

const BY_FORM: readonly RuleGroup[] = [
  // scheme://user:password@host
  {
    hint: /:\\?\//,
    rules: [
      { pattern: /(:(?:\\?\/){2})[^\s/"'<>\\]{1,1024}@/g, replacement: `$1${REDACTED}@` },
      // A password with a slash in it; what is a port is no password.
      {
        pattern:
          /(:(?:\\?\/){2})[^\s/"'<>\\:@]{0,256}:(?!\d{1,5}\\?[/?#])(?:[^\s"'<>\\]|\\\/){1,256}?@(?:[^\s/"'<>\\]{0,256}@)?/g,
        replacement: `$1${REDACTED}@`,
      },
    ],
  },
  {
    hint: /bearer/i,
    rules: [
      {
        pattern: new RegExp(String.raw`(?:${START})(Bearer)(\s+)(?!${NO_TOKEN})[^\s"'\\,;]+`, 'gi'),
        replacement: `$1$2${REDACTED}`,
      },
    ],
  },
  {
    // Base64 of user:password, not the next word of a sentence.
    hint: /[Bb]asic|BASIC/,
    rules: [
      {
        pattern: new RegExp(
          String.raw`(?:${START})([Bb]asic|BASIC)(\s+)(?=[A-Za-z\d+/_-]{0,512}(?:[\d+/=]|[a-z][A-Z]))[A-Za-z\d+/=_-]{6,}`,
          'g',
        ),
        replacement: `$1$2${REDACTED}`,
      },
    ],
  },
  {
    hint: /[?&][\w.-]{1,80}=/,
    rules: [
      {
        pattern: new RegExp(String.raw`([?&](?:key|token|sig|signature|${ANY_SECRET_NAME})=)[^\s"'\\&#]+`, 'gi'),
        replacement: `$1${REDACTED}`,
      },
    ],
  },
  {
    // Looked for from the sign that ends a prefix: there are few of those.
    hint: /[-_](?<=(?:cw[ao]?|sk|pk|rk|xai|pplx|nvapi|glpat|xox[abeoprs])-|(?:live|test|whsec|gsk|hf|r8|tgp|gh[oprsu]|pat|npm)_)[\w-]{12}|A(?:Iza|KIA|SIA)/,
    rules: [
      {
        pattern: new RegExp(String.raw`(?:${START})(${KEY_PREFIXES})[\w-]{12,}`, 'g'),
        replacement: `$1${REDACTED}`,
      },
    ],
  },
  // JSON Web Tokens
  {
    hint: /eyJ/,
    rules: [
      {
        pattern: /(?:(?<![\w-])|(?<=\\[nrtbf])|(?<=\\u[\da-fA-F]{4}))eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]+/g,
        replacement: REDACTED,
      },
    ],
  },
  // A private key, or the part of it that is there
  {
    hint: /PRIVATE KEY/,
    rules: [
      {
        pattern: /(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)[^-"]+(?:-----END [A-Z ]{0,40}-----)?/g,
        replacement: `$1${REDACTED}`,
      },
    ],
  },
];

const GROUPS: readonly RuleGroup[] = [BY_NAME, ...BY_FORM];

/** The rules that may find something in a text: all, or only of what is a secret by its form. */
export function secretRules(only: 'all' | 'by-form', text: string): readonly Rule[] {
  const groups = only === 'all' ? GROUPS : BY_FORM;
  return groups.flatMap(({ hint, rules }) => (hint.test(text) ? rules : []));
}

/** The text (plain, or one JSON line, which stays valid JSON) without keys, credentials and what else is named like a secret. */
export function redactSecrets(text: string): string {
  let clean = text;
  for (const { hint, rules } of GROUPS) {
    if (!hint.test(clean)) continue;
    for (const { pattern, replacement } of rules) clean = clean.replace(pattern, replacement);
  }
  return clean;
}

/** False where {@link redactSecrets} finds nothing, nor would in the texts of which a JSON text consists. */
export function mayHoldSecrets(text: string): boolean {
  return GROUPS.some(({ hint }) => hint.test(text));
}

const SECRET_NAME = new RegExp(String.raw`^${ANY_SECRET_NAME}$`, 'i');
/** `dbPassword`, `openaiApiKey`. */
const CAMEL_CASE_SECRET =
  /[a-z\d](?:Authorization|ApiKeys?|AccessKey|PrivateKey|SecretKey|AccessToken|AuthToken|Secret|Passw(?:or)?d|Credentials?)$/;

/** Whether what stands under this name is a secret whatever it looks like. */
export function isSecretName(name: string): boolean {
  if (name.length > 128) return false;
  return SECRET_NAME.test(name) || CAMEL_CASE_SECRET.test(name);
}
