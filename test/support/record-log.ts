import type { CallRecord, CallTexts, RecordSink } from '../../src/records/journal/record.ts';

/** Keeps what is recorded, and counts what is in flight. */
export class RecordLog implements RecordSink {
  readonly records: CallRecord[] = [];
  readonly texts: CallTexts[] = [];
  readonly observed: CallRecord[] = [];
  open = 0;

  append(record: CallRecord, texts: CallTexts): void {
    this.records.push(record);
    this.texts.push(texts);
  }

  readonly observe = (record: CallRecord): void => {
    this.observed.push(record);
  };

  readonly inFlight = (change: 1 | -1): void => {
    this.open += change;
  };
}
