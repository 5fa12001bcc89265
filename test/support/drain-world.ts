import { makeRecord } from './make-record.ts';
import type { DrainPorts } from '../../src/records/journal/drain/journal-drain.ts';
import type { FromDrain } from '../../src/records/journal/drain/messages.ts';
import { encodeFacts, entryLength, writeEntry } from '../../src/records/journal/entry-codec.ts';
import { JournalMovedError, type JournalMove, type JournalPosition } from '../../src/records/journal/position-store.ts';
import { type SegmentState, markerOf, segmentPath } from '../../src/records/journal/segment.ts';
import type { TraceRow } from '../../src/records/traces/trace-row.ts';

/** What happens at one call of the drain to the world: an error, or the end of the process, before or after its effect. */
export type Fate = 'fine' | 'fails before' | 'fails after' | 'crashes before' | 'crashes after';

export class Crash extends Error {}
export class Refusal extends Error {}

/** Encoded entries of traces, as a segment of the journal has them. */
export function entriesOf(journal: string, ids: readonly string[]): Buffer {
  return Buffer.concat(
    ids.map((traceId) => {
      const facts = encodeFacts(makeRecord({ traceId, metadata: { a: 1 } }));
      const factsBytes = Buffer.byteLength(facts);
      const entry = { facts, factsBytes, input: undefined, output: undefined, textsDropped: false };
      const bytes = Buffer.alloc(entryLength(entry));
      writeEntry(bytes, 0, entry, { marker: markerOf(journal), appendedAt: 5000 });
      return bytes;
    }),
  );
}

/** Files and a database in memory. They outlive the drains that work on them, whatever happens to those. */
export class DrainWorld {
  readonly files = new Map<string, { bytes: Buffer; readonly state: Omit<SegmentState, 'limit'> }>();
  readonly positions = new Map<string, JournalPosition>();
  /** How often each trace was inserted: nothing here ignores a second time. */
  readonly inserted = new Map<string, number>();
  readonly plain = new Set<string>();
  readonly reports: FromDrain[] = [];
  readonly pauses: number[] = [];
  /** Sizes of the batches that the database took. */
  readonly batches: number[] = [];
  readonly setAside: string[] = [];
  /** Traces that are refused as they are, and such that are refused in any form. */
  odd: ReadonlySet<string> = new Set();
  impossible: ReadonlySet<string> = new Set();
  fates: Fate[] = [];
  isUnreadable = (_path: string): boolean => false;

  addSegment(journal: string, number: number, bytes: Buffer, state: Partial<SegmentState> = {}): string {
    const path = segmentPath('/journal/0', journal, number);
    const states = { path, journal, number, isClosed: true, isInherited: false, drained: 0, ...state };
    this.files.set(path, { bytes, state: states });
    return path;
  }

  get segments(): SegmentState[] {
    return [...this.files.values()].map(({ bytes, state }) => ({ ...state, limit: bytes.length }));
  }

  /** Ports of one process: none of them does anything after a crash. */
  ports(): DrainPorts {
    let isDead = false;
    const at = <T>(effect: () => T): T => {
      if (isDead) throw new Crash();
      const fate = this.fates.shift() ?? 'fine';
      isDead = fate.startsWith('crashes');
      const failure = isDead ? new Crash() : new Error('connect ECONNREFUSED postgres://me:hunter2@db');
      if (fate.endsWith('before')) throw failure;
      const result = effect();
      if (fate.endsWith('after')) throw failure;
      return result;
    };
    return {
      insert: async (rows, move) => at(() => this.#insert(rows, move)),
      move: async (move) => at(() => this.#move(move)),
      position: async (journal) => at(() => this.positions.get(journal)),
      forget: async (journal) => at(() => void this.positions.delete(journal)),
      isRefusal: (error) => error instanceof Refusal,
      open: (path) => at(() => this.#open(path)),
      remove: (path) => at(() => void this.files.delete(path)),
      setAside: (path) => at(() => this.#aside(path)),
      report: (message) => void this.reports.push(message),
      pause: async (ms) => {
        if (isDead) throw new Crash();
        this.pauses.push(ms);
      },
    };
  }

  #insert(rows: readonly TraceRow[], move: JournalMove): void {
    this.#check(move);
    const isRefused = ({ traceId, metadata }: TraceRow): boolean =>
      this.impossible.has(traceId) || (this.odd.has(traceId) && metadata !== null);
    if (rows.some(isRefused)) throw new Refusal('bad number');
    for (const { traceId, metadata } of rows) {
      this.inserted.set(traceId, (this.inserted.get(traceId) ?? 0) + 1);
      if (metadata === null) this.plain.add(traceId);
    }
    this.batches.push(rows.length);
    this.#move(move);
  }

  #move(move: JournalMove): void {
    this.#check(move);
    this.positions.set(move.journal, move.to);
  }

  #check({ journal, from }: JournalMove): void {
    const there = this.positions.get(journal);
    const isThere = there === undefined || (there.segment === from?.segment && there.offset === from.offset);
    if (!isThere) throw new JournalMovedError(journal);
  }

  #open(path: string) {
    const read = (offset: number, bytes: number): Buffer => {
      if (this.isUnreadable(path)) throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' });
      return Buffer.from(this.files.get(path)?.bytes.subarray(offset, offset + bytes) ?? []);
    };
    if (!this.files.has(path)) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'open' });
    return { read, close: () => undefined };
  }

  #aside(path: string): void {
    this.files.delete(path);
    this.setAside.push(path);
  }
}
