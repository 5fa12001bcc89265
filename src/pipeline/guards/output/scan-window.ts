import { type Finding, MOST_HELD_LOOK, type Scan } from '../scan/scanner.ts';
import type { AnswerState, ScanningRun } from './guard-run.ts';
import { isHigh, wholeEnd } from './steps.ts';

/** How much of what was sent is looked at again with each piece, beside what a guard said that it may begin. */
const CONTEXT = 64;
/** A boundary of a word before what may be a beginning. */
const BEFORE = 16;
/** Now and then, and at the end, a guard sees more at a time: signs that only together count. */
const WIDE = 2048;
const WIDE_STEP = 1024;

/** Something that is replaced. Places are units since the text began. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

interface Hit extends Finding {
  readonly lane: Lane;
  /** Of the text that it was found in. */
  readonly scanned: number;
}

/** One guard on one text. */
interface Lane {
  readonly run: ScanningRun;
  /** Where what may be a beginning of something begins. */
  from: number;
  /** Findings up to here have had their consequences. */
  settledTo: number;
}

export interface WindowOptions {
  readonly runs: readonly ScanningRun[];
  readonly state: AnswerState;
  /** Units that may be held back. */
  readonly holdBack: number;
}

/**
 * A text on its way to the client, with guards on it. What may be the beginning of something is held back until more of
 * it has come, as far as the hold-back allows; what is cleared goes on. What was sent stays in sight, so that something
 * longer than the hold-back is found all the same, and its rest does not go out.
 */
export class ScanWindow {
  /** Some of it was replaced. */
  isChanged = false;
  readonly #lanes: readonly Lane[];
  readonly #state: AnswerState;
  readonly #holdBack: number;
  /** The end of what was given on, as the model said it. */
  #tail = '';
  #pending = '';
  /** Where `#pending` begins. */
  #at = 0;
  #redactedTo = 0;
  #spans: Span[] = [];
  #sinceWide = 0;

  constructor({ runs, state, holdBack }: WindowOptions) {
    this.#lanes = runs.map((run) => ({ run, from: 0, settledTo: 0 }));
    this.#state = state;
    this.#holdBack = holdBack;
  }

  /** How many units wait. */
  get held(): number {
    return this.#pending.length;
  }

  /** More of the text. @returns what is cleared; nothing where the state says stop */
  add(text: string): string {
    this.#pending += text;
    this.#sinceWide += text.length;
    return this.#step(false, this.#sinceWide >= WIDE_STEP);
  }

  /** Nothing follows at once: what waits is what it is. */
  flush(): string {
    return this.#pending === '' ? '' : this.#step(true, false);
  }

  /** Nothing follows at all. */
  close(): string {
    return this.#sinceWide === 0 ? this.flush() : this.#step(true, true);
  }

  #step(isLast: boolean, isWide: boolean): string {
    if (isWide) this.#sinceWide = 0;
    const end = this.#at + this.#pending.length;
    const found: Hit[] = [];
    let holdFrom = end;
    for (const lane of this.#lanes) {
      if (lane.run.isOver) continue;
      this.#look(lane, { isLast, isWide, end }, found);
      holdFrom = Math.min(holdFrom, lane.from);
    }
    const clearTo = isLast ? end : this.#clearTo(Math.max(this.#at, holdFrom, end - this.#holdBack), end);
    // What may still grow waits for that, unless the hold-back does not allow it.
    for (const hit of found) if (hit.end <= hit.lane.from || hit.start < clearTo) this.#settle(hit);
    if (this.#state.stop) {
      this.#pending = '';
      return '';
    }
    return this.#release(clearTo);
  }

  #look(lane: Lane, { isLast, isWide, end }: { isLast: boolean; isWide: boolean; end: number }, found: Hit[]): void {
    const { run } = lane;
    const reach = isWide ? WIDE : CONTEXT + Math.max(0, this.#at - lane.from);
    const back = Math.min(this.#tail.length, reach);
    const text = (back === 0 ? '' : this.#tail.slice(-back)) + this.#pending;
    const begin = this.#at - back;
    const before = performance.now();
    try {
      const scan = run.guard.scanner.scan(text);
      const from = isLast ? end : end - heldOf(run, text, end - lane.from);
      run.looked ||= text.length > 0;
      lane.from = this.#note(lane, scan, { begin, from }, found);
    } catch {
      run.fail();
      lane.from = end;
    }
    run.micros += (performance.now() - before) * 1000;
  }

  /** @returns from where on it waits, as far as this guard goes */
  #note(lane: Lane, scan: Scan, { begin, from }: { begin: number; from: number }, found: Hit[]): number {
    const { run } = lane;
    const { threshold } = run.guard;
    if (scan.score < threshold) return from;
    const counted = scan.findings.filter(({ score }) => score >= threshold);
    const findings = counted.length > 0 ? counted : scan.findings;
    if (findings.length === 0 && threshold > 0) run.hit(scan.score, []);
    let earliest = from;
    for (const finding of findings) {
      const [start, end] = [begin + finding.start, begin + finding.end];
      // What begins where the window is cut may be the middle of something else.
      if (end <= lane.settledTo || (finding.start === 0 && begin > 0)) continue;
      found.push({ ...finding, start, end, lane, scanned: scan.score });
      if (end > from) earliest = Math.min(earliest, start);
    }
    return earliest;
  }

  #settle({ lane, start, end, category, scanned }: Hit): void {
    const { run } = lane;
    // What has grown since it was counted is the same one.
    run.hit(scanned, start < lane.settledTo ? [] : [category]);
    lane.settledTo = Math.max(lane.settledTo, end);
    if (run.use.action === 'redact') this.#spans.push({ start, end, label: labelOf(run, category) });
  }

  /** Whole characters. */
  #clearTo(to: number, end: number): number {
    const at = to - this.#at;
    if (to === end) return isHigh(this.#pending, at - 1) ? to - 1 : to;
    return this.#at + wholeEnd(this.#pending, at);
  }

  #release(clearTo: number): string {
    const spans = this.#spans.toSorted((a, b) => a.start - b.start);
    const later: Span[] = [];
    let out = '';
    let at = this.#at;
    let to = clearTo;
    for (const span of spans) {
      if (span.start >= to) {
        later.push(span);
        continue;
      }
      if (span.end <= at) continue;
      out += this.#raw(at, Math.max(at, span.start));
      if (span.start >= this.#redactedTo) out += span.label;
      this.isChanged = true;
      at = span.end;
      this.#redactedTo = Math.max(this.#redactedTo, at);
      to = Math.max(to, at);
    }
    out += this.#raw(at, to);
    this.#spans = later;
    this.#advance(to);
    return out;
  }

  #raw(from: number, to: number): string {
    return this.#pending.slice(from - this.#at, to - this.#at);
  }

  #advance(to: number): void {
    const units = to - this.#at;
    if (units === 0) return;
    const tail = this.#tail + this.#pending.slice(0, units);
    this.#tail = tail.length > 2 * WIDE ? tail.slice(-WIDE) : tail;
    this.#pending = this.#pending.slice(units);
    this.#at = to;
  }
}

/** @param most that may be held: what waited for this guard already, and what came */
function heldOf({ guard: { scanner } }: ScanningRun, text: string, most: number): number {
  const look = Math.min(text.length, scanner.heldLook ?? MOST_HELD_LOOK, most + BEFORE);
  return look === 0 ? 0 : Math.min(look, Math.max(0, scanner.held(text.slice(-look))));
}

function labelOf({ guard }: ScanningRun, category: string): string {
  return guard.name === 'pii' ? `[${category}]` : '[REDACTED]';
}
