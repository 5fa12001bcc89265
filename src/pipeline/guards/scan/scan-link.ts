import { Worker } from 'node:worker_threads';

import type { Scheduler } from '../../../core/scheduler.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import type { WordLists } from './scanning.ts';
import type { FromScanThread, ScanRequest, ToScanThread } from './messages.ts';
import { unpackScans } from './pack.ts';
import { ScanFailed } from './scan-all.ts';
import type { Scan } from './scanner.ts';

/** Who waits longer has failed. */
export const LONGEST_WAIT_MS = 2000;
/** A thread that is not there after so long will not come. */
const START_MS = 30_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** More that wait would be answered too late. */
export const MOST_WAITING = 64;
/** UTF-16 units of all texts that wait or are under way. */
const MOST_UNITS = 32 * 1024 * 1024;
/** Policies that the thread knows at a time. */
const MOST_POLICIES = 64;

interface LinkOptions {
  readonly scheduler: Scheduler;
  readonly thread: URL;
  words(policy: GuardPolicy): WordLists;
  said(level: 'warn' | 'error', text: string): void;
}

interface Order {
  readonly id: number;
  readonly policy: GuardPolicy;
  readonly asked: readonly ScanRequest[];
  readonly units: number;
  readonly resolve: (scans: readonly Scan[]) => void;
  readonly reject: (failed: ScanFailed) => void;
  /** Nobody waits for it any more. */
  isSettled: boolean;
  cancelWatch(): void;
}

/**
 * The request thread's end of the scanning thread, which is started with the first question. One order is under way at a
 * time, so that it is known which one does not come to an end; the thread is then replaced.
 */
export class ScanLink {
  readonly #options: LinkOptions;
  readonly #known = new Set<string>();
  #waiting: Order[] = [];
  #underWay: Order | undefined;
  #units = 0;
  #worker: Worker | undefined;
  #isReady = false;
  #cancelStart = (): void => {};
  #cancelRun = (): void => {};
  #lastId = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #isPausing = false;
  #isClosed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  warm(): void {
    if (!this.#worker && !this.#isPausing && !this.#isClosed) this.#start();
  }

  /** @returns rejects with ScanFailed */
  ask(policy: GuardPolicy, asked: readonly ScanRequest[]): Promise<readonly Scan[]> {
    const units = asked.reduce((sum, { text }) => sum + text.length, 0);
    const isFull = this.#waiting.length >= MOST_WAITING || this.#units + units > MOST_UNITS;
    if (isFull) return Promise.reject(new ScanFailed('too much waits for the scanning thread'));
    if (this.#isClosed) return Promise.reject(new ScanFailed('the scanning thread is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<readonly Scan[]>();
    const cancelWatch = this.#options.scheduler.after(LONGEST_WAIT_MS, () => this.#late(order));
    const id = (this.#lastId += 1);
    const order: Order = { id, policy, asked, units, resolve, reject, isSettled: false, cancelWatch };
    this.#units += units;
    this.#waiting.push(order);
    this.warm();
    this.#next();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelStart();
    this.#cancelRun();
    const failed = new ScanFailed('the scanning thread is closed');
    for (const order of [this.#underWay, ...this.#waiting.splice(0)]) if (order) this.#fail(order, failed);
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#underWay || !this.#isReady) return;
    const order = this.#waiting.shift();
    if (!order) return;
    this.#underWay = order;
    // Nothing else can be done about a scan that does not end than to end its thread.
    this.#cancelRun = this.#options.scheduler.after(LONGEST_WAIT_MS, () => void this.#worker?.terminate());
    this.#introduce(order.policy);
    this.#send({ kind: 'scan', id: order.id, version: order.policy.version, asked: order.asked });
  }

  #introduce(policy: GuardPolicy): void {
    const { version, settings } = policy;
    if (this.#known.has(version)) return;
    if (this.#known.size >= MOST_POLICIES) {
      this.#known.clear();
      this.#send({ kind: 'forget' });
    }
    this.#known.add(version);
    const { pii, injection, keywords, validation } = settings;
    const words = this.#options.words(policy);
    this.#send({ kind: 'policy', version, settings: { pii, injection, keywords, validation }, words });
  }

  #send(message: ToScanThread): void {
    this.#worker?.postMessage(message);
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
    const order = this.#underWay;
    if (order?.id !== message.id) return;
    this.#underWay = undefined;
    this.#cancelRun();
    this.#pauseMs = FIRST_PAUSE_MS;
    if (message.kind === 'failed') this.#fail(order, new ScanFailed(message.reason, message.guard));
    else if (!order.isSettled) {
      this.#settle(order);
      order.resolve(unpackScans(message.scans));
    }
    this.#next();
  }

  #late(order: Order): void {
    this.#waiting = this.#waiting.filter((one) => one !== order);
    this.#fail(order, new ScanFailed(`it took longer than ${LONGEST_WAIT_MS / 1000} s`, guardOf(order)));
  }

  #ended(reason: string): void {
    const order = this.#underWay;
    this.#underWay = undefined;
    this.#worker = undefined;
    this.#isReady = false;
    this.#known.clear();
    this.#cancelStart();
    this.#cancelRun();
    if (this.#isClosed) return;
    if (order) this.#fail(order, new ScanFailed('the scanning thread ended', guardOf(order)));
    this.#options.said('warn', `the thread that scans texts for guards ended and is started again: ${reason}`);
    this.#isPausing = true;
    this.#options.scheduler.after(this.#pauseMs, () => {
      this.#isPausing = false;
      if (this.#waiting.length > 0) this.warm();
    });
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #fail(order: Order, failed: ScanFailed): void {
    if (order.isSettled) return;
    this.#settle(order);
    order.reject(failed);
  }

  #settle(order: Order): void {
    order.isSettled = true;
    order.cancelWatch();
    this.#units -= order.units;
  }
}

/** The only guard that was asked, where it was one. */
function guardOf({ asked }: Order): string | undefined {
  const guard = asked[0]?.guard;
  return asked.every((one) => one.guard === guard) ? guard : undefined;
}
