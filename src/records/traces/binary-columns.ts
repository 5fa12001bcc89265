/**
 * Arrays as PostgreSQL's binary protocol has them. As text each element would be quoted here and parsed there, which
 * costs both sides more than all else that is done with it.
 */

/** Types of elements by their names, with the number that the server has for each of them. */
const TYPE_NUMBERS = {
  boolean: 16,
  bigint: 20,
  integer: 23,
  text: 25,
  json: 114,
  'double precision': 701,
  'timestamp with time zone': 1184,
  jsonb: 3802,
} as const;

export type ElementType = keyof typeof TYPE_NUMBERS;
type Value = string | number | boolean | null;

/** A value has no form in the type of its column. It would have none the next time either. */
export class UnwritableError extends TypeError {
  override readonly name = 'UnwritableError';
}

/** Dimensions, whether there are nulls, type of the elements, how many there are, the number of the first. */
const HEAD_BYTES = 20;
const NULL = -1;
/** Of one UTF-16 unit in UTF-8. */
const MOST_BYTES = 3;
const TWO_TO_32 = 2 ** 32;
/** Times count from the beginning of 2000, in microseconds. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const FIRST_BYTES = 64 * 1024;

export function isElementType(type: string): type is ElementType {
  return Object.hasOwn(TYPE_NUMBERS, type);
}

/** Writes arrays, one after the other, into memory that grows. */
export class BinaryColumns {
  #bytes: Buffer;
  #end = 0;
  /** Where each of them ends. */
  readonly #ends: number[] = [];

  /** @param bytes as many as will be needed, where that is known */
  constructor(bytes = FIRST_BYTES) {
    this.#bytes = Buffer.allocUnsafeSlow(bytes);
  }

  get size(): number {
    return this.#end;
  }

  /** Each array, in the order in which they were added. */
  take(): Buffer[] {
    return this.#ends.map((end, at) => this.#bytes.subarray(at === 0 ? 0 : this.#ends[at - 1], end));
  }

  /**
   * One value of each row: bigint and integer as whole numbers, times in RFC 3339.
   * @throws UnwritableError where a value is not of the type
   */
  add<Row>(type: ElementType, rows: readonly Row[], valueOf: (row: Row) => Value | undefined): void {
    this.#head(type, rows.length);
    for (const row of rows) {
      const value = valueOf(row) ?? null;
      if (value === null) this.#null();
      else if (type === 'text' || type === 'json') this.#text(textOf(value), 0);
      // Its form has a version before the text.
      else if (type === 'jsonb') this.#text(textOf(value), 1);
      else if (type === 'timestamp with time zone') this.#time(textOf(value));
      else if (type === 'boolean') this.#boolean(value === true);
      else this.#number(type, Number(value));
    }
    this.#ends.push(this.#end);
  }

  /** All numbers of some lists as one list. */
  addFlat(lists: readonly (Int32Array | null)[]): void {
    const count = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
    this.#head('integer', count);
    this.#room(8 * count);
    const bytes = this.#bytes;
    let at = this.#end;
    for (const list of lists) {
      if (!list) continue;
      for (const number of list) {
        writeInt32(bytes, 4, at);
        writeInt32(bytes, number, at + 4);
        at += 8;
      }
    }
    this.#end = at;
    this.#ends.push(at);
  }

  #head(type: ElementType, count: number): void {
    this.#room(HEAD_BYTES);
    const at = this.#end;
    writeInt32(this.#bytes, count === 0 ? 0 : 1, at);
    writeInt32(this.#bytes, 1, at + 4);
    writeInt32(this.#bytes, TYPE_NUMBERS[type], at + 8);
    this.#end = at + 12;
    // An array without elements has no dimensions.
    if (count === 0) return;
    writeInt32(this.#bytes, count, at + 12);
    writeInt32(this.#bytes, 1, at + 16);
    this.#end = at + HEAD_BYTES;
  }

  #null(): void {
    this.#room(4);
    writeInt32(this.#bytes, NULL, this.#end);
    this.#end += 4;
  }

  #text(value: string, version: number): void {
    this.#room(5 + MOST_BYTES * value.length);
    let at = this.#end + 4;
    if (version > 0) this.#bytes[at++] = version;
    at += this.#bytes.write(value, at, 'utf8');
    writeInt32(this.#bytes, at - this.#end - 4, this.#end);
    this.#end = at;
  }

  #time(value: string): void {
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw new UnwritableError('a time is not in the form of RFC 3339');
    this.#room(12);
    writeInt32(this.#bytes, 8, this.#end);
    this.#bytes.writeBigInt64BE(BigInt(ms - EPOCH_MS) * 1000n, this.#end + 4);
    this.#end += 12;
  }

  #number(type: ElementType, value: number): void {
    this.#room(12);
    const at = this.#end;
    if (type === 'double precision') {
      writeInt32(this.#bytes, 8, at);
      this.#bytes.writeDoubleBE(value, at + 4);
      this.#end = at + 12;
    } else if (type === 'bigint' && Number.isSafeInteger(value)) {
      writeInt32(this.#bytes, 8, at);
      writeInt32(this.#bytes, Math.floor(value / TWO_TO_32), at + 4);
      writeInt32(this.#bytes, value, at + 8);
      this.#end = at + 12;
    } else if (type === 'integer' && (value | 0) === value) {
      writeInt32(this.#bytes, 4, at);
      writeInt32(this.#bytes, value, at + 4);
      this.#end = at + 8;
    } else throw new UnwritableError(`a number is no ${type}`);
  }

  #boolean(value: boolean): void {
    this.#room(5);
    writeInt32(this.#bytes, 1, this.#end);
    this.#bytes[this.#end + 4] = value ? 1 : 0;
    this.#end += 5;
  }

  #room(bytes: number): void {
    const wanted = this.#end + bytes;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, wanted));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

function textOf(value: string | number | boolean): string {
  return typeof value === 'string' ? value : String(value);
}

/** The lowest 32 bits. Buffer's own looks at its arguments each time. */
function writeInt32(bytes: Buffer, value: number, at: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
