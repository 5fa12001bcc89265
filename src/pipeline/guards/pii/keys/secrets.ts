import { RANK, type Recogniser } from '../text/sight.ts';
import { TRAIT } from '../text/traits.ts';

interface SecretForm {
  /** What a text has in which the form is: one of these. */
  readonly traits: number;
  /** Found, cheaply, in every text in which the form is. */
  readonly hint: RegExp;
  readonly form: RegExp;
  readonly score: number;
  /** Sticky: how a match goes on that is longer than the form looks. */
  readonly more: RegExp;
  /** The part that is the secret; all where it is left out. */
  readonly part?: 1;
}

/** Not inside a word; the letter before may be that of `\n`. */
const START = String.raw`(?:(?<![A-Za-z\d])|(?<=\\[nrtbf]))`;
const END = String.raw`(?![\w-])`;
const start = (form: string): RegExp => new RegExp(START + form, 'g');
const WORD = /[\w-][\w.~+/=-]*/y;

/** Keys that begin with the name of whose they are. Looked for from the sign that ends the name: there are few of those. */
const PREFIXED: SecretForm = {
  traits: TRAIT.token,
  hint: /[-_.](?<=(?:cw|sk|pk|rk|xai|pplx|nvapi|key|glpat|glrt|gldt|xox[abeoprs]|xapp|GOCSPX|AGE-SECRET-KEY)-|(?:live|test|whsec|gsk|hf|r8|tgp|gh[oprsu]|pat|npm|figd|ntn|shp(?:at|ca|pa|ss)|dop_v1|lin_api|fo1|dckr_pat|EAACEdEose0cBA)_|(?:SG|hvs|hvb|ya29|dp|pul)[._-])[\w-]{6}/,
  form: start(
    String.raw`(?:(?:cw|sk|pk|rk|xai|pplx|nvapi|key|glpat|glrt|gldt|xox[abeoprs]|xapp|GOCSPX|AGE-SECRET-KEY)-|(?:(?:sk|rk|pk)_(?:live|test)|whsec|gsk|hf|r8|tgp|gh[oprsu]|github_pat|npm|figd|ntn|shp(?:at|ca|pa|ss)|dop_v1|lin_api|fo1|dckr_pat)_|(?:SG|hvs|hvb|ya29|dp\.pt|dp\.st|pul)[._-])(?=[\w.-]{0,60}\d)[\w-]{12,300}(?:\.[\w-]{10,300})?`,
  ),
  score: 0.95,
  more: WORD,
};

/** Those that begin with letters alone, and have a length. */
const LETTERED: SecretForm = {
  traits: TRAIT.token,
  hint: /A(?:Iza|KIA|SIA|KID)|LTAI|dapi|pypi-|\d:AA/,
  form: start(
    String.raw`(?:AIza[\w-]{30,40}|A(?:KIA|SIA)[A-Z\d]{16}|AKID[A-Za-z\d]{13,40}|LTAI[A-Za-z\d]{12,24}|dapi[a-f\d]{32}|pypi-[\w-]{40,}|\d{8,10}:AA[\w-]{32,34})${END}`,
  ),
  score: 0.95,
  more: WORD,
};

/**
 * Tokens of JSON in parts, known by the first of them: on streams the rest is still to come. Where that one begins as those
 * of signed tokens do, its end need not be there.
 */
const JWT: SecretForm = {
  traits: TRAIT.token,
  hint: /eyJ/,
  form: start(String.raw`(?<![_-])eyJ(?:(?:hbGci|0eXAi|raWQi|lbmMi)O[\w-]{2,}|[\w-]{8,}(?=\.[\w-]))`),
  score: 0.95,
  more: /[\w.~+/=-]+/y,
};

const WEBHOOK: SecretForm = {
  traits: TRAIT.token,
  hint: /hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks|[?&]access_token=|oapi\.dingtalk|qyapi\.weixin|open\.feishu/,
  form: /(?:hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/|robot\/send\?access_token=|webhook\/send\?key=|bot\/v2\/hook\/|[?&]access_token=)([\w/-]{16,200})/g,
  part: 1,
  score: 0.95,
  more: /[\w/-]+/y,
};

const BEARER: SecretForm = {
  traits: TRAIT.token,
  hint: /bearer|basic /i,
  form: /(?<![A-Za-z])(?:bearer|basic)[ \t]{1,8}(?=[\w.~+/=-]{0,200}\d)([\w.~+/=-]{16,4000})/gi,
  part: 1,
  score: 0.9,
  more: /[\w.~+/=-]+/y,
};

/** What a value ends at. */
const ENDS_VALUE = String.raw`\s"'\\,;，。；、）)<>…`;
/** Words in the place of a value. */
const WORD_FOR_IT = String.raw`(?:(?:your|my[_-]|example)[A-Za-z_-]{0,64}|null|none|undefined|true|false|string|required|optional)(?=[${ENDS_VALUE}}\]|]|$)`;
/** A call, or a part of something. */
const PROGRAM = String.raw`[A-Za-z_$][\w$.]{0,64}[([{](?:["'\x60]|[\w.]{0,64},|[^\s,;]{0,64}[)\]}])`;
/** Nobody's password: what documentation and programs have in its place. */
const NO_VALUE = String.raw`(?!(?:\$|\{|<|\[|\*|%|process\.env|os\.|env\.|xxx|\.\.\.)|${WORD_FOR_IT}|${PROGRAM})`;
const NAMED_WORDS = String.raw`(?:api|access|secret|private|account|master|admin|auth|client|app)[-_ ]?(?:key|token|secret)|secret[-_]?access[-_]?key|passw(?:or)?d|passphrase|passcode|pwd|secret|token|credentials?`;

/** `"apiKey": "…"`, `password=…`, `密码是…`. */
const NAMED: SecretForm = {
  traits: TRAIT.named | TRAIT.odd,
  hint: /key|token|secret|passw|passphr|passco|pwd|credential|密码|密碼|口令|密钥/i,
  form: new RegExp(
    String.raw`(?:(?:${NAMED_WORDS})["'\\*_]{0,4}[ \t]{0,4}[:=：]{1,2}[ \t]{0,4}|(?:passw(?:or)?d|passphrase|passcode) is[ \t]{1,4}(?=[^\s]{0,64}\d)|(?:密码|密碼|口令|密钥)[ \t]{0,4}(?:是|为|為|[:：=])[ \t]{0,4})["'\\*_]{0,4}${NO_VALUE}((?=[^${ENDS_VALUE}]{0,64}[\d!@#$%^&*+/_-])[^${ENDS_VALUE}]{6,512})`,
    'gi',
  ),
  part: 1,
  score: 0.7,
  more: new RegExp(`[^${ENDS_VALUE}]+`, 'y'),
};

const FORMS: readonly SecretForm[] = [PREFIXED, LETTERED, JWT, WEBHOOK, BEARER, NAMED];

/** Keys, tokens and passwords: by what they begin with, and by what they are called. */
export const secretRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  for (const { traits, hint, form, part, score, more } of FORMS) {
    if ((sight.traits & traits) === 0 || !hint.test(text)) continue;
    form.lastIndex = 0;
    for (let match = form.exec(text); match; match = form.exec(text)) {
      const begin = match.index + match[0].length - (part ? (match[part] ?? '') : match[0]).length;
      more.lastIndex = form.lastIndex;
      const end = more.test(text) ? more.lastIndex : form.lastIndex;
      // The end of a sentence.
      sight.add(begin, text.charAt(end - 1) === '.' ? end - 1 : end, 'SECRET', score, RANK.secret);
      form.lastIndex = end;
    }
  }
};
