import { unitsOf } from '../../../core/texts/units.ts';
import type { Scan, Scanner } from './scanner.ts';

/** Shorter texts are scanned in no time; longer ones would take the room of many. UTF-16 units. */
const [LEAST, MOST] = [32, 262_144];
/** Scans with more findings are not kept. */
const MOST_FINDINGS = 16;
/** Of an entry: each policy has scanners of its own. */
const MOST_SCANNERS = 16;
const PLACES = 1024;
/** What an entry takes beside its text. */
const ENTRY_BYTES = 256;
/** And each scan in it. */
const SCAN_BYTES = 128;

/** A text, and what each scanner said of it. */
interface Entry {
  readonly text: string;
  readonly scanners: Scanner[];
  readonly scans: Scan[];
}

/**
 * What scanners said of texts that come again, as system prompts and the earlier turns of a conversation do. A scanner
 * says the same of the same text, so that nothing has to be scanned twice. A text is compared as a whole; it is kept when
 * it comes for the second time, so that texts that never do cost little.
 */
export class ScanMemory {
  /** Two generations: what is asked for lives on in the young one. */
  #young = noEntries();
  #old = noEntries();
  #youngBytes = 0;
  readonly #halfBytes: number;
  /** Texts that came once: their numbers, and the scanner that was asked first. */
  readonly #seen = new Int32Array(PLACES);
  #seenBy: (Scanner | undefined)[] = Array.from({ length: PLACES });
  /** The text that was asked about last, which several scanners look at one after the other. */
  #last = '';
  #lastNumber = 0;

  constructor(mostBytes: number) {
    this.#halfBytes = mostBytes / 2;
  }

  get(scanner: Scanner, text: string): Scan | undefined {
    if (text.length < LEAST || text.length > MOST) return undefined;
    const entry = this.#entryOf(text, this.#numberOf(text));
    return entry?.scans[entry.scanners.indexOf(scanner)];
  }

  /** What it has just said. */
  note(scanner: Scanner, text: string, scan: Scan): void {
    if (text.length < LEAST || text.length > MOST || scan.findings.length > MOST_FINDINGS) return;
    const number = this.#numberOf(text);
    const place = number & (PLACES - 1);
    const entry = this.#entryOf(text, number);
    if (entry) {
      if (entry.scanners.length === MOST_SCANNERS || entry.scanners.includes(scanner)) return;
      entry.scanners.push(scanner);
      entry.scans.push(scan);
      this.#youngBytes += SCAN_BYTES;
    } else if (this.#seen[place] !== number) {
      this.#seen[place] = number;
      this.#seenBy[place] = scanner;
    } else if (this.#seenBy[place] === scanner) {
      // Whoever was asked first is asked again; the others are asked of the same text after it.
      this.#keep(place, { text, scanners: [scanner], scans: [scan] });
    }
  }

  /** Scanners that nobody asks any more are forgotten with it. */
  clear(): void {
    this.#young = noEntries();
    this.#old = noEntries();
    this.#youngBytes = 0;
    this.#seen.fill(0);
    this.#seenBy = Array.from({ length: PLACES });
    this.#last = '';
    this.#lastNumber = 0;
  }

  #entryOf(text: string, number: number): Entry | undefined {
    const place = number & (PLACES - 1);
    const young = this.#young[place];
    if (young !== undefined && young.text === text) return young;
    const old = this.#old[place];
    if (old === undefined || old.text !== text) return undefined;
    this.#old[place] = undefined;
    this.#keep(place, old);
    return old;
  }

  #keep(place: number, entry: Entry): void {
    const before = this.#young[place];
    this.#youngBytes += bytesOf(entry) - (before ? bytesOf(before) : 0);
    this.#young[place] = entry;
    if (this.#youngBytes <= this.#halfBytes) return;
    this.#old = this.#young;
    this.#young = noEntries();
    this.#youngBytes = 0;
  }

  #numberOf(text: string): number {
    if (text === this.#last) return this.#lastNumber;
    this.#lastNumber = numberOf(text);
    this.#last = text;
    return this.#lastNumber;
  }
}

function noEntries(): (Entry | undefined)[] {
  return Array.from({ length: PLACES });
}

function bytesOf({ text, scans }: Entry): number {
  return 2 * text.length + ENTRY_BYTES + scans.length * SCAN_BYTES;
}

/** Of a text that is longer some units say which it is: its ends, and so many between them. */
const [LONGEST_READ, ENDS, BETWEEN] = [4096, 256, 256];

function numberOf(text: string): number {
  const { length } = text;
  if (length <= LONGEST_READ) return numberOfAll(text);
  const step = Math.floor((length - 2 * ENDS) / BETWEEN);
  let number = length;
  for (let at = 0; at < length; at += at < ENDS || at >= length - ENDS ? 1 : step) {
    number = Math.imul(number ^ text.charCodeAt(at), PRIME);
  }
  number = Math.imul(number, SPREAD);
  return number ^ (number >>> 16);
}

/** Four sums side by side, which do not wait for each other. */
function numberOfAll(text: string): number {
  const units = unitsOf(text);
  const { length } = text;
  let [a, b, c, d] = [length, 1, 2, 3];
  let at = 0;
  for (; at + 3 < length; at += 4) {
    a = Math.imul(a ^ (units[at] ?? 0), PRIME);
    b = Math.imul(b ^ (units[at + 1] ?? 0), PRIME);
    c = Math.imul(c ^ (units[at + 2] ?? 0), PRIME);
    d = Math.imul(d ^ (units[at + 3] ?? 0), PRIME);
  }
  for (; at < length; at += 1) a = Math.imul(a ^ (units[at] ?? 0), PRIME);
  const sum = Math.imul(a ^ Math.imul(b ^ (c >>> 15), PRIME) ^ Math.imul(d ^ (a >>> 13), SPREAD), SPREAD);
  return sum ^ (sum >>> 16);
}

const [PRIME, SPREAD] = [0x01000193, 0x9e3779b1];
