import { type PurgeFilter, isPurged } from '../../store/answer-store.ts';
import { type Entry, sizeOf } from './entry.ts';

/** Called with entries that are gone. */
export type Forgotten = (entries: readonly Entry[]) => void;

/** Those of one project for one model. */
interface Line {
  /** The oldest first. */
  readonly entries: Map<string, Entry>;
  bytes: number;
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
  readonly #entries = new Map<string, { readonly entry: Entry; readonly bytes: number }>();
  readonly #lines = new Map<string, Map<string, Line>>();
  readonly #partitions = new Map<string, number>();
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
   * @returns false where it is larger than what all may take
   */
  add(entry: Entry, most: number): boolean {
    const bytes = sizeOf(entry);
    if (bytes > this.#maxBytes) return false;
    const { model, project } = entry.answer.labels;
    const ofModel = this.#lines.get(model) ?? new Map<string, Line>();
    this.#lines.set(model, ofModel);
    const line: Line = ofModel.get(project) ?? { entries: new Map(), bytes: 0 };
    ofModel.set(project, line);
    line.entries.set(entry.id, entry);
    line.bytes += bytes;
    this.#entries.set(entry.id, { entry, bytes });
    this.#bytes += bytes;
    this.#partitions.set(entry.partition, (this.#partitions.get(entry.partition) ?? 0) + 1);
    while (countOf(ofModel) > most) this.#dropOldest([ofModel], byCount);
    while (this.#bytes > this.#maxBytes) this.#dropOldest([...this.#lines.values()], byBytes);
    return true;
  }

  remove(entries: readonly Entry[]): void {
    const removed = entries.filter((entry) => this.#drop(entry));
    if (removed.length > 0) this.#forgotten(removed);
  }

  removeExpired(nowMs: number): void {
    this.remove(this.#where(({ answer }) => answer.expiresAt <= nowMs));
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
    this.#bytes -= held.bytes;
    const { model, project } = entry.answer.labels;
    const ofModel = this.#lines.get(model);
    const line = ofModel?.get(project);
    if (line) {
      line.entries.delete(entry.id);
      line.bytes -= held.bytes;
      if (line.entries.size === 0) ofModel?.delete(project);
    }
    if (ofModel?.size === 0) this.#lines.delete(model);
    const left = (this.#partitions.get(entry.partition) ?? 1) - 1;
    if (left > 0) this.#partitions.set(entry.partition, left);
    else this.#partitions.delete(entry.partition);
    return true;
  }
}

function countOf(lines: Map<string, Line>): number {
  let count = 0;
  for (const { entries } of lines.values()) count += entries.size;
  return count;
}
