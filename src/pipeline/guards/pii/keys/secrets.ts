import { RANK, type Recogniser } from '../text/sight.ts';

interface SecretForm {
  /** Found, cheaply, in every text in which the form is. */
  readonly hint: RegExp;
  readonly form: RegExp;
  readonly score: number;
  /** The part that is the secret; all where it is left out. */
  readonly part?: 1;
}

/** Not inside a word; the letter before may be that of `\n`. */
const START = String.raw`(?:(?<![A-Za-z\d])|(?<=\\[nrtbf]))`;
const END = String.raw`(?![\w-])`;
const start = (form: string): RegExp => new RegExp(START + form, 'g');

/** Keys that begin with the name of whose they are. Looked for from the sign that ends the name: there are few of those. */
const PREFIXED: SecretForm = {
  hint: /[-_.](?<=(?:cw|sk|pk|rk|xai|pplx|nvapi|key|glpat|glrt|gldt|xox[abeoprs]|xapp|GOCSPX|AGE-SECRET-KEY)-|(?:live|test|whsec|gsk|hf|r8|tgp|gh[oprsu]|pat|npm|figd|ntn|shp(?:at|ca|pa|ss)|dop_v1|lin_api|fo1|dckr_pat|EAACEdEose0cBA)_|(?:SG|hvs|hvb|ya29|dp|pul)[._-])[\w-]{6}/,
  form: start(
    String.raw`(?:(?:cw|sk|pk|rk|xai|pplx|nvapi|key|glpat|glrt|gldt|xox[abeoprs]|xapp|GOCSPX|AGE-SECRET-KEY)-|(?:(?:sk|rk|pk)_(?:live|test)|whsec|gsk|hf|r8|tgp|gh[oprsu]|github_pat|npm|figd|ntn|shp(?:at|ca|pa|ss)|dop_v1|lin_api|fo1|dckr_pat)_|(?:SG|hvs|hvb|ya29|dp\.pt|dp\.st|pul)[._-])(?=[\w.-]{0,60}\d)[\w-]{12,300}(?:\.[\w-]{10,300})?`,
  ),
  score: 0.95,
};

/** Those that begin with letters alone, and have a length. */
const LETTERED: SecretForm = {
  hint: /A(?:Iza|KIA|SIA|KID)|LTAI|dapi|pypi-|eyJ|\d:AA/,
  form: start(
    String.raw`(?:AIza[\w-]{30,40}|A(?:KIA|SIA)[A-Z\d]{16}|AKID[A-Za-z\d]{13,40}|LTAI[A-Za-z\d]{12,24}|dapi[a-f\d]{32}|pypi-[\w-]{40,300}|(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{8,8000}\.[\w-]{2,2000}|\d{8,10}:AA[\w-]{32,34})${END}`,
  ),
  score: 0.95,
};

const WEBHOOK: SecretForm = {
  hint: /hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks|[?&]access_token=|oapi\.dingtalk|qyapi\.weixin|open\.feishu/,
  form: /(?:hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/|robot\/send\?access_token=|webhook\/send\?key=|bot\/v2\/hook\/|[?&]access_token=)([\w/-]{16,200})/g,
  part: 1,
  score: 0.95,
};

const BEARER: SecretForm = {
  hint: /bearer|basic /i,
  form: /(?<![A-Za-z])(?:bearer|basic)[ \t]{1,8}(?=[\w.~+/=-]{0,200}\d)([\w.~+/=-]{16,4000})/gi,
  part: 1,
  score: 0.9,
};

/** Nobody's password: what documentation and programs have in its place. */
const NO_VALUE = String.raw`(?!(?:\$|\{|<|\[|\*|%|your|my[_-]|example|null|none|undefined|true|false|string|process\.env|os\.|env\.|xxx|required|optional|\.\.\.)|[A-Za-z_$][\w$.]{0,64}[([{])`;
/** What a value ends at. */
const ENDS_VALUE = String.raw`\s"'\\,;，。；、）)<>…`;
const NAMED_WORDS = String.raw`(?:api|access|secret|private|account|master|admin|auth|client|app)[-_ ]?(?:key|token|secret)|secret[-_]?access[-_]?key|passw(?:or)?d|passphrase|passcode|pwd|secret|token|credentials?`;

/** `"apiKey": "…"`, `password=…`, `密码是…`. */
const NAMED: SecretForm = {
  hint: /key|token|secret|passw|passphr|passco|pwd|credential|密码|密碼|口令|密钥/i,
  form: new RegExp(
    String.raw`(?:(?:${NAMED_WORDS})["'\\*_]{0,4}[ \t]{0,4}[:=：]{1,2}[ \t]{0,4}|(?:passw(?:or)?d|passphrase|passcode) is[ \t]{1,4}(?=[^\s]{0,64}\d)|(?:密码|密碼|口令|密钥)[ \t]{0,4}(?:是|为|為|[:：=])[ \t]{0,4})["'\\*_]{0,4}${NO_VALUE}((?=[^${ENDS_VALUE}]{0,64}[\d!@#$%^&*+/_-])[^${ENDS_VALUE}]{6,512})`,
    'gi',
  ),
  part: 1,
  score: 0.7,
};

const FORMS: readonly SecretForm[] = [PREFIXED, LETTERED, WEBHOOK, BEARER, NAMED];

/** Keys, tokens and passwords: by what they begin with, and by what they are called. */
export const secretRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  for (const { hint, form, part, score } of FORMS) {
    if (!hint.test(text)) continue;
    for (const match of text.matchAll(form)) {
      const [all] = match;
      const found = part ? (match[part] ?? '') : all;
      const end = match.index + all.length;
      // The end of a sentence.
      const clean = found.endsWith('.') ? found.slice(0, -1) : found;
      sight.add(end - found.length, end - found.length + clean.length, 'SECRET', score, RANK.secret);
    }
  }
};

const BEGIN = '-----BEGIN ';
const HEAD = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const BODY = /[^-"]{0,20000}/y;
const FOOT = /-----END [A-Z ]{0,48}-----/y;

/** A private key, or the part of it that is there. */
export const privateKeyRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
    let end = endOf(HEAD, text, at);
    if (end === at) continue;
    end = endOf(BODY, text, end);
    end = endOf(FOOT, text, end);
    sight.add(at, end, 'PRIVATE_KEY', 1, RANK.secret);
    at = end - 1;
  }
};

function endOf(part: RegExp, text: string, at: number): number {
  part.lastIndex = at;
  return part.test(text) ? part.lastIndex : at;
}
