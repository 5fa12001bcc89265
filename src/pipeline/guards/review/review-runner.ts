import { setTimeout as delay } from 'node:timers/promises';

import type { Call } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { GatewayError, toGatewayError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { repeat } from '../../../core/repeat.ts';
import type { Reply } from '../../../core/reply.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { editedAnswer, replyOfHeld } from './held-answer.ts';
import { MOST_REQUEST_BYTES, withBody } from './kept-request.ts';
import type { KeptRequest, RenderedAnswer, StoredReview } from './review.ts';
import type { ReviewDesk } from './review-desk.ts';
import type { ReviewOutcome, ReviewStore } from './review-store.ts';
import type { SealedParts } from './sealed-parts.ts';

export interface ReviewRunnerDeps {
  readonly store: Pick<ReviewStore, 'takeRun' | 'keepRun' | 'leaveRun' | 'finishRun' | 'failLostRuns'>;
  readonly desk: Pick<ReviewDesk, 'admitOwn'>;
  readonly parts: SealedParts;
  /** @throws GatewayError where it cannot be a call (any more), such as where its key is revoked */
  readonly callOf: (request: KeptRequest) => Call;
  /** Through the pipeline. */
  readonly run: (call: Call) => Promise<Reply>;
  /** An answer, or the error that it is, as the client of the call would have got it. Never rejects. */
  readonly render: (call: Call, reply: Promise<Reply>) => Promise<RenderedAnswer>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: { warn(facts: object, message: string): void };
}

/** What another process has left behind is found this soon. */
const LOOK_MS = 15_000;
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;
/** A run takes at most this. */
const LIMIT_MS = 10 * 60_000;
const MOST_AT_ONCE = 4;
/** So that one whose model is slow does not have the others wait. */
const MOST_OF_PROJECT = 2;
const WRITE_TRIES = 5;
const WRITE_AGAIN_MS = 2000;
const LOST = 'The request was approved; whoever made its answer was ended, several times.';
const TOO_LARGE = 'The request was approved; its answer is too large to be kept.';

/** One answer that is being made. */
interface Run {
  readonly project: string;
  call: Call | undefined;
}

/**
 * Makes the answers of what was approved and has nobody waiting at a socket. One process runs each, for as long as its
 * lease is renewed; where it ends, another begins again. A provider may be asked twice then, and the client gets one answer.
 */
export class ReviewRunner {
  readonly #deps: ReviewRunnerDeps;
  /** Tells this process from all others. */
  readonly #name = newId('run');
  readonly #running = new Map<Promise<void>, Run>();
  readonly #stop: () => void;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #isClosed = false;

  constructor(deps: ReviewRunnerDeps) {
    this.#deps = deps;
    this.#stop = repeat(deps.scheduler, LOOK_MS, () => this.wake());
  }

  /** Looks whether there is something to be run. */
  wake(): void {
    this.#lookAgain = true;
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
  }

  /** Resolves when nothing is run any more; what is cut short goes on elsewhere. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop();
    await this.#looking;
    for (const run of this.#running.values()) cutShort(run);
    await Promise.all(this.#running.keys());
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    const { store, log } = this.#deps;
    try {
      while (this.#lookAgain && !this.#isClosed) {
        this.#lookAgain = false;
        await store.failLostRuns(LOST);
        while (this.#running.size < MOST_AT_ONCE && !this.#isClosed) {
          const review = await store.takeRun(this.#name, LEASE_MS, this.#busyProjects);
          if (!review) break;
          this.#begin(review);
        }
      }
    } catch (err) {
      log.warn({ err }, 'approved reviews could not be looked for; tried again soon');
    }
  }

  get #busyProjects(): string[] {
    const all = [...this.#running.values()].map(({ project }) => project);
    return [...new Set(all)].filter((one) => all.filter((other) => other === one).length >= MOST_OF_PROJECT);
  }

  #begin(review: StoredReview): void {
    const run: Run = { project: review.project, call: undefined };
    const work = this.#answer(review, run)
      .catch((err: unknown) => {
        this.#deps.log.warn({ err, review: review.id }, 'the answer of an approved review could not be kept');
      })
      .finally(() => {
        this.#running.delete(work);
        if (!this.#isClosed) this.wake();
      });
    this.#running.set(work, run);
  }

  async #answer(review: StoredReview, run: Run): Promise<void> {
    const { store, scheduler } = this.#deps;
    const endLimit = scheduler.after(LIMIT_MS, () => run.call?.cancellation.cancel('deadline'));
    const endLease = repeat(scheduler, RENEW_MS, () => {
      // Where the database was away for too long another has it, and its answer counts.
      store.keepRun(review.id, this.#name, LEASE_MS).then((isMine) => isMine || cutShort(run), ignore);
    });
    try {
      const answer = await this.#made(review, run);
      endLimit();
      await this.#keep(review, answer, run.call?.cancellation.by === 'shutdown');
    } finally {
      endLimit();
      endLease();
    }
  }

  async #made(review: StoredReview, run: Run): Promise<RenderedAnswer | GatewayError> {
    try {
      const { call, reply } = this.#callOf(review);
      run.call = call;
      return await this.#deps.render(call, reply());
    } catch (thrown) {
      return toGatewayError(thrown);
    }
  }

  #callOf(review: StoredReview): { readonly call: Call; readonly reply: () => Promise<Reply> } {
    const { parts, desk, callOf, run } = this.#deps;
    const edit = parts.openEdit(review);
    const sent = parts.openRequest(review);
    const call = callOf(edit && 'body' in edit ? withBody(sent, edit.body) : sent);
    desk.admitOwn(call, review);
    const held = parts.openHeld(review);
    const given = edit && 'answer' in edit ? editedAnswer(held, edit.answer) : held;
    return { call, reply: async () => (given ? replyOfHeld(call, given) : run(call)) };
  }

  async #keep(review: StoredReview, answer: RenderedAnswer | GatewayError, wasCut: boolean): Promise<void> {
    const { store, clock } = this.#deps;
    const isError = answer instanceof GatewayError || answer.isError;
    const deleteAt = new Date(clock.now() + review.keepMs);
    const outcome: ReviewOutcome = {
      state: isError ? 'failed' : 'done',
      deleteAt,
      ...this.#said(review.id, answer),
    };
    for (let left = WRITE_TRIES; ; left -= 1) {
      try {
        if (isError && wasCut) await store.leaveRun(review.id, this.#name);
        else await store.finishRun(review.id, this.#name, outcome);
        return;
      } catch (err) {
        if (left === 1 || this.#isClosed) throw err;
        await delay(WRITE_AGAIN_MS);
      }
    }
  }

  /** What the client will find. */
  #said(id: string, answer: RenderedAnswer | GatewayError): Pick<ReviewOutcome, 'result' | 'message'> {
    if (answer instanceof GatewayError) return { result: null, message: answer.message };
    if (answer.body.length > MOST_REQUEST_BYTES) return { result: null, message: TOO_LARGE };
    return { result: this.#deps.parts.result(id, answer), message: null };
  }
}

function cutShort({ call }: Run): void {
  call?.cancellation.cancel('shutdown');
}

function ignore(): void {}
