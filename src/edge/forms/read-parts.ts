import { Dicer } from '@fastify/busboy';

import { GatewayError } from '../../core/errors.ts';
import { malformed } from './form-errors.ts';
import { type PartHead, type RawHead, isFile, readHead } from './part-head.ts';

/** A form as it comes: each part's head, then its bytes in any number of pieces. */
export type FormEvent =
  | { readonly kind: 'part'; readonly head: PartHead }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** Gives the next bytes of a body; undefined at its end. */
export type NextChunk = () => Promise<Buffer | undefined>;

const MAX_PARTS = 100;
const MAX_TEXT_BYTES = 1024 ** 2;

/** The part of a form that is being read, as the parser gives it. */
interface OpenPart {
  readonly stream: Dicer.PartStream;
  raw: RawHead | undefined;
  head: PartHead | undefined;
}

/**
 * Reads a form no faster than its events are taken: nothing is asked of the body before all that came is out.
 * @throws request_invalid where it is malformed or has too many or too long texts, and what `next` throws
 */
export async function* readParts(next: NextChunk, boundary: string): AsyncGenerator<FormEvent, undefined> {
  const parser = new PartParser(boundary);
  for (;;) {
    const chunk = await next();
    const done = chunk ? parser.write(chunk) : parser.end();
    // What is taken makes room for what the parser still holds back.
    yield* parser.take();
    await done;
    yield* parser.take();
    if (!chunk) return undefined;
  }
}

/** Drives the parser by hand, so that a part is neither read ahead of its turn nor dropped without a word. */
class PartParser {
  readonly #dicer: Dicer;
  readonly #open: OpenPart[] = [];
  /** At the closing boundary; what follows it means nothing. */
  readonly #closed = Promise.withResolvers<void>();
  #isClosed = false;
  #parts = 0;
  #textBytes = 0;

  constructor(boundary: string) {
    // The chunk that breaks the form says so where it is awaited.
    this.#closed.promise.catch(() => {});
    this.#dicer = new Dicer({ boundary });
    this.#dicer.on('part', (stream) => this.#begin(stream));
    this.#dicer.on('error', () => this.#closed.reject(malformed('it ends before its closing boundary')));
    this.#dicer.on('finish', () => {
      this.#isClosed = true;
      this.#closed.resolve();
    });
  }

  /** Resolves when the parser has read all of it. */
  write(chunk: Buffer): Promise<void> {
    if (this.#isClosed) return this.#closed.promise;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#dicer.write(chunk, () => resolve());
    return Promise.race([promise, this.#closed.promise]);
  }

  end(): Promise<void> {
    if (!this.#isClosed) this.#dicer.end();
    return this.#closed.promise;
  }

  /** What was read and not yet taken. */
  *take(): Generator<FormEvent, undefined> {
    for (;;) {
      const part = this.#open[0];
      if (!part) return undefined;
      const isLast = this.#open.length === 1;
      if (!part.head) {
        if (!part.raw && isLast && !this.#isClosed) return undefined;
        part.head = this.#headOf(part);
        yield { kind: 'part', head: part.head };
      }
      yield* this.#bytesOf(part.stream, !isFile(part.head));
      if (isLast) return undefined;
      this.#open.shift();
    }
  }

  #begin(stream: Dicer.PartStream): void {
    const part: OpenPart = { stream, raw: undefined, head: undefined };
    stream.on('header', (raw) => {
      part.raw = raw as RawHead;
    });
    // It is told of the form as a whole as well.
    stream.on('error', () => {});
    this.#open.push(part);
  }

  #headOf({ raw }: OpenPart): PartHead {
    if (!raw) throw malformed('a part ends within its head');
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw malformed(`it has more than ${MAX_PARTS} parts`);
    return readHead(raw);
  }

  *#bytesOf(stream: Dicer.PartStream, isText: boolean): Generator<FormEvent> {
    for (let bytes = readNow(stream); bytes; bytes = readNow(stream)) {
      if (isText) this.#textBytes += bytes.length;
      if (this.#textBytes > MAX_TEXT_BYTES) throw textsTooLarge();
      yield { kind: 'bytes', bytes };
    }
  }
}

function textsTooLarge(): GatewayError {
  return new GatewayError('request_too_large', {
    message: `The texts of the form are over ${MAX_TEXT_BYTES} bytes together. Send what is long as a file.`,
  });
}

/** What the parser has ready. */
function readNow(stream: Dicer.PartStream): Buffer | undefined {
  return (stream.read() as Buffer | null) ?? undefined;
}
