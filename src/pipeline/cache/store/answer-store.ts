import type { AnswerLabels, StoredAnswer } from '../answer/stored-answer.ts';

/** Which answers are to be deleted: those that have all of what is named. */
export interface PurgeFilter {
  readonly key?: string | undefined;
  readonly model?: string | undefined;
  readonly tag?: string | undefined;
  readonly project?: string | undefined;
  readonly user?: string | undefined;
  readonly promptVersion?: string | undefined;
}

/** What one level holds and has done since the start. */
export interface LevelStats {
  readonly entries: number;
  /** Bookkeeping included. */
  readonly bytes: number;
  readonly maxBytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Forgotten for want of room before they were over. */
  readonly evictions: number;
}

/** Answers by the id of their key. Expired and purged ones are not there. */
export interface AnswerStore {
  /** At once where it is in memory; a promise only where somebody has to be asked. */
  get(key: string): StoredAnswer | undefined | Promise<StoredAnswer | undefined>;
  /** Never throws; what cannot be kept is not. */
  set(answer: StoredAnswer): void;
  /**
   * The same of one of which it is not known yet whether it may be kept: that is found out when it is asked for, or some
   * time later. A store that has others to tell does not put it off.
   */
  setIfGood?(answer: StoredAnswer, isGood: () => boolean): void;
  /** Deletes what was stored until now. @returns how many of this process's */
  purge(filter: PurgeFilter): number;
}

/** Whether an answer is one of those that a filter names. */
export function isPurged(labels: AnswerLabels, key: string, filter: PurgeFilter): boolean {
  return (
    (filter.key === undefined || filter.key === key) &&
    (filter.model === undefined || filter.model === labels.model) &&
    (filter.tag === undefined || labels.tags.includes(filter.tag)) &&
    (filter.project === undefined || filter.project === labels.project) &&
    (filter.user === undefined || filter.user === labels.user) &&
    (filter.promptVersion === undefined || filter.promptVersion === labels.promptVersion)
  );
}
