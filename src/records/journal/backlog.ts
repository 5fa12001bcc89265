/** What was written to a segment at a time, or several such writes in a row. */
interface Group {
  readonly segment: number;
  /** Where it ends in the segment. */
  readonly end: number;
  readonly records: number;
  readonly bytes: number;
  /** Monotonic milliseconds of its oldest record. */
  readonly since: number;
}

/** What earlier processes left, as far as it is known. */
export interface Inherited {
  readonly records: number;
  readonly bytes: number;
  /** Epoch milliseconds at which the oldest was appended; undefined where there is none. */
  readonly oldestAt: number | undefined;
}

const NOTHING: Inherited = { records: 0, bytes: 0, oldestAt: undefined };
/**
 * A write that is a smaller part than this of all that waits is counted with the one before it. So there are few groups
 * however much waits, and the oldest of them are small.
 */
const SMALLEST_PART = 1 / 1000;

/** Counts what was taken and is not yet in the database. Knows no clock, no file and no thread. */
export class Backlog {
  #groups: Group[] = [];
  /** In files, not yet in the database. */
  #filed = { records: 0, bytes: 0 };
  /** In memory, not yet safe. */
  readonly #unsynced = { records: 0, bytes: 0 };
  inherited: Inherited = NOTHING;

  get records(): number {
    return this.inherited.records + this.#filed.records + this.#unsynced.records;
  }

  get bytes(): number {
    return this.inherited.bytes + this.#filed.bytes + this.#unsynced.bytes;
  }

  get unsyncedRecords(): number {
    return this.#unsynced.records;
  }

  get unsyncedBytes(): number {
    return this.#unsynced.bytes;
  }

  /** How many writes are known apart. */
  get groups(): number {
    return this.#groups.length;
  }

  /** Monotonic milliseconds of the oldest record of this process that is in a file. */
  get oldestFiled(): number | undefined {
    return this.#groups[0]?.since;
  }

  take(bytes: number): void {
    this.#unsynced.records += 1;
    this.#unsynced.bytes += bytes;
  }

  /** Something was taken, and is given up before it was safe. */
  giveUp(records: number, bytes: number): void {
    this.#unsynced.records -= records;
    this.#unsynced.bytes -= bytes;
  }

  /** It is in a file, which ends with it. */
  file(group: Group): void {
    this.giveUp(group.records, group.bytes);
    this.#filed.records += group.records;
    this.#filed.bytes += group.bytes;
    const last = this.#groups.at(-1);
    const joined = last && joinedGroup(last, group);
    if (joined && joined.bytes < this.#filed.bytes * SMALLEST_PART) this.#groups.splice(-1, 1, joined);
    else this.#groups.push(group);
  }

  /** What is in files is somebody else's now. */
  disown(): void {
    this.#groups = [];
    this.#filed = { records: 0, bytes: 0 };
  }

  /** Everything up to this place is in the database, or known to be lost. */
  drained(segment: number, offset: number): void {
    const left = this.#groups.findIndex((group) => isBehind(group, segment, offset));
    for (const { records, bytes } of this.#groups.splice(0, left < 0 ? this.#groups.length : left)) {
      this.#filed.records -= records;
      this.#filed.bytes -= bytes;
    }
  }
}

function isBehind(group: Group, segment: number, offset: number): boolean {
  return group.segment > segment || (group.segment === segment && group.end > offset);
}

/** Known by the end of the later one and the age of the older one. */
function joinedGroup(older: Group, later: Group): Group {
  const { records, bytes, since } = older;
  return { ...later, records: records + later.records, bytes: bytes + later.bytes, since };
}
