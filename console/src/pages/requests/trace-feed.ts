import { type TraceRow, isBefore } from './trace-row.ts';

interface FeedPage {
  readonly rows: readonly TraceRow[];
  readonly next: string | null;
}

/** @param cursor of the page; undefined for the newest */
export type AskPage = (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<FeedPage>;

export interface FeedState {
  /** How many rows are known, whether they are held or not. */
  readonly count: number;
  /** Rows that came while somebody was reading further down. */
  readonly waiting: number;
  /** More waits than was looked at. */
  readonly waitingMore: boolean;
  readonly isFirst: boolean;
  readonly isLoading: boolean;
  readonly isEnd: boolean;
  readonly error: unknown;
}

interface Page {
  /** What it is asked for by; of the first none. */
  readonly cursor: string | undefined;
  count: number;
  /** Undefined where they were let go; they can be asked for again. */
  rows: readonly TraceRow[] | undefined;
  lastId: string | undefined;
}

/** The first page is soon there; those behind it are fewer. */
const FIRST_ROWS = 200;
const PAGE_ROWS = 400;
/** What is asked for again may have grown by requests that took long. */
const ROOM = 50;
/** How many pages are held around what is seen: some thousand rows. */
const HELD = 6;
const TICK_ROWS = 100;
const MOST_ROWS = 500;
const NEAR_END = 60;

const BEGIN: FeedState = {
  count: 0,
  waiting: 0,
  waitingMore: false,
  isFirst: true,
  isLoading: true,
  isEnd: false,
  error: undefined,
};

/**
 * A list without an end, newest first: pages are asked for as they come near, and let go when they are far, so that a
 * hundred thousand rows take no more memory than a few thousand. What is new waits while somebody reads further down.
 */
export class TraceFeed {
  readonly #ask: AskPage;
  #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Set<Page>();
  #pages: Page[] = [];
  #next: string | null | undefined;
  #waiting: readonly TraceRow[] = [];
  #seen = { first: 0, last: 0 };
  #isTicking = false;
  #isAskingMore = false;
  #isAtTop = true;
  #state = BEGIN;

  constructor(ask: AskPage) {
    this.#ask = ask;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): FeedState => this.#state;

  /** Undefined where it is not held at the moment; asking by {@link look} brings it. */
  rowAt(index: number): TraceRow | undefined {
    const found = this.#pageAt(index);
    return found?.page.rows?.[index - found.start];
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    this.#asked.clear();
    this.#isAskingMore = false;
    await this.#more();
  }

  close(): void {
    this.#stop.abort();
  }

  /** These rows are on the screen: brings what is missing there, and lets go what is far. */
  look(first: number, last: number): void {
    this.#seen = { first, last };
    for (const { page, start } of this.#starts()) {
      const isSeen = start <= last && start + page.count > first;
      if (isSeen && !page.rows) void this.#refill(page);
    }
    if (last >= this.#state.count - NEAR_END && this.#state.error === undefined) void this.#more();
    this.#letGo();
  }

  /** While the first rows are on the screen, what is new is shown at once. */
  setAtTop(isAtTop: boolean): void {
    this.#isAtTop = isAtTop;
    if (isAtTop) this.showWaiting();
  }

  /** Something new is in the database. */
  async tick(): Promise<void> {
    if (this.#isTicking || this.#next === undefined) return;
    this.#isTicking = true;
    try {
      await this.#lookForNew();
    } catch {
      // The next tick asks again; what is shown stays true.
    } finally {
      this.#isTicking = false;
    }
  }

  showWaiting(): void {
    const [head] = this.#pages;
    if (this.#waiting.length === 0) return;
    if (this.#state.waitingMore || !head) {
      void this.#begin();
      return;
    }
    this.#putOnTop(head, this.#waiting);
    this.#waiting = [];
    this.#tell({ waiting: 0 });
  }

  async retry(): Promise<void> {
    this.#tell({ error: undefined });
    await this.#more();
  }

  /** Far more is new than is shown: begins anew rather than leave a hole. */
  async #begin(): Promise<void> {
    try {
      const { rows, next } = await this.#ask(undefined, FIRST_ROWS, this.#stop.signal);
      const page: Page = { cursor: undefined, count: 0, rows: [], lastId: undefined };
      this.#take(page, rows);
      this.#pages = [page];
      this.#waiting = [];
      this.#next = next;
      this.#tell({ waiting: 0, waitingMore: false, isEnd: next === null, error: undefined });
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#tell({ error });
    }
  }

  async #more(): Promise<void> {
    if (this.#next === null || this.#isAskingMore) return;
    const page: Page = { cursor: this.#next, count: 0, rows: [], lastId: undefined };
    const pages = this.#pages;
    const { signal } = this.#stop;
    this.#isAskingMore = true;
    this.#tell({ isLoading: true });
    try {
      const { rows, next } = await this.#ask(page.cursor, page.cursor === undefined ? FIRST_ROWS : PAGE_ROWS, signal);
      if (pages !== this.#pages || signal.aborted) return;
      this.#take(page, rows);
      this.#pages.push(page);
      this.#next = next;
      this.#tell({ isFirst: false, isLoading: false, isEnd: next === null, error: undefined });
    } catch (error) {
      if (!signal.aborted) this.#tell({ isLoading: false, error });
    } finally {
      // Whoever began anew meanwhile asks for itself.
      if (signal === this.#stop.signal) this.#isAskingMore = false;
    }
  }

  async #refill(page: Page): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    try {
      const limit = Math.min(MOST_ROWS, page.count + ROOM);
      const { rows } = await this.#ask(page.cursor, limit, this.#stop.signal);
      const end = rows.findIndex(({ id }) => id === page.lastId);
      this.#take(page, end < 0 ? rows.slice(0, page.count) : rows.slice(0, end + 1));
      this.#tell({});
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#tell({ error });
    } finally {
      this.#asked.delete(page);
    }
  }

  async #lookForNew(): Promise<void> {
    const known = new Set((this.#pages[0]?.rows ?? []).map(({ id }) => id));
    const { rows } = await this.#ask(undefined, TICK_ROWS, this.#stop.signal);
    const last = this.#pages[0]?.rows?.at(-1);
    const fresh = rows.filter((row) => !known.has(row.id) && (!last || isBefore(row, last) || this.#next === null));
    const isHole = rows.length >= TICK_ROWS && fresh.length === rows.length && known.size > 0;
    if (fresh.length === 0) return;
    this.#waiting = fresh;
    this.#tell({ waiting: fresh.length, waitingMore: isHole });
    if (this.#isAtTop) this.showWaiting();
  }

  #putOnTop(head: Page, fresh: readonly TraceRow[]): void {
    const rows = [...fresh, ...(head.rows ?? [])].toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
    // The first page grows with what is new: before it becomes a burden, the list begins anew.
    this.#take(head, rows);
    if (rows.length > 2 * MOST_ROWS) void this.#begin();
  }

  #take(page: Page, rows: readonly TraceRow[]): void {
    page.rows = rows;
    page.count = rows.length;
    page.lastId = rows.at(-1)?.id;
  }

  /** Nearest pages stay; the first always does, since what is new is held against it. */
  #letGo(): void {
    const middle = this.#pages.findIndex((page) => page === this.#pageAt(this.#seen.first)?.page);
    this.#pages.forEach((page, at) => {
      if (at > 0 && Math.abs(at - middle) > HELD / 2) page.rows = undefined;
    });
  }

  #starts(): { page: Page; start: number }[] {
    let start = 0;
    return this.#pages.map((page) => {
      const placed = { page, start };
      start += page.count;
      return placed;
    });
  }

  #pageAt(index: number): { page: Page; start: number } | undefined {
    let start = 0;
    for (const page of this.#pages) {
      if (index >= start && index < start + page.count) return { page, start };
      start += page.count;
    }
    return undefined;
  }

  #tell(patch: Partial<FeedState>): void {
    const count = this.#pages.reduce((sum, page) => sum + page.count, 0);
    this.#state = { ...this.#state, ...patch, count };
    for (const listener of this.#listeners) listener();
  }
}
