import { type PurgeFilter, isPurged } from '../../store/answer-store.ts';
import { type Entry, PARTITION_BYTES, sizeOf } from './entry.ts';

/** Called with entries that are gone. */
export type Forgotten = (entries: readonly Entry[]) => void;

/** Those of one project for one model. */
interface Line {
  /** The oldest first. */
  readonly entries: Map<string, Entry>;
  bytes: number;
}

interface Held {
  readonly entry: Entry;
  readonly bytes: number;
}

type Measure = (line: Line) => number;
const byCount: Measure = ({ entries }) => entries.size;
const byBytes: Measure = ({ bytes }) => bytes;

/**
 * What is kept for requests that mean the same, bounded by number for each model and by bytes for all. Where there is
 * too much the project that has most gives up its oldest: what one project does takes no room from one that has less.
 */
export class Entries {
  readonly #maxBytes: number;
  readonly #forgotten: Forgotten;
  readonly #entries = new Map<string, Held>();
  readonly #lines = new Map<string, Map<string, Line>>();
  readonly #partitions = new Map<string, number>();
  /** Where a walk through all of them stands. */
  #walk: Iterator<Held> | undefined;
  #bytes = 0;

  constructor(maxBytes: number, forgotten: Forgotten) {
    this.#maxBytes = maxBytes;
    this.#forgotten = forgotten;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there is anything that a request of this partition could be answered with. */
  has(partition: string): boolean {
    return this.#partitions.has(partition);
  }

  get(id: string, nowMs: number): Entry | undefined {
    const entry = this.#entries.get(id)?.entry;
    return entry && entry.answer.expiresAt > nowMs ? entry : undefined;
  }

  /**
   * @param most entries of its model
   * @returns whether it is kept: not where it is larger than all may be, nor where its project has most by it alone
   */
  add(entry: Entry, most: number): boolean {
    const bytes = sizeOf(entry);
    if (bytes + PARTITION_BYTES > this.#maxBytes) return false;
    const { model, project } = entry.answer.labels;
    const ofModel = this.#lines.get(model) ?? new Map<string, Line>();
    this.#lines.set(model, ofModel);
    const line: Line = ofModel.get(project) ?? { entries: new Map(), bytes: 0 };
    ofModel.set(project, line);
    line.entries.set(entry.id, entry);
    this.#entries.set(entry.id, { entry, bytes });
    this.#count(line, this.has(entry.partition) ? bytes : bytes + PARTITION_BYTES);
    this.#partitions.set(entry.partition, (this.#partitions.get(entry.partition) ?? 0) + 1);
    while (countOf(ofModel) > most) this.#dropOldest([ofModel], byCount);
    while (this.#bytes > this.#maxBytes) this.#dropOldest([...this.#lines.values()], byBytes);
    return this.#entries.has(entry.id);
  }

  remove(entries: readonly Entry[]): void {
    const removed = entries.filter((entry) => this.#drop(entry));
    if (removed.length > 0) this.#forgotten(removed);
  }

  /**
   * Looks at some entries for those that are out of date; the next time it goes on from there.
   * @returns whether it has come to the end
   */
  removeExpired(nowMs: number, most: number): boolean {
    this.#walk ??= this.#entries.values();
    const expired: Entry[] = [];
    for (let seen = 0; seen < most; seen += 1) {
      const { value, done } = this.#walk.next();
      if (done) {
        this.#walk = undefined;
        break;
      }
      if (value.entry.answer.expiresAt <= nowMs) expired.push(value.entry);
    }
    this.remove(expired);
    return this.#walk === undefined;
  }

  /** @returns how many there were */
  purge(filter: PurgeFilter): number {
    const purged = this.#where(({ answer }) => isPurged(answer.labels, answer.key, filter));
    this.remove(purged);
    return purged.length;
  }

  clear(): void {
    this.remove(this.#where(() => true));
  }

  #where(isMeant: (entry: Entry) => boolean): Entry[] {
    const meant: Entry[] = [];
    for (const { entry } of this.#entries.values()) if (isMeant(entry)) meant.push(entry);
    return meant;
  }

  /** Of the project that has most. */
  #dropOldest(models: readonly Map<string, Line>[], measure: Measure): void {
    let longest: Line | undefined;
    for (const lines of models) {
      for (const line of lines.values()) if (!longest || measure(line) > measure(longest)) longest = line;
    }
    const [oldest] = longest?.entries.values() ?? [];
    if (oldest) this.remove([oldest]);
  }

  #drop(entry: Entry): boolean {
    const held = this.#entries.get(entry.id);
    if (!held) return false;
    this.#entries.delete(entry.id);
    const left = (this.#partitions.get(entry.partition) ?? 1) - 1;
    if (left > 0) this.#partitions.set(entry.partition, left);
    else this.#partitions.delete(entry.partition);
    const { model, project } = entry.answer.labels;
    const ofModel = this.#lines.get(model);
    const line = ofModel?.get(project);
    if (line) {
      line.entries.delete(entry.id);
      this.#count(line, left > 0 ? -held.bytes : -held.bytes - PARTITION_BYTES);
      if (line.entries.size === 0) ofModel?.delete(project);
    }
    if (ofModel?.size === 0) this.#lines.delete(model);
    return true;
  }

  #count(line: Line, bytes: number): void {
    line.bytes += bytes;
    this.#bytes += bytes;
  }
}

function countOf(lines: Map<string, Line>): number {
  let count = 0;
  for (const { entries } of lines.values()) count += entries.size;
  return count;
}
