/** What is waiting, what was lost, and what is wrong. Counts are since the start. */
export interface RecordStats {
  /** Records that are not in the database yet; those that earlier processes left are counted soon after the start. */
  readonly queuedRecords: number;
  readonly queuedBytes: number;
  /** Records that were kept without their texts since there was too little room. */
  readonly droppedTexts: number;
  readonly droppedRecords: number;
  readonly written: number;
  readonly oldestAgeMs: number;
  /** Why nothing, or not everything, is being written. */
  readonly lastError?: string;
  /** How full the journal is, 0 to 1: of what may wait for the database, or of what may wait for the disk. */
  readonly fill: number;
  /** Size of the journal's files; a file is deleted when all of it is in the database. */
  readonly journalBytes: number;
  readonly segments: number;
  /** Records that are in memory only. */
  readonly unsyncedRecords: number;
  /** Bytes of the journal that could not be read as records. */
  readonly damagedBytes: number;
  /** Writes that the disk refused; they were tried again. */
  readonly writeErrors: number;
  /** Batches that the database did not take at the first attempt. */
  readonly retriedBatches: number;
  /** How often the thread that fills the database ended by itself. */
  readonly drainRestarts: number;
}
