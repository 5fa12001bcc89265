/** What is made of the pieces of a JSON text; what comes back the same leaves its bytes as they are. */
export interface JsonVisitor {
  /** The content of a string or of a member's name, its escapes resolved. */
  text(content: string): string;
  /** Digits that are a whole number. A text that comes back stands in its place as a string. */
  digits(digits: string, name: string): string;
  /** Whether nothing of the value under this name may stay. */
  isSecretName(name: string): boolean;
  readonly secret: string;
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
/** The beginning of a number or word, where a text was cut. */
const BEGUN = String.raw`(?:-|-?\d+(?:\.|(?:\.\d+)?[eE][+-]?)|t(?:r|ru)?|f(?:a|al|als)?|n(?:u|ul)?)$`;
/** What may stand between two strings. */
const BETWEEN = new RegExp(
  String.raw`^\s*(?:(?:[{}[\],:]|(?<=(?:^|[:,[])\s*)(?:(?:${NUMBER}|true|false|null)(?=\s*(?:[,\]}]|$))|${BEGUN}))\s*)*$`,
);
/** Digits of the shortest number that is looked at. */
const SHORTEST_NUMBER = 9;
const LONG_NUMBER = /(?<![\d.eE+-])\d{9,19}(?![\d.eE+-])/g;
const SECRET_NUMBER = /^(\s*:\s*)-?\d[\d.eE+-]*/;
const SECRET_LIST = /^\s*:\s*\[\s*$/;
/** Members that say what the `value` beside them is, as in `{"name": "password", "value": "…"}`. */
const NAMING = /^(?:name|key|header|field)$/i;

/** Whether a text can be JSON, or the beginning of one. */
export function looksLikeJson(text: string): boolean {
  const first = /\S/.exec(text.slice(0, 64))?.[0];
  return first === '{' || first === '[' || first === '"';
}

/**
 * Walks the strings and numbers of a JSON text, or of the beginning of one that was cut, and writes anew only those
 * that change: order, spaces, doubled names and large numbers stay. Costs linear time, and no stack where it is nested.
 * @returns undefined where it is not JSON
 */
export function rewriteJson(text: string, visitor: JsonVisitor): string | undefined {
  return new Rewriting(text, visitor).run();
}

class Rewriting {
  readonly #text: string;
  readonly #visitor: JsonVisitor;
  #written = '';
  /** Up to here the text is written. */
  #keptTo = 0;
  /** The name of the member whose value comes. */
  #name = '';
  #isSecret = false;
  #isInSecretList = false;
  /** The member before said that the `value` of this object is a secret. */
  #isSecretNamed = false;

  constructor(text: string, visitor: JsonVisitor) {
    this.#text = text;
    this.#visitor = visitor;
  }

  run(): string | undefined {
    const text = this.#text;
    let at = 0;
    for (;;) {
      const open = text.indexOf('"', at);
      if (!this.#between(at, open < 0 ? text.length : open)) return undefined;
      if (open < 0) break;
      const close = closingQuote(text, open + 1);
      this.#string(open, close < 0 ? text.length : close, close >= 0);
      if (close < 0) break;
      at = close + 1;
    }
    return this.#keptTo === 0 ? text : this.#written + text.slice(this.#keptTo);
  }

  /** What stands between two strings. @returns whether JSON can have it there */
  #between(from: number, to: number): boolean {
    const sign = this.#text.charCodeAt(from);
    if (to - from === 1 && (sign === COLON || sign === COMMA)) return true;
    const piece = this.#text.slice(from, to);
    if (!BETWEEN.test(piece)) return false;
    if (this.#isSecret) {
      const number = SECRET_NUMBER.exec(piece);
      if (number) this.#replace(from + (number[1] ?? '').length, from + number[0].length, this.#visitor.secret);
      this.#isInSecretList = SECRET_LIST.test(piece);
      this.#isSecret = /^\s*:\s*$/.test(piece);
    } else if (piece.includes(']')) this.#isInSecretList = false;
    if (piece.includes('}')) this.#isSecretNamed = false;
    if (piece.length < SHORTEST_NUMBER) return true;
    for (const { 0: digits, index } of piece.matchAll(LONG_NUMBER)) {
      const clean = this.#visitor.digits(digits, this.#name);
      if (clean !== digits && from + index >= this.#keptTo) {
        this.#replace(from + index, from + index + digits.length, clean);
      }
    }
    return true;
  }

  #string(open: number, close: number, isClosed: boolean): void {
    const raw = this.#text.slice(open + 1, close);
    const content = raw.includes('\\') ? unescaped(raw, isClosed) : raw;
    const isName = isClosed && this.#isFollowedByColon(close + 1);
    const clean =
      !isName && (this.#isSecret || this.#isInSecretList) ? this.#visitor.secret : this.#visitor.text(content);
    if (clean !== content) this.#replace(open, close + (isClosed ? 1 : 0), clean, isClosed);
    if (isName) this.#enterMember(content);
    else this.#leaveValue(content);
  }

  #enterMember(name: string): void {
    this.#isSecret = this.#visitor.isSecretName(name) || (this.#isSecretNamed && name.toLowerCase() === 'value');
    this.#isInSecretList = false;
    this.#name = name;
  }

  #leaveValue(content: string): void {
    this.#isSecret = false;
    if (NAMING.test(this.#name)) this.#isSecretNamed = this.#visitor.isSecretName(content);
  }

  #isFollowedByColon(at: number): boolean {
    const next = this.#text.charCodeAt(at);
    if (next === COLON) return true;
    if (next !== SPACE && next !== NEW_LINE && next !== RETURN && next !== TAB) return false;
    return /^\s*:/.test(this.#text.slice(at, at + 64));
  }

  #replace(from: number, to: number, content: string, isClosed = true): void {
    const written = JSON.stringify(content);
    this.#written += this.#text.slice(this.#keptTo, from) + (isClosed ? written : written.slice(0, -1));
    this.#keptTo = to;
  }
}

const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;
const NEW_LINE = 0x0a;
const RETURN = 0x0d;
const TAB = 0x09;
const BACKSLASH = 0x5c;

/** Of the string that begins before `from`; -1 where it does not end. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && isEscaped(text, at, from)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number, from: number): boolean {
  let start = at;
  while (start > from && text.charCodeAt(start - 1) === BACKSLASH) start -= 1;
  return (at - start) % 2 === 1;
}

/** A string as it reads. An escape that is cut, or is none, stays as it stands. */
function unescaped(raw: string, isClosed: boolean): string {
  const whole = isClosed ? raw : raw.replace(/(?<=(?:^|[^\\])(?:\\\\){0,64})\\(?:u[\dA-Fa-f]{0,3})?$/, '');
  try {
    return JSON.parse(`"${whole}"`) as string;
  } catch {
    return raw.replaceAll(/\\(?:u([\dA-Fa-f]{4})|.)/gs, (escape, code: string | undefined) =>
      code === undefined ? escape : String.fromCharCode(Number.parseInt(code, 16)),
    );
  }
}
