/** One HTTP answer, as much of it as the load checks. */
export interface HttpAnswer {
  readonly status: number;
  readonly bodyBytes: number;
  /** The last bytes of the body; valid until the next read. */
  readonly tail: Buffer;
}

/** How many bytes of a body's end are kept: with an error of ours, its code is the last that it says. */
export const TAIL_BYTES = 40;

const CR = 0x0d;
const HEAD_END = Buffer.from('\r\n\r\n');

type State = 'head' | 'sized' | 'chunk-size' | 'chunk' | 'chunk-end' | 'last-chunk-end';

/**
 * Reads HTTP/1.1 answers from a keep-alive connection for little CPU, so that the load does not take it from what it
 * measures: it knows `content-length` and chunks without trailers, all that the parties send.
 */
export class AnswerReader {
  readonly #onAnswer: (answer: HttpAnswer) => void;
  readonly #tail = Buffer.alloc(TAIL_BYTES);
  #state: State = 'head';
  /** The start of a head or chunk size whose rest has not come yet. */
  #unfinished: Buffer | undefined;
  #status = 0;
  #bodyBytes = 0;
  /** Bytes to come of the body or chunk. */
  #left = 0;

  constructor(onAnswer: (answer: HttpAnswer) => void) {
    this.#onAnswer = onAnswer;
  }

  /** Takes the next bytes; what it has to keep of them it copies. */
  read(fresh: Buffer): void {
    const bytes = this.#unfinished ? Buffer.concat([this.#unfinished, fresh]) : fresh;
    this.#unfinished = undefined;
    let at = 0;
    while (at < bytes.length) {
      const next = this.#step(bytes, at);
      if (next === undefined) {
        this.#unfinished = Buffer.from(bytes.subarray(at));
        return;
      }
      at = next;
    }
  }

  /** Where the next step begins; undefined where it takes more bytes than there are. */
  #step(bytes: Buffer, at: number): number | undefined {
    switch (this.#state) {
      case 'head':
        return this.#readHead(bytes, at);
      case 'chunk-size':
        return this.#readChunkSize(bytes, at);
      case 'sized':
      case 'chunk':
        return this.#readBody(bytes, at);
      default:
        return this.#skipLineEnd(bytes, at, this.#state === 'chunk-end' ? 'chunk-size' : 'head');
    }
  }

  #readHead(bytes: Buffer, at: number): number | undefined {
    const end = bytes.indexOf(HEAD_END, at);
    if (end < 0) return undefined;
    const head = bytes.toString('latin1', at, end);
    this.#status = Number(head.slice(9, 12));
    this.#bodyBytes = 0;
    this.#left = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) this.#state = 'chunk-size';
    else if (this.#left > 0) this.#state = 'sized';
    else this.#finish();
    return end + HEAD_END.length;
  }

  #readChunkSize(bytes: Buffer, at: number): number | undefined {
    let end = at;
    while (end < bytes.length && bytes[end] !== CR) end += 1;
    if (end + 1 >= bytes.length) return undefined;
    this.#left = Number.parseInt(bytes.toString('latin1', at, end), 16);
    this.#state = this.#left === 0 ? 'last-chunk-end' : 'chunk';
    return end + 2;
  }

  #readBody(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#left -= end - at;
    this.#bodyBytes += end - at;
    this.#keepTail(bytes, at, end);
    if (this.#left === 0) {
      if (this.#state === 'sized') this.#finish();
      else this.#state = 'chunk-end';
    }
    return end;
  }

  #keepTail(bytes: Buffer, at: number, end: number): void {
    const size = Math.min(end - at, TAIL_BYTES);
    this.#tail.copyWithin(0, size);
    bytes.copy(this.#tail, TAIL_BYTES - size, end - size, end);
  }

  #skipLineEnd(bytes: Buffer, at: number, next: State): number | undefined {
    if (at + 1 >= bytes.length) return undefined;
    this.#state = next;
    if (next === 'head') this.#finish();
    return at + 2;
  }

  #finish(): void {
    this.#state = 'head';
    this.#onAnswer({ status: this.#status, bodyBytes: this.#bodyBytes, tail: this.#tail });
  }
}
