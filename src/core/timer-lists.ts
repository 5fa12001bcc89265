/** Shorter ones often ring, and each has a timer of its own. */
const LEAST_MS = 1000;
/** What a timer of the runtime takes. */
const LONGEST_MS = 2 ** 31 - 1;
/** Durations come from settings, and some from what a client says. */
const MOST_LISTS = 64;
/** A timer may ring so much before its time, by another clock. */
const EARLY_MS = 1;

/**
 * Timers that nearly never ring, since what they wait for comes first: the bounds of requests. All of one duration are
 * due in the order in which they were set, so that one timer of the runtime serves them; to set one is to put it at the
 * end of a list, and to take it back is to take it out.
 */
export class TimerLists {
  readonly #lists = new Map<number, TimerList>();
  readonly #now: () => number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Calls once after so many milliseconds. Returns the way to take it back, which is safe to use at any time. */
  after(ms: number, fn: () => void): () => void {
    const list = ms >= LEAST_MS ? this.#listOf(ms) : undefined;
    if (list) return list.add(fn);
    const timer = setTimeout(fn, Math.min(ms, LONGEST_MS)).unref();
    return () => clearTimeout(timer);
  }

  #listOf(ms: number): TimerList | undefined {
    const known = this.#lists.get(ms);
    if (known || this.#lists.size >= MOST_LISTS) return known;
    const list = new TimerList(ms, this.#now, () => this.#lists.delete(ms));
    this.#lists.set(ms, list);
    return list;
  }
}

interface Entry {
  readonly fn: () => void;
  readonly dueAt: number;
  before: Entry | undefined;
  after: Entry | undefined;
  isIn: boolean;
}

class TimerList {
  readonly #ms: number;
  readonly #now: () => number;
  readonly #onEmpty: () => void;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #isSet = false;

  /** @param onEmpty called when there was nothing in it for as long as its timers take */
  constructor(ms: number, now: () => number, onEmpty: () => void) {
    this.#ms = ms;
    this.#now = now;
    this.#onEmpty = onEmpty;
  }

  add(fn: () => void): () => void {
    const dueAt = this.#now() + this.#ms;
    const entry: Entry = { fn, dueAt, before: this.#last, after: undefined, isIn: true };
    if (this.#last) this.#last.after = entry;
    else this.#first = entry;
    this.#last = entry;
    if (!this.#isSet) this.#set(this.#ms);
    return () => this.#remove(entry);
  }

  #remove(entry: Entry): void {
    if (!entry.isIn) return;
    entry.isIn = false;
    const { before, after } = entry;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    entry.before = undefined;
    entry.after = undefined;
  }

  #set(ms: number): void {
    this.#isSet = true;
    setTimeout(() => this.#ring(), Math.min(ms, LONGEST_MS)).unref();
  }

  /** The timer stays as it was set: it rings for the first one, and then for whoever is first by then. */
  #ring(): void {
    this.#isSet = false;
    try {
      const now = this.#now() + EARLY_MS;
      for (let next = this.#first; next && next.dueAt <= now; next = this.#first) {
        this.#remove(next);
        next.fn();
      }
    } finally {
      if (!this.#first) this.#onEmpty();
      else if (!this.#isSet) this.#set(Math.max(1, this.#first.dueAt - this.#now()));
    }
  }
}
