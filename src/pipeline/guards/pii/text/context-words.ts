import { KeyTable } from '../../../../core/texts/key-table.ts';
import { isLatin } from '../../../../core/texts/script.ts';
import { unitsOf } from '../../../../core/texts/units.ts';

/** What words near a number say that it is. A word may stand under several. */
const WORDS = {
  phone:
    'phone|phones|tel|telephone|telefon|telefono|telefone|teléfono|tél|mobile|mobil|móvil|cell|cellphone|fax|sms|whatsapp|dial|landline|answering|registered|messages to|reach me|reach us|handy|手机|手機|电话|電話|联系方式|聯繫方式|联系|致电|拨打|来电|座机|传真|热线|通话|回电|打给|短信',
  /** Words that say so in part. */
  dial: 'call|calling|text|contact|desk|office',
  id: 'id card|identity|id no|id number|identification|national id|身份证|身份證|身分證|证件|證件|公民身份',
  passport: 'passport|passports|passeport|pasaporte|reisepass|passaporto|护照|護照|通行证|通行證|回乡证|台胞证|旅券',
  card: 'card|cards|visa|mastercard|maestro|amex|american express|diners|jcb|credit|debit|cc|unionpay|银行卡|信用卡|借记卡|储蓄卡|卡号|卡片|刷卡|绑卡|银联|账号|賬號|账户',
  order:
    'order|orders|tracking|shipment|invoice|ticket|serial|sku|reference|ref|transaction id|waybill|batch|timestamp|epoch|isbn|barcode|rev|revision|part number|part no|订单|单号|运单|快递|物流|流水|编号|序列号|发票|工单|票号|批次|条码|交易号|时间戳|合同|案号|型号|货号|包裹',
  ssn: 'ssn|social security|social-security',
  licence:
    "driver license|drivers license|driver's license|driver’s license|driver licence|driver's licence|driver’s licence|driving licence|driving license|driver's lic|license number|licence number|driving permit|驾照|驾驶证|驾驶证号",
  aadhaar: 'aadhaar|aadhar|uidai|आधार',
  pan: 'pan|permanent account',
  nino: 'national insurance|nino|ni number',
  cpf: 'cpf|cadastro',
  dni: 'dni|nif|nie|documento nacional',
  nir: 'sécurité sociale|securite sociale|numéro de sécu|nir|insee',
  cf: 'codice fiscale',
  steuer: 'steuer-id|steuerid|steueridentifikationsnummer|steuernummer|idnr|tax id',
  rrn: 'rrn|resident registration|주민등록|주민번호',
  mynumber: 'my number|マイナンバー|個人番号',
  nric: 'nric|fin',
  sin: 'sin|social insurance|nas',
  tfn: 'tfn|tax file',
  hkid: 'hkid|hong kong id|hong kong identity|香港身份证|香港身份證|香港身分證',
  twid: 'taiwan id|台湾身份证|國民身分證|臺灣身分證|台灣身分證',
  release: 'version|release|build|firmware|oid|section|§|版本',
} as const;
export type ContextKind = keyof typeof WORDS;

const KINDS_OF = new Map<string, Set<ContextKind>>();
for (const kind of Object.keys(WORDS) as ContextKind[]) {
  for (const word of WORDS[kind].split('|')) {
    const kinds = KINDS_OF.get(word) ?? new Set();
    kinds.add(kind);
    KINDS_OF.set(word, kinds);
  }
}

/** How far before a number a word counts, and how far after it. */
const BEFORE = 48;
const AFTER = 16;

/** `number:`, `no. #`, `编号为`. */
const LINK = /^(?:[\s:：#=|"'_.()（）【】[\]-]|号码?|編?號碼?|编|码|为|是|no|num|number|nr|id|code|is|was){0,8}$/i;
const SAID = /^ (?:is|was) (?:(?:the|a|an|our|your|my) )?$/i;
const LONGEST_LINK = 16;
const BREAK = /[\d。；;！!？?]/;
const BREAK_AFTER = /[\d\n，,。；;！!？?]/;

const LETTER = String.raw`[A-Za-z\u00C0-\u024F]`;
const IS_LATIN = /^[a-z\u00C0-\u024F]/;

/** Words of Latin letters stand by themselves; those of other scripts need no spaces. */
const ANY_WORD = (() => {
  const words = [...KINDS_OF.keys()].toSorted((one, other) => other.length - one.length);
  const latin = words.filter((word) => IS_LATIN.test(word)).join('|');
  const others = words.filter((word) => !IS_LATIN.test(word)).join('|');
  return new RegExp(String.raw`(?<!${LETTER})(?:${latin})(?!${LETTER})|${others}`, 'iy');
})();

const KEY_LETTERS = 4;
const ASCII = 128;
/** What words begin with: keys of their first letters, and units of other scripts. */
const KEYS = new KeyTable<true>(
  [...KINDS_OF.keys()].filter(isLatinWord).map((word) => [keyOf(unitsOf(word), 0, word.length), true]),
);
const FIRST = new Uint8Array(65_536);
const [LATIN, OTHER] = [1, 2];
for (let unit = 0; unit < FIRST.length; unit += 1) if (isLatin(unit)) FIRST[unit] = LATIN;
for (const word of KINDS_OF.keys()) if (!isLatinWord(word)) FIRST[word.charCodeAt(0)] = OTHER;

/** Of the first two letters of words, so that most words of a text are passed by at a glance. */
const [LETTERS, LETTER_A] = [26, 0x61];
const PAIRS = new Uint8Array((LETTERS + 1) * (LETTERS + 1));
for (const word of KINDS_OF.keys()) {
  if (isLatinWord(word)) PAIRS[pairOf(word.charCodeAt(0), word.charCodeAt(1))] = 1;
}

/** Anything but a letter of ASCII counts as one. */
function pairOf(first: number, second: number): number {
  return letterOf(first) * (LETTERS + 1) + letterOf(second);
}

function letterOf(unit: number): number {
  const letter = (unit | 0x20) - LETTER_A;
  return letter >= 0 && letter < LETTERS ? letter : LETTERS;
}

function isLatinWord(word: string): boolean {
  return IS_LATIN.test(word);
}

/** The first letters, as far as they have no accents, and small. Above 0. */
function keyOf(units: Uint16Array, at: number, length: number): number {
  let key = 1;
  const end = Math.min(at + KEY_LETTERS, length);
  for (let next = at; next < end; next += 1) {
    const letter = (units[next] ?? 0) | 0x20;
    if (!(letter >= 0x61 && letter <= 0x7a)) break;
    key = (key * ASCII + letter) & 0x7fffffff;
  }
  return key;
}

/** The words of one text that say what numbers are. They are looked for when the first number asks. */
export class ContextWords {
  readonly #text: string;
  #starts: number[] | undefined;
  readonly #ends: number[] = [];
  readonly #kinds: ReadonlySet<ContextKind>[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether a word of the kind stands near. */
  near(kind: ContextKind, start: number, end: number): boolean {
    const starts = this.#found();
    for (let index = this.#lastBefore(start); index >= 0 && (this.#ends[index] ?? 0) >= start - BEFORE; index -= 1) {
      if (this.#kinds[index]?.has(kind)) return true;
    }
    for (
      let index = this.#lastBefore(end) + 1;
      index < starts.length && (starts[index] ?? 0) <= end + AFTER;
      index += 1
    ) {
      if (this.#kinds[index]?.has(kind)) return true;
    }
    return false;
  }

  /** Whether the last word before it is of that kind. */
  isCalled(kind: ContextKind, start: number): boolean {
    this.#found();
    const last = this.#lastBefore(start);
    return last >= 0 && (this.#ends[last] ?? 0) >= start - BEFORE && this.#kinds[last]?.has(kind) === true;
  }

  /** Whether a word of the kind leads to it, or follows it at once: no other number and no end of a sentence stands between. */
  leadsTo(kind: ContextKind, start: number, end: number): boolean {
    const starts = this.#found();
    for (let index = this.#lastBefore(start); index >= 0; index -= 1) {
      const wordEnd = this.#ends[index] ?? 0;
      if (wordEnd < start - BEFORE || BREAK.test(this.#text.slice(wordEnd, start))) break;
      if (this.#kinds[index]?.has(kind)) return true;
    }
    const next = this.#lastBefore(end) + 1;
    const nextStart = starts[next] ?? Number.POSITIVE_INFINITY;
    if (nextStart > end + AFTER || !this.#kinds[next]?.has(kind)) return false;
    return !BREAK_AFTER.test(this.#text.slice(end, nextStart));
  }

  /** Whether a word of the kind names it: between the two is nothing but what links a name and its number. */
  isNamed(kind: ContextKind, start: number, link = LINK): boolean {
    this.#found();
    const last = this.#lastBefore(start);
    const wordEnd = this.#ends[last] ?? 0;
    if (last < 0 || wordEnd < start - LONGEST_LINK || !this.#kinds[last]?.has(kind)) return false;
    return link.test(this.#text.slice(wordEnd, start));
  }

  /** Whether what stands behind it says that it is one: `… is the part number`. */
  isSaidToBe(kind: ContextKind, end: number): boolean {
    const starts = this.#found();
    const next = this.#lastBefore(end) + 1;
    return this.#kinds[next]?.has(kind) === true && SAID.test(this.#text.slice(end, starts[next]));
  }

  /** The last word that begins before it; -1 where there is none. */
  #lastBefore(at: number): number {
    const starts = this.#found();
    let low = -1;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) < at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #found(): readonly number[] {
    if (this.#starts) return this.#starts;
    const starts: number[] = [];
    this.#starts = starts;
    const units = unitsOf(this.#text);
    const { length } = this.#text;
    let isInWord = false;
    for (let at = 0; at < length; at += 1) {
      const kind = FIRST[units[at] ?? 0] ?? 0;
      if (kind === LATIN) {
        if (isInWord) continue;
        isInWord = true;
        if (PAIRS[pairOf(units[at] ?? 0, at + 1 < length ? (units[at + 1] ?? 0) : 0)] === 0) continue;
        if (KEYS.get(keyOf(units, at, length)) === undefined) continue;
      } else {
        isInWord = false;
        if (kind !== OTHER) continue;
      }
      const end = this.#wordAt(at);
      if (end === at) continue;
      // A word of Latin letters ends where no other goes on.
      isInWord = false;
      at = end - 1;
    }
    return starts;
  }

  /** Takes down the word that begins there. @returns where it ends; where it begins if there is none */
  #wordAt(at: number): number {
    ANY_WORD.lastIndex = at;
    const word = ANY_WORD.exec(this.#text)?.[0];
    const kinds = word === undefined ? undefined : KINDS_OF.get(word.toLowerCase());
    if (word === undefined) return at;
    if (kinds) {
      this.#starts?.push(at);
      this.#ends.push(at + word.length);
      this.#kinds.push(kinds);
    }
    return at + word.length;
  }
}
