import { type Call, header } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { type ErrorCode, GatewayError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Place, Verdict } from '../../../core/screening.ts';
import type { Reply } from '../../../core/reply.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { GuardPolicy } from '../engine/guard-policy.ts';
import { replyOfHeld, wholeReply } from './held-answer.ts';
import { keptRequest, withBody } from './kept-request.ts';
import { type Parked, REVIEW_HEADER, prefersAsync } from './parked-reply.ts';
import { refusalOf } from './refusal.ts';
import type { HeldAnswer, KeptRequest, ReviewKind, ReviewReason, StoredReview } from './review.ts';
import { requestDigest } from './review-digest.ts';
import type { ReviewStore } from './review-store.ts';
import { type SealedParts, UNSEALED } from './sealed-parts.ts';

/** What is parked, and why. */
export interface ParkAsk {
  readonly kind: ReviewKind;
  readonly reasons: readonly ReviewReason[];
  readonly policy: Pick<GuardPolicy, 'name' | 'review'>;
  /** What waits of `answer` and `tool-call`. */
  readonly answer?: HeldAnswer | undefined;
}

/** What somebody approved, for the one call that it was approved for. */
export interface Approval {
  readonly id: string;
  /** Whether this was a reason that somebody looked at: the guard does not block there, and its verdict names the review. */
  covers(guard: string, place: Place): boolean;
  /** The answer, where there is one already: nobody has to be asked. */
  readonly answer?: Reply | undefined;
  /** Where the call came to nothing before anything was answered: the approval can be used again. */
  giveBack(): Promise<void>;
}

/** What a reviewer says. */
export type ReviewWord = {
  readonly by: string | null;
  /** For whoever reads it later. */
  readonly note: string | null;
} & (
  | { readonly action: 'approve' }
  | { readonly action: 'reject'; readonly message: string | null }
  | { readonly action: 'edit'; readonly body: JsonObject }
  | { readonly action: 'edit'; readonly answer: string }
);

export interface ReviewDeskDeps {
  readonly store: Pick<ReviewStore, 'add' | 'waitingLike' | 'countWaiting' | 'find' | 'decide' | 'use' | 'giveBack'>;
  readonly parts: SealedParts;
  readonly clock: Clock;
  /**
   * A request as a call of its own.
   * @throws GatewayError where it cannot be one (any more)
   */
  readonly callOf: (request: KeptRequest) => Call;
  /** There is something to be run. */
  readonly wake: () => void;
}

/** More of one project do not wait: somebody has to read them. */
const MOST_WAITING = 1000;
/** Nor of one key, so that it does not keep out the others of its project. */
const MOST_OF_KEY = 200;
const USUAL_EXPIRY_MS = DAY_MS;
const USUAL_KEEP_MS = 30 * DAY_MS;
const ID = /^rev_[\da-f]{24}$/;

const KEY_IS_GONE: ReadonlySet<ErrorCode> = new Set(['auth_missing_key', 'auth_invalid_key', 'auth_forbidden']);

/** What is run here: which review it is of. */
interface OwnRun {
  readonly approval: Approval;
  readonly digest: string;
}

/** Where requests and answers wait for somebody, are decided about, and are let through. */
export class ReviewDesk {
  readonly #deps: ReviewDeskDeps;
  readonly #own = new WeakMap<Call, OwnRun>();

  constructor(deps: ReviewDeskDeps) {
    this.#deps = deps;
  }

  /**
   * Has a call wait. The same request of the same client waits once.
   * @throws guard_review where it cannot wait, as without a master key, request_too_large, limit_requests,
   * storage_unavailable
   */
  async park(call: Call, ask: ParkAsk): Promise<Parked> {
    const { store, clock } = this.#deps;
    const request = keptRequest(call);
    const own = this.#own.get(call);
    const digest = own?.digest ?? requestDigest(call);
    // What is run here has nobody at a socket who could send it again.
    const runsHere = own !== undefined || prefersAsync(call);
    const { project, keyId } = request;
    const same = { project, keyId, digest, kind: ask.kind, policy: ask.policy.name, runsHere };
    const [there, waiting] = await Promise.all([store.waitingLike(same), store.countWaiting(project, keyId)]);
    if (there) return parked(call, { ...there, isLater: runsHere });
    if (waiting.ofKey >= MOST_OF_KEY) throw tooMany(`${MOST_OF_KEY} of this key`);
    if (waiting.ofProject >= MOST_WAITING) throw tooMany(`${MOST_WAITING} of this project`);
    const { expires = USUAL_EXPIRY_MS, keep = USUAL_KEEP_MS } = ask.policy.review ?? {};
    const now = clock.now();
    const review = { id: newId('rev'), expiresAt: new Date(now + expires) };
    const sealed = this.#sealed(call, review.id, request, ask.answer);
    await store.add({
      ...same,
      ...review,
      createdAt: new Date(now),
      keepMs: keep,
      userId: request.user ?? null,
      traceId: call.id,
      dialect: call.dialect,
      operation: call.operation,
      endpoint: call.endpoint,
      model: request.model,
      reasons: ask.reasons,
      ...sealed,
    });
    return parked(call, { ...review, isLater: runsHere });
  }

  /**
   * Whether somebody approved just this call. An approval is used once; the client names it in `x-causeway-review`.
   * @returns undefined where the client names none
   * @throws resource_not_found, request_invalid where another request was approved, guard_review where it is not decided
   * or over, guard_blocked where it was rejected, storage_unavailable
   */
  pass(call: Call): Approval | undefined | Promise<Approval | undefined> {
    const own = this.#own.get(call);
    if (own) return own.approval;
    const id = header(call, REVIEW_HEADER);
    return id === undefined ? undefined : this.#passNamed(call, id);
  }

  async #passNamed(call: Call, id: string): Promise<Approval | undefined> {
    const review = await this.#ofClient(id, call);
    if (review.digest !== requestDigest(call)) {
      throw new GatewayError('request_invalid', {
        message: `The review in ${REVIEW_HEADER} is of another request. Send the one that waited, unchanged.`,
        param: REVIEW_HEADER,
      });
    }
    const made = this.#deps.parts.openResult(review);
    if (made) return this.#approval(review, call, wholeReply(call, made));
    const isOpen = review.state === 'approved' && !review.runsHere;
    const held = isOpen ? this.#deps.parts.openHeld(review) : undefined;
    const isFirst = isOpen && (await this.#deps.store.use(id, call.id));
    if (!isFirst) throw refusalOf(review);
    return this.#approval(review, call, held && replyOfHeld(call, held));
  }

  /** Lets through what the gateway itself makes of an approved request, without using anything up. */
  admitOwn(call: Call, review: StoredReview): void {
    this.#own.set(call, { approval: this.#approval(review, undefined), digest: review.digest });
  }

  /**
   * Decides about what waits, once.
   * @throws resource_not_found, request_invalid where it is decided already or an edit cannot be, storage_unavailable
   */
  async decide(id: string, word: ReviewWord): Promise<StoredReview> {
    const { store, clock, parts, wake } = this.#deps;
    const review = await this.#found(id);
    if (review.state !== 'waiting') throw decidedAlready(review);
    const edit = word.action === 'edit' ? this.#checkedEdit(review, word) : undefined;
    const now = clock.now();
    // An approval can be used for as long as it could have waited, counted anew.
    const expiresAt = new Date(now + (review.expiresAt.getTime() - review.createdAt.getTime()));
    const isDone = await store.decide(id, {
      state: word.action === 'reject' ? 'rejected' : 'approved',
      by: word.by,
      note: word.note,
      message: word.action === 'reject' ? word.message : null,
      expiresAt,
      deleteAt: new Date(Math.max(now + review.keepMs, expiresAt.getTime())),
      edited: edit && parts.edited(id, edit),
    });
    const after = await this.#found(id);
    if (!isDone) throw decidedAlready(after);
    if (after.state === 'approved' && after.runsHere) wake();
    return after;
  }

  /** Of this client, or of anybody where it is an admin. @throws resource_not_found, storage_unavailable */
  async find(id: string, client?: { readonly project: string; readonly keyId: string }): Promise<StoredReview> {
    const review = await this.#found(id);
    const isTheirs = client === undefined || (client.project === review.project && client.keyId === review.keyId);
    if (!isTheirs) throw notFound();
    return review;
  }

  #sealed(call: Call, id: string, request: KeptRequest, answer: HeldAnswer | undefined) {
    const { parts } = this.#deps;
    if (!parts.canSeal) {
      call.screening?.verdicts.push(CANNOT_WAIT);
      throw new GatewayError('guard_review', { message: UNSEALED });
    }
    return { request: parts.request(id, request), held: answer ? parts.held(id, answer) : null };
  }

  #checkedEdit(review: StoredReview, word: ReviewWord & { readonly action: 'edit' }) {
    const isRequest = review.kind === 'request';
    if (isRequest !== 'body' in word) {
      const what = isRequest
        ? 'a request: send `body`, the request in its place'
        : 'an answer: send `answer`, a text in its place';
      throw new GatewayError('request_invalid', { message: `What waits is ${what}.` });
    }
    if ('answer' in word) return { answer: word.answer };
    const request = this.#deps.parts.openRequest(review);
    const { facts } = this.#callOf(withBody(request, word.body));
    if (facts.stream !== request.stream) {
      throw new GatewayError('request_invalid', {
        message: 'Whether the answer is streamed cannot be changed: its client reads it as it asked for it.',
        param: 'body',
      });
    }
    return { body: word.body };
  }

  /** @throws request_invalid where its key is not in force any more, and what is wrong with the body */
  #callOf(request: KeptRequest): Call {
    try {
      return this.#deps.callOf(request);
    } catch (thrown) {
      if (!(thrown instanceof GatewayError) || !KEY_IS_GONE.has(thrown.code)) throw thrown;
      throw new GatewayError('request_invalid', {
        message: `The key of its client (${request.keyId}) is not in force any more, so nothing can be sent for it. Reject the review.`,
        cause: thrown,
      });
    }
  }

  #approval(review: StoredReview, call: Call | undefined, answer?: Reply): Approval {
    const { store } = this.#deps;
    const { id, reasons } = review;
    return {
      id,
      answer,
      covers: (guard, place) => reasons.some((reason) => reason.guard === guard && reason.place === place),
      async giveBack() {
        if (call) await store.giveBack(id, call.id);
      },
    };
  }

  async #ofClient(id: string, { principal }: Call): Promise<StoredReview> {
    if (!principal) throw notFound();
    return this.find(id, principal);
  }

  async #found(id: string): Promise<StoredReview> {
    const review = ID.test(id) ? await this.#deps.store.find(id) : undefined;
    if (!review) throw notFound();
    return review;
  }
}

function parked(call: Call, { id, expiresAt, isLater }: Parked): Parked {
  if (call.screening) call.screening.reviewId = id;
  return { id, expiresAt, isLater };
}

const CANNOT_WAIT: Verdict = {
  guard: 'review',
  place: 'input',
  outcome: 'failed',
  went: 'no-further',
  micros: 0,
  detail: { reason: 'no master key is set' },
};

function notFound(): GatewayError {
  return new GatewayError('resource_not_found', { message: 'There is no such review.' });
}

function decidedAlready({ id, state }: StoredReview): GatewayError {
  return new GatewayError('request_invalid', {
    message: `The review "${id}" is ${state} already, and can be decided once.`,
  });
}

function tooMany(what: string): GatewayError {
  return new GatewayError('limit_requests', {
    message: `Somebody has to approve this first, and ${what} wait already. Send it again later.`,
  });
}
