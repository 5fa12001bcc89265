import type { Scheduler } from '../../core/scheduler.ts';
import type { StorageLog } from '../../storage/database/storage-log.ts';
import type { DatabaseConnection } from '../traces/trace-store.ts';
import { Adoption } from './adoption.ts';
import type { Backlog } from './backlog.ts';
import { DrainLink } from './drain/drain-link.ts';
import type { FromDrain } from './drain/messages.ts';
import { type Chunk, lengthOf } from './entry-buffer.ts';
import { Holdings } from './holdings.ts';
import { type JournalFolder, type LockTiming, takeFolder } from './journal-folder.ts';
import { reasonOf } from './reason.ts';
import { Progress, within } from './progress.ts';
import { type Segment, type SegmentState, markerOf } from './segment.ts';
import { SegmentWriter } from './segment-writer.ts';

export interface CustodyOptions {
  /** Where the folders of all processes are. */
  readonly root: string;
  readonly connection: DatabaseConnection;
  readonly segmentBytes: number;
  readonly backlog: Backlog;
  readonly log: StorageLog;
  readonly scheduler: Scheduler;
  readonly lockTiming: LockTiming | undefined;
  /** The memory of a chunk is free again. */
  recycle(memory: ArrayBuffer): void;
}

/** The drain hears of what was written so soon where little comes … */
const TELL_SOON_MS = 50;
/** … and this often where much does, so that its batches are worth a statement. */
const TELL_EVERY_MS = 200;
const FOLDER_PAUSE_MS = 1000;
const GRACE_MS = 1000;

/** A segment by its number, and an offset in it. */
interface Place {
  readonly segment: number;
  readonly offset: number;
}

/** Has chunks from when they leave the request thread's buffer until they are in the database. */
export class Custody {
  readonly #options: CustodyOptions;
  readonly #holdings: Holdings;
  readonly #writer: SegmentWriter;
  readonly #link: DrainLink;
  readonly #progress = new Progress();
  /** What entries of this process begin with. It stays the same in another folder. */
  readonly marker: Uint8Array;
  /** What the drain was not told yet. */
  readonly #news = new Map<string, SegmentState>();
  #cancelTelling: (() => void) | undefined;
  /** Monotonic milliseconds. */
  #toldAt = Number.NEGATIVE_INFINITY;
  readonly #adoption: Adoption;
  #cancelMove: (() => void) | undefined;
  #isClosed = false;
  #pushed = 0;
  #synced = 0;
  #filed: Place = { segment: 0, offset: 0 };
  #drained: Place = { segment: 0, offset: 0 };
  readonly counts = { written: 0, lost: 0, damagedBytes: 0, writeErrors: 0, retriedBatches: 0, drainRestarts: 0 };
  writeError: string | undefined;
  drainError: string | undefined;

  private constructor(options: CustodyOptions, own: JournalFolder) {
    this.#options = options;
    this.#holdings = new Holdings(own);
    this.marker = markerOf(this.#holdings.journal);
    this.#writer = new SegmentWriter(
      {
        create: () => this.#holdings.create(),
        written: (segment, limit, chunks) => this.#written(segment, limit, chunks),
        closed: (segment, limit) => this.#grow(segment, limit, true),
        failed: (error) => this.#failed(error),
        scheduler: options.scheduler,
      },
      options.segmentBytes,
    );
    this.#link = new DrainLink({
      connection: options.connection,
      segments: () => this.#holdings.segments,
      message: (message) => this.#hear(message),
      died: (reason) => this.#died(reason),
      scheduler: options.scheduler,
    });
    this.#adoption = new Adoption({
      root: options.root,
      log: options.log,
      scheduler: options.scheduler,
      timing: options.lockTiming,
      held: () => this.#holdings.paths,
      lost: (path) => this.#lose(path),
      found: (folders) => this.#adopt(folders),
    });
  }

  /** @throws the system's error where nothing can be written */
  static async open(options: CustodyOptions): Promise<Custody> {
    let custody: Custody | undefined;
    const lost = (path: string): void => {
      if (custody) custody.#lose(path);
    };
    const own = await takeFolder(options.root, lost, options.lockTiming);
    custody = new Custody(options, own);
    custody.#guessInherited();
    await custody.#adoption.begin();
    return custody;
  }

  /** The chunk will be written, however long it takes. */
  push(chunk: Chunk): void {
    this.#pushed += 1;
    this.#writer.push(chunk);
  }

  /** Resolves when all that was pushed before is on the disk. */
  synced(signal?: AbortSignal): Promise<void> {
    const until = this.#pushed;
    return this.#progress.until(() => this.#synced >= until, signal);
  }

  /** Resolves when all that was pushed before is in the database. */
  async drained(signal?: AbortSignal): Promise<void> {
    await this.synced(signal);
    this.#tell();
    const { segment, offset } = this.#filed;
    await this.#progress.until(() => isAtLeast(this.#drained, segment, offset), signal);
  }

  /** How many wait for the disk or the database. */
  get waiting(): number {
    return this.#progress.waiting;
  }

  /** Monotonic milliseconds of the oldest record that the disk has not taken. */
  get oldestUnsynced(): number | undefined {
    return this.#writer.oldest;
  }

  get segments(): number {
    return this.#holdings.segments.length;
  }

  /** Size of all files. */
  get bytes(): number {
    return this.#holdings.segments.reduce((sum, { limit }) => sum + limit, 0);
  }

  /** Writes all that was pushed, then drains for as long as the time allows. What is left is for the next start. */
  async close(timeoutMs: number): Promise<void> {
    const began = performance.now();
    this.#adoption.close();
    await within(timeoutMs, () => this.#writer.idle());
    await within(GRACE_MS, () => this.#closeWriter());
    this.#tell();
    const left = Math.max(0, timeoutMs - (performance.now() - began));
    await within(left, (signal) => this.#progress.until(() => this.#isEmpty(), signal));
    await this.#link.close(this.#isEmpty() ? GRACE_MS : 0);
    this.#isClosed = true;
    this.#cancelMove?.();
    this.#holdings.close();
    this.#synced = this.#pushed;
    this.#drained = this.#filed;
    this.#progress.check();
  }

  /** Ends the drain thread as if it had failed; for tests. */
  killDrain(): Promise<void> {
    return this.#link.kill();
  }

  async #closeWriter(): Promise<void> {
    const lost = await this.#writer.close();
    if (lost.length === 0) return;
    const records = lost.reduce((sum, chunk) => sum + chunk.records, 0);
    this.#options.backlog.giveUp(
      records,
      lost.reduce((sum, chunk) => sum + lengthOf(chunk), 0),
    );
    this.counts.lost += records;
    this.#options.log.error({ records, reason: this.writeError }, 'records were lost: the disk did not take them');
  }

  /** Nothing of this process is left in files. */
  #isEmpty(): boolean {
    return this.#holdings.segments.every(({ isInherited }) => isInherited);
  }

  #written(segment: Segment, limit: number, chunks: readonly Chunk[]): void {
    const { backlog, log } = this.#options;
    const records = chunks.reduce((sum, chunk) => sum + chunk.records, 0);
    const bytes = chunks.reduce((sum, chunk) => sum + lengthOf(chunk), 0);
    const isOurs = segment.journal === this.#holdings.journal;
    if (isOurs) backlog.file({ segment: segment.number, end: limit, records, bytes, since: chunks[0]?.since ?? 0 });
    else backlog.giveUp(records, bytes);
    for (const chunk of chunks) this.#options.recycle(chunk.bytes.buffer);
    if (this.writeError !== undefined) log.info({}, 'the journal is written again');
    this.writeError = undefined;
    this.#synced += chunks.length;
    if (isOurs) this.#filed = { segment: segment.number, offset: limit };
    this.#grow(segment, limit, false);
    this.#progress.check();
  }

  /** A segment of a folder that was lost meanwhile is its new owner's. */
  #grow(segment: Segment, limit: number, isClosed: boolean): void {
    if (segment.journal !== this.#holdings.journal) return;
    this.#news.set(segment.path, this.#holdings.grow(segment, limit, isClosed));
    if (this.#cancelTelling) return;
    const wait = Math.max(TELL_SOON_MS, TELL_EVERY_MS - (performance.now() - this.#toldAt));
    this.#cancelTelling = this.#options.scheduler.after(wait, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTelling?.();
    this.#cancelTelling = undefined;
    if (this.#news.size === 0) return;
    this.#link.send({ kind: 'segments', segments: [...this.#news.values()] });
    this.#news.clear();
    this.#toldAt = performance.now();
  }

  #failed(error: unknown): void {
    const reason = reasonOf(error);
    this.counts.writeErrors += 1;
    if (this.writeError === undefined) {
      this.#options.log.error({ reason }, 'the disk does not take the journal; records wait in memory');
    }
    this.writeError = reason;
  }

  #hear(message: FromDrain): void {
    const { backlog, log } = this.#options;
    if (message.kind === 'trouble') {
      this.counts.retriedBatches += 1;
      if (this.drainError === undefined) log.warn({ reason: message.reason }, 'records wait: the database takes none');
      this.drainError = message.reason;
      return;
    }
    backlog.inherited = message.inherited;
    if (message.kind === 'drained') this.#advance(message);
    else if (message.kind === 'finished') this.#holdings.finished(message.path);
    this.#progress.check();
  }

  #advance({ path, offset, written, refused, damagedBytes, reason }: FromDrain & { kind: 'drained' }): void {
    const { backlog, log } = this.#options;
    if (this.drainError !== undefined && reason === undefined) log.info({}, 'the database takes records again');
    this.drainError = reason;
    this.counts.written += written;
    this.counts.lost += refused;
    this.counts.damagedBytes += damagedBytes;
    if (refused > 0)
      log.error({ records: refused, reason }, 'records were left out: the database takes them in no form');
    if (damagedBytes > 0) log.error({ path, bytes: damagedBytes }, 'a part of the journal is damaged and was left out');
    const segment = this.#holdings.get(path);
    this.#holdings.drained(path, offset);
    if (segment?.journal !== this.#holdings.journal) return;
    this.#drained = { segment: segment.number, offset };
    backlog.drained(segment.number, offset);
  }

  #died(reason: string): void {
    this.counts.drainRestarts += 1;
    this.#options.log.error({ reason }, 'the thread that fills the database ended; another goes on');
  }

  /** What dead processes have left beside. */
  #adopt(folders: readonly JournalFolder[]): void {
    for (const folder of folders) {
      this.#holdings.adopt(folder);
      this.#options.log.info({ folder: folder.path }, 'a journal that another process left is taken over');
    }
    if (folders.length === 0) return;
    this.#link.send({ kind: 'segments', segments: this.#inherited() });
    if (this.#options.backlog.inherited.records === 0) this.#guessInherited();
  }

  /** Until the drain has counted it. */
  #guessInherited(): void {
    const bytes = this.#inherited().reduce((sum, { limit }) => sum + limit, 0);
    this.#options.backlog.inherited = { records: 0, bytes, oldestAt: undefined };
  }

  #inherited(): SegmentState[] {
    return this.#holdings.segments.filter(({ isInherited }) => isInherited);
  }

  /** This process stood still for so long that another one on another host took its folder for a dead one's. */
  #lose(path: string): void {
    const { backlog, log } = this.#options;
    if (!this.#holdings.paths.has(path)) return;
    log.error({ folder: path }, 'another host took over a folder of the journal; going on in another one');
    const isOwn = path === this.#holdings.ownPath;
    if (isOwn) this.#news.clear();
    this.#link.send({ kind: 'release', folder: path });
    this.#holdings.lose(path);
    if (!isOwn) return;
    backlog.disown();
    this.#writer.endSoon();
    void this.#move();
  }

  /** To another folder, however long it takes to get one. Never rejects. */
  async #move(): Promise<void> {
    const { root, lockTiming, scheduler } = this.#options;
    try {
      const own = await takeFolder(root, (path) => this.#lose(path), lockTiming);
      if (this.#isClosed) own.release();
      else this.#holdings.moveTo(own);
    } catch (error) {
      this.#failed(error);
      if (!this.#isClosed) this.#cancelMove = scheduler.after(FOLDER_PAUSE_MS, () => void this.#move());
    }
    this.#drained = this.#filed;
    this.#progress.check();
  }
}

function isAtLeast(place: Place, segment: number, offset: number): boolean {
  return place.segment > segment || (place.segment === segment && place.offset >= offset);
}
