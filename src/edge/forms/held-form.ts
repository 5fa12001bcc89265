import { isUtf8 } from 'node:buffer';

import { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { type PartHead, isFile, textOf } from './part-head.ts';
import { Spool, type SpooledRange } from './spool.ts';

/** Bytes of files that may wait in memory; more wait on disk. */
const MAX_MEMORY_BYTES = 1024 ** 2;

export interface HeldPart {
  readonly head: PartHead;
  readonly pieces: (Buffer | SpooledRange)[];
}

/** The parts of a form that came before it could be sent: in memory, and beyond that on disk. */
export class HeldForm {
  readonly #folder: string;
  readonly #maxMemoryBytes: number;
  readonly #parts: HeldPart[] = [];
  #memoryBytes = 0;
  #spool: Spool | undefined;
  #isClosed = false;

  /** @param folder where what is too much for memory goes */
  constructor(folder: string, maxMemoryBytes = MAX_MEMORY_BYTES) {
    this.#folder = folder;
    this.#maxMemoryBytes = maxMemoryBytes;
  }

  get parts(): readonly HeldPart[] {
    return this.#parts;
  }

  begin(head: PartHead): void {
    this.#parts.push({ head, pieces: [] });
  }

  /** Whether the part that is being read may grow by so many bytes without the disk. */
  hasRoom(bytes: number): boolean {
    const part = this.#parts.at(-1);
    return part !== undefined && (!isFile(part.head) || this.#memoryBytes + bytes <= this.#maxMemoryBytes);
  }

  keep(bytes: Buffer): void {
    this.#memoryBytes += bytes.length;
    this.#parts.at(-1)?.pieces.push(bytes);
  }

  async spill(bytes: Buffer): Promise<void> {
    this.#spool ??= await this.#openSpool();
    const range = await this.#spool.append(bytes);
    const pieces = this.#parts.at(-1)?.pieces;
    const before = pieces?.at(-1);
    // Nothing else is written between two pieces of one part.
    if (before && !Buffer.isBuffer(before)) before.length += range.length;
    else pieces?.push(range);
  }

  /** Whether a text of this name is there. */
  hasText(name: string): boolean {
    return this.#parts.some(({ head }) => head.name === name && !isFile(head));
  }

  async *bytesOf({ pieces }: HeldPart): AsyncGenerator<Buffer, undefined> {
    for (const piece of pieces) {
      if (Buffer.isBuffer(piece)) yield piece;
      else if (this.#spool) yield* this.#spool.read(piece);
    }
    return undefined;
  }

  /**
   * What is known of the form, as a JSON object: texts as they are, files by their names and types. What comes more
   * than once, or is called a list (`name[]`), is one.
   * @throws request_invalid where a text is not UTF-8
   */
  toJson(): Buffer {
    const fields = new Map<string, (string | JsonObject)[]>();
    for (const part of this.#parts) {
      const name = textOf(part.head.name);
      const values = fields.get(name) ?? [];
      values.push(isFile(part.head) ? fileView(part.head) : textValue(part, name));
      fields.set(name, values);
    }
    const members = [...fields].map(([name, values]) => {
      const isList = values.length > 1 || name.endsWith('[]');
      return `${JSON.stringify(name)}:${JSON.stringify(isList ? values : values[0])}`;
    });
    return Buffer.from(`{${members.join(',')}}`);
  }

  async #openSpool(): Promise<Spool> {
    const spool = await Spool.open(this.#folder);
    if (!this.#isClosed) return spool;
    await spool.close();
    throw new GatewayError('client_aborted');
  }

  /** Frees what waits; it can no longer be read. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#spool?.close();
  }
}

function fileView({ filename, contentType }: PartHead): JsonObject {
  return {
    filename: filename === undefined ? null : textOf(filename),
    content_type: contentType === undefined ? null : textOf(contentType),
  };
}

function textValue({ pieces }: HeldPart, name: string): string {
  const bytes = Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)));
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new GatewayError('request_invalid', {
    message: `The field "${name}" is not text in UTF-8. A file needs a file name.`,
    param: name,
  });
}
