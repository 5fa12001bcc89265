import { setImmediate as turn } from 'node:timers/promises';

import type { TraceRow } from '../../traces/trace-row.ts';
import type { JournalMove, JournalPosition } from '../position-store.ts';
import type { SegmentState } from '../segment.ts';
import type { SegmentSource } from '../segment-file.ts';
import type { SegmentReader } from '../segment-reader.ts';
import { type Batch, BatchDraft } from './batch.ts';
import { reasonOf } from '../reason.ts';
import { insertBatch } from './batch-insert.ts';
import { Inheritance } from './inheritance.ts';
import type { FromDrain } from './messages.ts';
import { OpenSegments } from './open-segments.ts';
import { Positions } from './positions.ts';

export interface DrainPorts {
  /** Writes all rows and moves the position, or does neither. A row that is there already is no error. */
  insert(rows: readonly TraceRow[], move: JournalMove): Promise<void>;
  move(move: JournalMove): Promise<void>;
  /** Undefined where the database does not know the journal. */
  position(journal: string): Promise<JournalPosition | undefined>;
  /** No file of the journal is left. */
  forget(journal: string): Promise<void>;
  /** Whether the database would refuse the same rows again, so that trying again is useless. */
  isRefusal(error: unknown): boolean;
  /** @throws the system's error */
  open(path: string): SegmentSource;
  /** Deletes a file of which all is taken over; it may be gone. */
  remove(path: string): void;
  /** Keeps a file that cannot be read out of the way; it may be gone. */
  setAside(path: string): void;
  report(message: FromDrain): void;
  /** May end early. */
  pause(ms: number): Promise<void>;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
/** Entries that are read ahead between two looks at what else there is. */
const AT_A_TIME = 20;

interface Step {
  readonly to: number;
  readonly written: number;
  readonly refused: number;
  readonly reason?: string;
}

/**
 * Takes journals over into the database, each in its order, for as long as it takes.
 *
 * It remembers nothing that matters: a batch and the position behind it are written together, so whoever begins anew
 * begins where the database says.
 */
export class JournalDrain {
  readonly #ports: DrainPorts;
  readonly #segments = new Map<string, SegmentState>();
  readonly #open: OpenSegments;
  readonly #positions: Positions;
  readonly #inheritance = new Inheritance();
  readonly #unreadable = new Set<string>();
  /** Journals of which a file could not be deleted. */
  readonly #undeleted = new Set<string>();
  /** How far it was reported. */
  readonly #told = new Map<string, number>();
  #ahead: { readonly path: string; readonly from: number; readonly batch: Batch } | undefined;
  #running: Promise<void> | undefined;
  #hasNews = false;
  #isClosing = false;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(ports: DrainPorts) {
    this.#ports = ports;
    this.#open = new OpenSegments((path) => ports.open(path));
    this.#positions = new Positions((journal) => ports.position(journal));
  }

  /** Segments that are new, or have grown, or will not grow any more. */
  update(segments: readonly SegmentState[]): void {
    for (const segment of segments) this.#segments.set(segment.path, segment);
    this.#hasNews = true;
    if (!this.#isClosing) this.#running ??= this.#run();
  }

  /** Somebody else takes over what is in a folder. */
  release(folder: string): void {
    for (const path of this.#segments.keys()) if (path.startsWith(`${folder}/`)) this.#drop(path);
  }

  /** Resolves when all that is known is taken over, or it was told to end. */
  async idle(): Promise<void> {
    await this.#running;
  }

  /** Ends after the statement that runs. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    this.#open.closeAll();
  }

  async #run(): Promise<void> {
    for (let isBusy = false; (isBusy || this.#hasNews) && !this.#isClosing; isBusy = await this.#round()) {
      // Also while the database is away, and rounds do not end.
      if (this.#hasNews) this.#countInherited();
      this.#hasNews = false;
    }
    this.#running = undefined;
  }

  /** What is new does not wait for what is old: each gets its turn. @returns whether there was something to do */
  async #round(): Promise<boolean> {
    const segments = [...this.#segments.values()];
    const heads = [segments.find(({ isInherited }) => isInherited), segments.find(({ isInherited }) => !isInherited)];
    let isBusy = false;
    for (const head of heads) {
      if (head && !this.#isClosing) isBusy = (await this.#tryStep(head.path)) || isBusy;
    }
    return isBusy;
  }

  async #tryStep(path: string): Promise<boolean> {
    try {
      const segment = this.#segments.get(path);
      const isBusy = segment !== undefined && (await this.#step(segment));
      this.#pauseMs = FIRST_PAUSE_MS;
      return isBusy;
    } catch (error) {
      // Whether the last statement was carried out is not known here, but the database knows.
      this.#positions.doubt();
      this.#ports.report({ kind: 'trouble', reason: reasonOf(error) });
      if (!this.#isClosing) await this.#ports.pause(this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      return true;
    }
  }

  /** @returns false where there is nothing to do now */
  async #step(segment: SegmentState): Promise<boolean> {
    const { path, limit, isClosed, isInherited } = segment;
    const offset = await this.#positions.offsetIn(segment, limit);
    this.#catchUp(segment, offset);
    if (offset >= limit) {
      if (isClosed) await this.#finish(segment);
      return isClosed;
    }
    const reader = this.#open.reader(segment);
    if (reader && isInherited) this.#inheritance.begin(path, reader, offset, limit);
    const batch = reader && this.#batchAt(path, reader, offset, limit);
    if (!reader) await this.#skip(segment);
    else if (!batch) await this.#giveUp(segment, offset);
    else await this.#write(segment, batch, reader);
    return true;
  }

  /** A statement whose answer was lost was carried out all the same. */
  #catchUp(segment: SegmentState, offset: number): void {
    const { path, limit } = segment;
    const told = this.#told.get(path) ?? segment.drained;
    if (told === undefined || offset <= told) return;
    const reader = this.#open.reader(segment);
    const written = reader ? reader.count(told, Math.min(offset, limit)) : 0;
    this.#report(path, { to: offset, written, refused: 0 }, undefined);
  }

  async #write(segment: SegmentState, batch: Batch, reader: SegmentReader): Promise<void> {
    const { path, limit, isInherited } = segment;
    const done = (step: Step): void => {
      this.#positions.moved(this.#positions.moveTo(segment, step.to));
      const entries = step.written + step.refused;
      if (isInherited) this.#inheritance.take(path, entries, reader, step.to, limit);
      this.#report(path, step, step.to === batch.end ? batch : undefined);
    };
    const move = (to: number): Promise<void> => this.#ports.move(this.#positions.moveTo(segment, to));
    if (batch.rows.length === 0) {
      await move(batch.end);
      done({ to: batch.end, written: 0, refused: 0 });
      return;
    }
    const ports = {
      insert: (rows: readonly TraceRow[], to: number) => this.#ports.insert(rows, this.#positions.moveTo(segment, to)),
      move,
      isRefusal: (error: unknown) => this.#ports.isRefusal(error),
      done,
    };
    const ahead = this.#readAhead(path, reader, batch.end);
    try {
      await insertBatch(ports, batch.rows, batch.end);
    } finally {
      await ahead;
    }
  }

  /** Makes rows of what comes next while the database works on what came before. */
  async #readAhead(path: string, reader: SegmentReader, from: number): Promise<void> {
    const draft = new BatchDraft(reader, from);
    for (let isMore = true; isMore;) {
      // Between a few of them the statement gets on its way.
      await turn();
      const limit = this.#segments.get(path)?.limit ?? 0;
      if (limit <= from || this.#isClosing) return;
      isMore = grows(draft, AT_A_TIME, limit);
    }
    if (draft.batch.end > from) this.#ahead = { path, from, batch: draft.batch };
  }

  #batchAt(path: string, reader: SegmentReader, from: number, limit: number): Batch | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead?.path === path && ahead.from === from ? ahead.batch : readBatch(reader, from, limit);
  }

  /** @param batch where it is taken over as a whole */
  #report(path: string, { to, written, refused, reason }: Step, batch: Batch | undefined): void {
    const why = reason ?? batch?.reason;
    this.#told.set(path, to);
    this.#ports.report({
      kind: 'drained',
      path,
      offset: to,
      written,
      refused: refused + (batch ? batch.entries - batch.rows.length : 0),
      damagedBytes: batch?.damagedBytes ?? 0,
      inherited: this.#inheritance.total(),
      ...(why === undefined ? {} : { reason: why }),
    });
  }

  /** The disk does not give back what it took. */
  async #giveUp(segment: SegmentState, offset: number): Promise<void> {
    const { path, limit } = segment;
    this.#unreadable.add(path);
    const reason = `${path} cannot be read`;
    await this.#skip(segment, { rows: [], end: limit, entries: 0, damagedBytes: limit - offset, reason });
  }

  /** Nothing more is read of it. Without damage: somebody else has taken it over, since the file is gone. */
  async #skip(segment: SegmentState, damage?: Batch): Promise<void> {
    const { path, limit } = segment;
    const move = this.#positions.moveTo(segment, limit);
    await this.#ports.move(move);
    this.#positions.moved(move);
    this.#inheritance.drop(path);
    this.#report(path, { to: limit, written: 0, refused: 0 }, damage);
  }

  async #finish({ path, journal }: SegmentState): Promise<void> {
    const isUnreadable = this.#unreadable.delete(path);
    this.#drop(path);
    try {
      if (isUnreadable) this.#ports.setAside(path);
      else this.#ports.remove(path);
    } catch (error) {
      this.#undeleted.add(journal);
      throw error;
    }
    this.#ports.report({ kind: 'finished', path, inherited: this.#inheritance.total() });
    // While there is a file of it the position is needed: the next start would read it again.
    if (this.#undeleted.has(journal) || [...this.#segments.values()].some((other) => other.journal === journal)) return;
    await this.#ports.forget(journal);
    this.#positions.forgot(journal);
  }

  #drop(path: string): void {
    this.#segments.delete(path);
    this.#told.delete(path);
    this.#open.close(path);
    this.#inheritance.drop(path);
  }

  #countInherited(): void {
    let isChanged = false;
    for (const segment of this.#segments.values()) {
      if (!segment.isInherited || this.#inheritance.knows(segment.path)) continue;
      this.#guess(segment);
      isChanged = true;
    }
    if (isChanged) this.#ports.report({ kind: 'inherited', inherited: this.#inheritance.total() });
  }

  /** What cannot be read now is found out about when its turn comes. */
  #guess(segment: SegmentState): void {
    const { path, limit } = segment;
    try {
      const reader = this.#open.reader(segment);
      if (reader) this.#inheritance.guess(path, reader, limit);
    } catch (error) {
      this.#ports.report({ kind: 'trouble', reason: reasonOf(error) });
    }
    this.#open.close(path);
  }
}

function readBatch(reader: SegmentReader, offset: number, limit: number): Batch | undefined {
  const draft = new BatchDraft(reader, offset);
  grows(draft, Number.POSITIVE_INFINITY, limit);
  return draft.batch.end === offset ? undefined : draft.batch;
}

/** A disk that does not give back what it took ends the batch; one that is empty then says so. */
function grows(draft: BatchDraft, most: number, limit: number): boolean {
  try {
    return draft.grow(most, limit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === 'read') return false;
    throw error;
  }
}
