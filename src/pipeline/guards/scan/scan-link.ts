import { Worker } from 'node:worker_threads';

import type { Scheduler } from '../../../core/scheduler.ts';
import { costOf } from './cost.ts';
import type { FromScanThread, ScanAnswer, ScanRequest, TextDigest, ToScanThread } from './messages.ts';
import { unpackScans } from './pack.ts';
import { ScanFailed } from './scan-all.ts';
import { type Order, type ScanOrder, allowedMs, guardOf, piecesOf, unitsOf } from './scan-order.ts';
import { CLEAN, type Scan } from './scanner.ts';
import { Turns } from './turns.ts';

/** Who waits so long beside the time of the own scan has failed. */
export const LONGEST_WAIT_MS = 10_000;
/** A thread that is not there after so long, or has not built a policy, will not come. */
const START_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/**
 * Requests that wait. Half of it is for one alone. It is far more than is under way in quiet times: after a moment in
 * which the process stood still all that was sent meanwhile comes at once.
 */
export const MOST_WAITING = 2048;
/**
 * UTF-16 units of all texts that wait or are under way; ordinary ones are scanned in a second. Half of it is for one
 * alone, which any request fits into.
 */
const MOST_UNITS = 64 * 1024 * 1024;
/** Orders of the same texts that are under way together: as many as guards of a few policies. */
const MOST_TOGETHER = 8;
/** Policies that the thread knows at a time. */
const MOST_POLICIES = 64;

const NONE: readonly Order[] = [];

interface LinkOptions {
  readonly scheduler: Scheduler;
  readonly thread: URL;
  said(level: 'warn' | 'error', text: string): void;
}

/** How much of it is in the link. */
interface Share {
  orders: number;
  units: number;
}

/**
 * The request thread's end of a scanning thread, which is started with the first question. One piece is under way at a
 * time, of one order or of several that ask of the same texts. Where it does not come to an end the thread is replaced;
 * of several each is then asked alone, so that it is known which one it was. Between two pieces others have their turn.
 */
export class ScanLink {
  readonly #options: LinkOptions;
  readonly #known = new Set<string>();
  readonly #waiting = new Turns<Order>();
  readonly #all: Share = { orders: 0, units: 0 };
  readonly #shares = new Map<string, Share>();
  #underWay: readonly Order[] = NONE;
  #isToGoOn = false;
  #worker: Worker | undefined;
  #isReady = false;
  #cancelStart = (): void => {};
  #cancelRun = (): void => {};
  #pauseMs = FIRST_PAUSE_MS;
  #isPausing = false;
  #isClosed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** @returns rejects with ScanFailed */
  ask(wanted: ScanOrder): Promise<readonly Scan[]> {
    const { from, costs, asked } = wanted;
    const units = unitsOf(asked);
    if (!this.#hasRoom(from, units)) return Promise.reject(new ScanFailed('too much waits for the scanning thread'));
    if (this.#isClosed) return Promise.reject(new ScanFailed('the scanning thread is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<readonly Scan[]>();
    const ms = LONGEST_WAIT_MS + allowedMs(costOf(costs, asked));
    const cancelWatch = this.#options.scheduler.after(ms, () => this.#late(order));
    const own = { units, pieces: piecesOf(asked), scans: [] };
    const order: Order = { ...wanted, ...own, resolve, reject, isSettled: false, isAlone: false, cancelWatch };
    this.#count(order, 1);
    this.#waiting.add(order);
    this.#warm();
    this.#nextSoon();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelStart();
    this.#cancelRun();
    const failed = new ScanFailed('the scanning thread is closed');
    for (const order of [...this.#underWay, ...this.#waiting.takeAll()]) this.#fail(order, failed);
    await this.#worker?.terminate();
  }

  #hasRoom(from: string, units: number): boolean {
    const own = this.#shares.get(from) ?? { orders: 0, units: 0 };
    const isFull = this.#all.orders >= MOST_WAITING || this.#all.units + units > MOST_UNITS;
    return !isFull && own.orders < MOST_WAITING / 2 && own.units + units <= MOST_UNITS / 2;
  }

  #count({ from, units }: Order, by: 1 | -1): void {
    const own = this.#shares.get(from) ?? { orders: 0, units: 0 };
    for (const share of [this.#all, own]) {
      share.orders += by;
      share.units += by * units;
    }
    if (own.orders === 0) this.#shares.delete(from);
    else this.#shares.set(from, own);
  }

  /** Not at once: other guards are asked of the same texts right after. */
  #nextSoon(): void {
    if (this.#isToGoOn || this.#underWay.length > 0) return;
    this.#isToGoOn = true;
    queueMicrotask(() => {
      this.#isToGoOn = false;
      this.#next();
    });
  }

  #next(): void {
    if (this.#underWay.length > 0 || !this.#isReady) return;
    const order = this.#waiting.take();
    if (!order) return;
    if (this.#known.has(order.policy.version)) this.#scan(order);
    else this.#introduce(order);
  }

  #scan(order: Order): void {
    const together = this.#together(order);
    let cost = 0;
    for (const { costs, pieces } of together) cost += costOf(costs, pieces[0] ?? []);
    const ms = allowedMs(cost);
    this.#give(ms, together, `it took longer than ${ms / 1000} s`);
    const [piece = []] = order.pieces;
    this.#send({
      kind: 'scan',
      texts: piece.map(({ text }) => text),
      digested: undigested(piece),
      askers: together.map(({ policy, pieces }) => ({
        version: policy.version,
        guards: (pieces[0] ?? []).map(({ guard }) => guard),
      })),
    });
  }

  /** With those that wait right behind it and ask of the same texts. */
  #together(order: Order): readonly Order[] {
    const together = [order];
    const [texts = []] = order.pieces;
    const isLike = ({ policy, pieces, isAlone }: Order): boolean =>
      !isAlone && this.#known.has(policy.version) && haveSameTexts(pieces[0] ?? [], texts);
    while (!order.isAlone && together.length < MOST_TOGETHER) {
      const other = this.#waiting.takeOf(order.from, isLike);
      if (!other) break;
      together.push(other);
    }
    return together;
  }

  /** Large lists of words take long to build; that is nobody's scan. */
  #introduce(order: Order): void {
    const { version, settings, words } = order.policy;
    if (this.#known.size >= MOST_POLICIES) {
      this.#known.clear();
      this.#send({ kind: 'forget' });
    }
    const { pii, injection, keywords, validation } = settings;
    this.#give(START_MS, [order], 'the scanners of the policy were not built in time');
    this.#send({ kind: 'policy', version, settings: { pii, injection, keywords, validation }, words });
  }

  /** Nothing else can be done about work that does not end than to end its thread. */
  #give(ms: number, orders: readonly Order[], orElse: string): void {
    this.#underWay = orders;
    this.#cancelRun = this.#options.scheduler.after(ms, () => {
      const [only] = orders;
      if (only && orders.length === 1) this.#fail(only, new ScanFailed(orElse, guardOf(only.asked)));
      void this.#worker?.terminate();
    });
  }

  #send(message: ToScanThread): void {
    this.#worker?.postMessage(message);
  }

  #warm(): void {
    if (!this.#worker && !this.#isPausing && !this.#isClosed) this.#start();
  }

  #start(): void {
    const worker = new Worker(this.#options.thread);
    let reason = 'it ended';
    worker.on('message', (message: FromScanThread) => this.#hear(message));
    worker.on('error', (error) => (reason = error instanceof Error ? error.name : 'an error'));
    worker.on('exit', () => this.#ended(reason));
    worker.unref();
    this.#worker = worker;
    this.#cancelStart = this.#options.scheduler.after(START_MS, () => void worker.terminate());
  }

  #hear(message: FromScanThread): void {
    if (message.kind === 'ready') {
      this.#isReady = true;
      this.#cancelStart();
      this.#next();
      return;
    }
    const orders = this.#underWay;
    if (orders.length === 0) return;
    this.#underWay = NONE;
    this.#cancelRun();
    this.#pauseMs = FIRST_PAUSE_MS;
    if (message.kind === 'built') {
      this.#known.add(message.version);
      const [order] = orders;
      if (order && !order.isSettled) return this.#scan(order);
    } else {
      noteDigests(orders[0]?.pieces[0] ?? [], message.digests);
      for (let at = 0; at < orders.length; at += 1) this.#take(orders[at], message.answers[at]);
    }
    this.#next();
  }

  /** What came of its next piece. */
  #take(order: Order | undefined, answer: ScanAnswer | undefined): void {
    if (!order || !answer || order.isSettled) return;
    if (answer.kind === 'failed') return this.#fail(order, new ScanFailed(answer.reason, answer.guard));
    order.pieces.shift();
    if (answer.kind === 'found') for (const scan of unpackScans(answer.scans)) order.scans.push(scan);
    else for (let left = answer.texts; left > 0; left -= 1) order.scans.push(CLEAN);
    if (order.pieces.length > 0) return this.#waiting.add(order);
    this.#settle(order);
    order.resolve(order.scans);
  }

  #late(order: Order): void {
    this.#waiting.remove(order);
    this.#fail(order, new ScanFailed('it waited too long for the scanning thread', guardOf(order.asked)));
  }

  #ended(reason: string): void {
    const orders = this.#underWay;
    this.#underWay = NONE;
    this.#worker = undefined;
    this.#isReady = false;
    this.#known.clear();
    this.#cancelStart();
    this.#cancelRun();
    if (this.#isClosed) return;
    for (const order of orders) this.#lose(order, orders.length === 1);
    this.#options.said('warn', `a thread that scans texts for guards ended and is started again: ${reason}`);
    this.#isPausing = true;
    this.#options.scheduler.after(this.#pauseMs, () => {
      this.#isPausing = false;
      if (this.#waiting.count > 0) this.#warm();
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** The thread ended with it. */
  #lose(order: Order, wasAlone: boolean): void {
    if (wasAlone) return this.#fail(order, new ScanFailed('the scanning thread ended', guardOf(order.asked)));
    if (order.isSettled) return;
    order.isAlone = true;
    this.#waiting.add(order);
  }

  #fail(order: Order, failed: ScanFailed): void {
    if (order.isSettled) return;
    this.#settle(order);
    order.reject(failed);
  }

  #settle(order: Order): void {
    order.isSettled = true;
    order.cancelWatch();
    this.#count(order, -1);
  }
}

/** Places of texts whose digests are wanted and not there. */
function undigested(piece: readonly ScanRequest[]): number[] {
  const places: number[] = [];
  for (const [at, { text, digests }] of piece.entries()) if (digests?.lacks(text)) places.push(at);
  return places;
}

function noteDigests(piece: readonly ScanRequest[], said: readonly TextDigest[]): void {
  for (const { at, digest } of said) piece[at]?.digests?.note(piece[at].text, digest);
}

function haveSameTexts(one: readonly ScanRequest[], other: readonly ScanRequest[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at]?.text !== other[at]?.text) return false;
  return true;
}
