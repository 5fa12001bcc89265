import type { Clock } from '../../../core/clock.ts';
import { decodeAnswer, decodeLabels, encodeAnswer } from '../answer/codec.ts';
import type { StoredAnswer } from '../answer/stored-answer.ts';
import { type AnswerStore, type LevelStats, type PurgeFilter, isPurged } from './answer-store.ts';
import type { PurgeLog } from './purge-log.ts';
import { labelHashes, wantedLabels } from './label-hashes.ts';
import { type NameHash, Places, hashName } from './places.ts';
import { ReadAnswers } from './read-answers.ts';
import { Segment, recordBytes } from './segment.ts';
import { WaitingAnswers } from './waiting-answers.ts';

const LARGEST_SEGMENT = 1024 * 1024;
const SMALLEST_SEGMENT = 4096;
/** So many segments at least, so that little is forgotten at once. */
const SEGMENTS = 64;
/** No single answer takes more of the memory than this. */
const MOST_OF_ALL = 1 / 4;
const SCRATCH = 16 * 1024;
/** For answers that are read, so that they are not read for each who asks. */
const READ_OF_ALL = 1 / 64;
/** What objects of this language take beside the bytes, for each segment. */
const SEGMENT_OVERHEAD = 600;

export interface MemoryAnswersOptions {
  /** Bytes, bookkeeping included. */
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'now'>;
  /** Answers that were asked for before a purge may come after it. */
  readonly purges?: Pick<PurgeLog, 'covers'>;
}

/**
 * Answers in this process. Memory is taken in large segments that are filled one after the other and then used again,
 * the oldest first, so that it stays what it is however many answers come and go. What was asked for since it was
 * written is kept once more when its segment is used again.
 */
export class MemoryAnswers implements AnswerStore {
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #purges: Pick<PurgeLog, 'covers'> | undefined;
  readonly #places = new Places();
  readonly #waiting = new WaitingAnswers((answer) => this.#put(answer));
  readonly #read: ReadAnswers;
  readonly #reserved: number;
  /** Answers are encoded in it, one after the other. */
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH);
  /** By number, the oldest first. */
  readonly #segments = new Map<number, Segment>();
  /** The one that is being filled. */
  #head: Segment | undefined;
  #nextNumber = 0;
  #segmentsBytes = 0;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor({ maxBytes, clock, purges }: MemoryAnswersOptions) {
    this.#maxBytes = maxBytes;
    this.#clock = clock;
    this.#purges = purges;
    const read = Math.floor(maxBytes * READ_OF_ALL);
    this.#read = new ReadAnswers(read);
    this.#reserved = SCRATCH + read;
    const wanted = 2 ** Math.floor(Math.log2(Math.max(1, maxBytes / SEGMENTS)));
    this.#segmentBytes = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, wanted));
  }

  get stats(): LevelStats {
    this.#waiting.settleAll();
    return {
      entries: this.#places.size,
      bytes: this.#bytes,
      maxBytes: this.#maxBytes,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
    };
  }

  get(key: string): StoredAnswer | undefined {
    const name = hashName(key);
    this.#waiting.settle(key, name);
    const found = this.#find(name);
    const answer = found && this.#answerAt(found, name, key);
    if (answer) this.#hits += 1;
    else this.#misses += 1;
    return answer;
  }

  /** Without counting as asked for. */
  has(key: string): boolean {
    const name = hashName(key);
    this.#waiting.settle(key, name);
    const found = this.#find(name);
    return found !== undefined && found.segment.expiresAt(found.at) > this.#clock.now();
  }

  set(answer: StoredAnswer): void {
    if (!this.#purges?.covers(answer)) this.#put(answer);
  }

  setIfGood(answer: StoredAnswer, isGood: () => boolean): void {
    if (this.#purges?.covers(answer)) return;
    const { content } = answer;
    if (content.kind === 'bytes') this.#waiting.add(answer, content.body.length, isGood);
    else if (isGood()) this.#put(answer);
  }

  /** The same of an answer that is encoded already. */
  setEncoded({ key, labels, expiresAt }: Pick<StoredAnswer, 'key' | 'labels' | 'expiresAt'>, encoded: Buffer): void {
    const name = hashName(key);
    this.#waiting.settle(key, name);
    const head = { name, expiresAt, labels: labelHashes(labels) };
    const size = recordBytes(encoded.length, head.labels.length);
    if (size > this.#maxBytes * MOST_OF_ALL) {
      // The one that it would have replaced is out of date all the same.
      this.#places.delete(head.name);
      return;
    }
    const segment = size > this.#segmentBytes ? this.#openAlone(size) : this.#openFor(size);
    this.#places.set(head.name, placeOf(segment, segment.append(head, encoded)));
    this.#makeRoom(0);
  }

  delete(key: string): boolean {
    return this.#deleteKey(key, {}) === 1;
  }

  purge(filter: PurgeFilter): number {
    this.#waiting.settleAll();
    if (filter.key !== undefined) return this.#deleteKey(filter.key, filter);
    const wanted = wantedLabels(filter);
    const before = this.#places.size;
    for (const segment of this.#segments.values()) {
      for (let at = 0; at < segment.end; at += segment.sizeOf(at)) {
        if (segment.hasLabels(at, wanted) && this.#isLive(segment, at)) this.#places.delete(segment.nameAt(at));
      }
    }
    return before - this.#places.size;
  }

  get #bytes(): number {
    return this.#reserved + this.#segmentsBytes + this.#places.bytes;
  }

  #find(name: NameHash): Found | undefined {
    const place = this.#places.get(name);
    if (place === undefined) return undefined;
    const at = place % LARGEST_SEGMENT;
    const segment = this.#segments.get((place - at) / LARGEST_SEGMENT);
    return segment && { segment, at, place };
  }

  #answerAt({ segment, at, place }: Found, name: NameHash, key: string): StoredAnswer | undefined {
    if (segment.expiresAt(at) <= this.#clock.now()) {
      this.#places.delete(name);
      return undefined;
    }
    const read = this.#read.get(key, place);
    if (read) return read;
    const kept = segment.contentAt(at);
    // A copy: the memory is used again while the answer may still be on its way to a slow client.
    const encoded = Buffer.allocUnsafeSlow(kept.length);
    encoded.set(kept);
    const answer = decodeAnswer(encoded);
    if (answer?.key !== key) return undefined;
    segment.use(at);
    this.#read.add(answer, place, encoded.length);
    return answer;
  }

  #put(answer: StoredAnswer): void {
    this.setEncoded(answer, encodeAnswer(answer, this.#scratch));
  }

  #deleteKey(key: string, filter: PurgeFilter): number {
    const name = hashName(key);
    this.#waiting.settle(key, name);
    const found = this.#find(name);
    const head = found && decodeLabels(found.segment.contentAt(found.at));
    if (!head || head.key !== key || !isPurged(head.labels, key, filter)) return 0;
    this.#places.delete(name);
    return 1;
  }

  #isLive(segment: Segment, at: number): boolean {
    return this.#places.get(segment.nameAt(at)) === placeOf(segment, at);
  }

  /** The segment that is being filled, or the next one. */
  #openFor(size: number): Segment {
    if (this.#head?.hasRoom(size)) return this.#head;
    let next: Segment | undefined;
    while (this.#bytes + this.#segmentBytes + SEGMENT_OVERHEAD > this.#maxBytes && !next) {
      const oldest = this.#takeOldest();
      if (!oldest) break;
      if (oldest.capacity === this.#segmentBytes) next = this.#reuse(oldest, size);
      else this.#forgetAll(oldest);
    }
    this.#head = this.#add(next ?? new Segment(this.#nextNumber, this.#segmentBytes));
    return this.#head;
  }

  /** A segment of its own for what is larger than others. */
  #openAlone(size: number): Segment {
    this.#makeRoom(size + SEGMENT_OVERHEAD);
    return this.#add(new Segment(this.#nextNumber, size));
  }

  #makeRoom(size: number): void {
    while (this.#bytes + size > this.#maxBytes && this.#segments.size > 1) {
      const oldest = this.#takeOldest();
      if (oldest) this.#forgetAll(oldest);
    }
  }

  #add(segment: Segment): Segment {
    this.#nextNumber += 1;
    this.#segments.set(segment.number, segment);
    this.#segmentsBytes += segment.capacity + SEGMENT_OVERHEAD;
    return segment;
  }

  #takeOldest(): Segment | undefined {
    const [oldest] = this.#segments.values();
    if (!oldest) return undefined;
    this.#segments.delete(oldest.number);
    this.#segmentsBytes -= oldest.capacity + SEGMENT_OVERHEAD;
    if (oldest === this.#head) this.#head = undefined;
    return oldest;
  }

  /** Forgets what nobody asked for, and keeps the rest as far as half of the memory is free after it. */
  #reuse(oldest: Segment, needed: number): Segment {
    const next = new Segment(this.#nextNumber, oldest.capacity, oldest);
    const now = this.#clock.now();
    let left = Math.min(oldest.capacity / 2, oldest.capacity - needed);
    let size = 0;
    for (let at = 0; at < oldest.end; at += size) {
      // Before it is moved: what stands here is written over by that.
      size = oldest.sizeOf(at);
      if (!this.#isLive(oldest, at)) continue;
      if (oldest.isUsed(at) && oldest.expiresAt(at) > now && size <= left) {
        left -= size;
        const name = oldest.nameAt(at);
        this.#places.set(name, placeOf(next, next.moveUp(at)));
      } else this.#forget(oldest, at);
    }
    return next;
  }

  #forgetAll(segment: Segment): void {
    for (let at = 0; at < segment.end; at += segment.sizeOf(at))
      if (this.#isLive(segment, at)) this.#forget(segment, at);
  }

  #forget(segment: Segment, at: number): void {
    this.#places.delete(segment.nameAt(at));
    if (segment.expiresAt(at) > this.#clock.now()) this.#evictions += 1;
  }
}

interface Found {
  readonly segment: Segment;
  readonly at: number;
  readonly place: number;
}

/** Records that begin further in a segment than this are not written: larger segments have one record. */
function placeOf({ number }: Segment, at: number): number {
  return number * LARGEST_SEGMENT + at;
}
