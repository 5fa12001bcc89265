import type { JournalFolder } from './journal-folder.ts';
import { type Segment, type SegmentState, newJournalId, segmentPath } from './segment.ts';
import { createSegmentFile } from './segment-file.ts';
import type { OpenSegment } from './growing-segment.ts';

/** The folders that are this process's, and the segments in them. */
export class Holdings {
  readonly #folders = new Map<string, JournalFolder>();
  readonly #segments = new Map<string, SegmentState>();
  /** Undefined after it was lost, until there is another. */
  #own: JournalFolder | undefined;
  #journal = newJournalId();
  #nextNumber: number;

  constructor(own: JournalFolder) {
    this.#own = own;
    this.#nextNumber = this.#settle(own);
  }

  /** The id of what this process writes. */
  get journal(): string {
    return this.#journal;
  }

  get ownPath(): string | undefined {
    return this.#own?.path;
  }

  get paths(): ReadonlySet<string> {
    return new Set(this.#folders.keys());
  }

  /** All that is to be taken over. */
  get segments(): readonly SegmentState[] {
    return [...this.#segments.values()];
  }

  get(path: string): SegmentState | undefined {
    return this.#segments.get(path);
  }

  adopt(folder: JournalFolder): void {
    this.#folders.set(folder.path, folder);
    for (const segment of folder.segments) this.#segments.set(segment.path, segment);
  }

  /** Begins the next segment. @throws the system's error */
  async create(): Promise<OpenSegment> {
    for (;;) {
      if (!this.#own) throw new Error('the journal has no folder: another host took over the one it had');
      const [journal, number] = [this.#journal, this.#nextNumber];
      this.#nextNumber += 1;
      const path = segmentPath(this.#own.path, journal, number);
      const file = await createSegmentFile(path);
      if (journal === this.#journal) return { path, journal, number, file };
      // The folder was lost meanwhile, and nobody would look for a file that is new there.
      await file.discard().catch(() => undefined);
    }
  }

  /** A segment of this process is written so far. */
  grow({ path, journal, number }: Segment, limit: number, isClosed: boolean): SegmentState {
    const drained = this.#segments.get(path)?.drained ?? 0;
    const state = { path, journal, number, limit, isClosed, isInherited: false, drained };
    this.#segments.set(path, state);
    return state;
  }

  drained(path: string, offset: number): void {
    const segment = this.#segments.get(path);
    if (segment) this.#segments.set(path, { ...segment, drained: offset });
  }

  /** The file is gone. A folder that was adopted is given back when nothing is left in it. */
  finished(path: string): void {
    this.#segments.delete(path);
    for (const folder of this.#folders.values()) {
      if (folder !== this.#own && !this.#hasSegmentsIn(folder.path)) this.#give(folder);
    }
  }

  /** A folder is another's now. After that of this process what is written has another name. */
  lose(path: string): void {
    if (path === this.#own?.path) {
      this.#own = undefined;
      this.#journal = newJournalId(this.#journal);
    }
    for (const segment of this.#segments.keys()) if (segment.startsWith(`${path}/`)) this.#segments.delete(segment);
    const folder = this.#folders.get(path);
    if (folder) this.#give(folder);
  }

  /** What is written from now on goes to another folder. */
  moveTo(own: JournalFolder): void {
    this.#own = own;
    this.#nextNumber = Math.max(this.#nextNumber, this.#settle(own));
  }

  close(): void {
    for (const folder of this.#folders.values()) this.#give(folder);
  }

  /** @returns the number of the next segment */
  #settle(own: JournalFolder): number {
    this.adopt(own);
    return 1 + own.segments.reduce((most, { number }) => Math.max(most, number), 0);
  }

  #hasSegmentsIn(folder: string): boolean {
    return [...this.#segments.keys()].some((path) => path.startsWith(`${folder}/`));
  }

  #give(folder: JournalFolder): void {
    this.#folders.delete(folder.path);
    folder.release();
  }
}
