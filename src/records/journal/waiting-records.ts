import type { CallRecord, CallTexts } from './record.ts';

/** A record that nobody has encoded yet. */
interface WaitingRecord {
  readonly record: CallRecord;
  readonly texts: CallTexts;
}

/** Most that wait: encoded one after the other they cost half of what they cost one at a time, and more gain nothing. */
const MOST_RECORDS = 64;
/** Most bytes of their texts, but for a single record that has more. */
const MOST_BYTES = 256 * 1024;

/** Records between their end and their way to the disk. */
export class WaitingRecords {
  #records: WaitingRecord[] = [];
  #bytes = 0;

  add(record: CallRecord, texts: CallTexts): void {
    this.#records.push({ record, texts });
    this.#bytes += (texts.input?.length ?? 0) + (texts.output?.length ?? 0);
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  get isFull(): boolean {
    return this.#records.length >= MOST_RECORDS || this.#bytes >= MOST_BYTES;
  }

  /** All of them, in their order. */
  take(): readonly WaitingRecord[] {
    const records = this.#records;
    this.#records = [];
    this.#bytes = 0;
    return records;
  }
}
