import { redactSecrets } from '../../core/redaction.ts';
import { type TraceRow, toPlainRow, toTraceRow } from '../traces/trace-row.ts';
import type { Chunk } from './entry-buffer.ts';
import { readEntries } from './entry-codec.ts';
import type { FromWriter } from './writer-messages.ts';

export interface DrainPorts {
  /** Inserts all rows or none; a row that is there already is no error. */
  insert(rows: readonly TraceRow[]): Promise<void>;
  /** Whether the database would refuse the same rows again, so that trying again is useless. */
  isRefusal(error: unknown): boolean;
  report(message: FromWriter): void;
  pause(ms: number): Promise<void>;
  /** The chunks are written and their memory is free. */
  spent(chunks: readonly Chunk[]): void;
}

/** Most rows of one INSERT; more gains nothing. */
const MAX_ROWS = 500;
/** Most bytes of one INSERT, but for a single chunk that is larger. */
const MAX_BYTES = 4 * 1024 * 1024;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;

/** Writes chunks in the order in which they came, for as long as it takes, on the writer thread. */
export class ChunkDrain {
  readonly #ports: DrainPorts;
  readonly #waiting: Chunk[] = [];
  #running: Promise<void> | undefined;

  constructor(ports: DrainPorts) {
    this.#ports = ports;
  }

  push(chunk: Chunk): void {
    this.#waiting.push(chunk);
    this.#running ??= this.#run();
  }

  /** Resolves when all that was pushed is written. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#write(this.#nextBatch());
    this.#running = undefined;
  }

  /** Small chunks go together, so that a database that fell behind catches up with large statements. */
  #nextBatch(): Chunk[] {
    let rows = 0;
    let bytes = 0;
    const beyond = this.#waiting.findIndex((chunk, at) => {
      rows += chunk.records;
      bytes += chunk.bytes.length;
      return at > 0 && (rows > MAX_ROWS || bytes > MAX_BYTES);
    });
    return this.#waiting.splice(0, beyond < 0 ? this.#waiting.length : beyond);
  }

  async #write(chunks: readonly Chunk[]): Promise<void> {
    const rows = chunks.flatMap(({ bytes }) => readEntries(bytes).map(toTraceRow));
    const refusals = new Refusals();
    for (let at = 0; at < rows.length; at += MAX_ROWS) await this.#insert(rows.slice(at, at + MAX_ROWS), refusals);
    const refused = refusals.count;
    this.#ports.report({
      kind: 'done',
      chunks: chunks.length,
      written: rows.length - refused,
      refused,
      ...(refusals.reason === undefined ? {} : { reason: refusals.reason }),
    });
    this.#ports.spent(chunks);
  }

  /** Halves a batch that is refused until the row at fault is alone; that one is written without what may be at fault. */
  async #insert(rows: readonly TraceRow[], refusals: Refusals): Promise<void> {
    const refusal = await this.#insertUnlessRefused(rows);
    if (refusal === undefined) return;
    const [row] = rows;
    if (rows.length === 1 && row) {
      const again = await this.#insertUnlessRefused([toPlainRow(row)]);
      if (again !== undefined) refusals.note(again);
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await this.#insert(rows.slice(0, half), refusals);
    await this.#insert(rows.slice(half), refusals);
  }

  /** Tries until the rows are in or are refused. @returns why they are refused */
  async #insertUnlessRefused(rows: readonly TraceRow[]): Promise<string | undefined> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.#ports.insert(rows);
        return undefined;
      } catch (error) {
        if (this.#ports.isRefusal(error)) return reasonOf(error);
        this.#ports.report({ kind: 'trouble', reason: reasonOf(error) });
        await this.#ports.pause(pause);
      }
    }
  }
}

class Refusals {
  count = 0;
  reason: string | undefined;

  note(reason: string): void {
    this.count += 1;
    this.reason = reason;
  }
}

/** Messages of the driver may hold the address with its password. */
function reasonOf(error: unknown): string {
  return redactSecrets(error instanceof Error ? error.message : String(error));
}
