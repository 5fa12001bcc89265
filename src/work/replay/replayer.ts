import type { Call } from '../../core/call.ts';
import { targetName } from '../../core/call.ts';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
import { ReplyStream, type Reply, type StreamedReply, type StreamProducer } from '../../core/reply.ts';
import { type Handler, type Stage, compose } from '../../core/stage.ts';
import type { Terminal } from '../../core/events.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { Draws } from './draws.ts';
import { type Foresight, foresee } from './foresee.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { AnsweredOutcome, Outcome } from './outcome.ts';
import { type CallMaker, type RecordedCall, recordedCall } from './recorded-call.ts';
import { recordedOutcome, tokensOf } from './recorded-outcome.ts';
import type { RecordedRequest, TwinAnswer } from './recorded-request.ts';
import { type CacheVerdict, lookUp, remember } from './replay-cache.ts';
import type { ReplayClock } from './replay-clock.ts';

/** Why a request is taken as it was recorded. */
export type Left = 'before-its-key' | 'refused-anyway' | 'not-sendable' | 'given-up';

/** A request, replayed. */
export interface Replayed {
  readonly request: RecordedRequest;
  readonly before: Outcome;
  readonly after: Outcome;
  /** Absent where it was replayed. */
  readonly left?: Left;
  /** What the caches could not tell of it. */
  readonly cache?: Pick<CacheVerdict, 'isUntold' | 'isOfBefore' | 'mayMeanTheSame'>;
  /** Another prompt of the operator's is put in than was: how long that is is not looked at. */
  readonly hasOtherPrompt?: true;
}

export interface ReplayPlan {
  readonly clock: ReplayClock;
  /** Whatever the stages draw. */
  readonly draws: Draws;
  readonly catalog: ModelCatalog;
  readonly makeCall: CallMaker;
  /** Of the pipeline: what comes before the cache, and what comes after it. */
  readonly stages: { readonly before: readonly Stage[]; readonly after: readonly Stage[] };
  readonly foresight: Foresight;
  /** What kept answers may take. */
  readonly cacheBytes: number;
}

/** Refusals that are the configuration's. */
const DECIDED_ANEW: ReadonlySet<string | null> = new Set([
  'limit_requests',
  'limit_tokens',
  'limit_concurrency',
  'budget_exhausted',
  'cost_unbounded',
  'model_not_found',
]);

interface Passage {
  readonly call: RecordedCall;
  readonly twins: readonly TwinAnswer[];
  outcome: Outcome | undefined;
  verdict: CacheVerdict;
}

/** Sends recorded requests, in the order of their times, through the stages of a proposed configuration. Asks nobody. */
export class Replayer {
  readonly #plan: ReplayPlan;
  readonly #kept: KeptAnswers;
  readonly #handler: Handler;
  #passage: Passage | undefined;
  #unseenUntil: number | undefined;

  constructor(plan: ReplayPlan) {
    this.#plan = plan;
    this.#kept = new KeptAnswers(plan.cacheBytes);
    const cache: Stage = { name: 'cache', run: (call, next) => this.#throughCache(call, next) };
    const answer: Stage = { name: 'answer', run: () => Promise.resolve(this.#answer()) };
    this.#handler = compose([...plan.stages.before, cache, ...plan.stages.after, answer]);
  }

  /** One after the other; never throws for what a request is. */
  async replay(request: RecordedRequest, twins: readonly TwinAnswer[] = []): Promise<Replayed> {
    const { clock, draws, makeCall } = this.#plan;
    const before = recordedOutcome(request);
    const left = whyLeft(request, before);
    if (left) return { request, before, after: before, left };
    clock.moveTo(request.startedAt);
    this.#unseenUntil ??= request.startedAt;
    draws.beginWith(request.traceId);
    let call: RecordedCall;
    try {
      call = recordedCall(request, makeCall);
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      return { request, before, after: before, left: 'not-sendable' };
    }
    const passage: Passage = { call, twins, outcome: undefined, verdict: {} };
    const after = await this.#walk(passage);
    const { hit: _, key: _key, flight: _flight, ...cache } = passage.verdict;
    if (cache.isUntold) this.#unseenUntil = request.startedAt + request.latencyMs;
    return {
      request,
      before,
      after,
      ...(Object.keys(cache).length > 0 && { cache }),
      ...(hasOtherPrompt(call) && { hasOtherPrompt: true }),
    };
  }

  /** What is under way comes to its end. */
  finish(): void {
    this.#plan.clock.finish();
  }

  async #walk(passage: Passage): Promise<Outcome> {
    this.#passage = passage;
    try {
      const reply = await this.#handler(passage.call);
      if (reply.kind === 'stream') reply.stream.read(NOBODY);
      return passage.outcome ?? { kind: 'refused', code: 'internal' };
    } catch (thrown) {
      const { code } = toGatewayError(thrown);
      return { kind: 'refused', code };
    } finally {
      this.#passage = undefined;
    }
  }

  #throughCache(call: Call, next: Handler): Promise<Reply> {
    const passage = this.#under();
    passage.verdict = lookUp(this.#cacheDeps, passage.call);
    const { hit } = passage.verdict;
    if (!hit) return next(call);
    passage.outcome = hit;
    call.cache = { state: hit.state, target: hit.target };
    return Promise.resolve(WHOLE);
  }

  /** What the target would have said; it ends when it would have. */
  #answer(): StreamedReply {
    const { clock, foresight } = this.#plan;
    const passage = this.#under();
    const { call, twins, verdict } = passage;
    const foreseen = foresee(foresight, call, twins);
    passage.outcome = foreseen;
    const told = foreseen.kind === 'unknown' ? guessed(call.recorded, foreseen.target) : foreseen;
    if (foreseen.kind === 'answered') remember(this.#cacheDeps, call, verdict, foreseen);
    return this.#underWay(call, told, clock.now() + told.latencyMs);
  }

  #underWay(call: RecordedCall, told: AnsweredOutcome, endsAt: number): StreamedReply {
    const { clock } = this.#plan;
    const { target = '', inputTokens, outputTokens, costNanoUsd, costKnown, hasFailed, ttftMs } = told;
    const attempt = call.attempts.open({
      target,
      priceVersion: undefined,
      reservedNanoUsd: undefined,
      retryOf: undefined,
      simulated: true,
    });
    attempt.sentAt = clock.monotonic();
    const usage = { inputTokens, outputTokens };
    call.answeredBy = call.assignment?.targets.find((one) => targetName(one) === target);
    const stream = new ReplyStream(NO_PRODUCER);
    clock.at(endsAt, () => {
      if (ttftMs !== undefined) attempt.firstContentAt = call.startedAt + ttftMs;
      attempt.close(clock.monotonic(), {
        outcome: hasFailed ? 'failed' : 'completed',
        usage,
        usageSource: 'reported',
        costNanoUsd: costKnown ? costNanoUsd : undefined,
      });
      stream.end({ kind: 'completed', finishReason: undefined, usage });
    });
    return { kind: 'stream', status: 200, headers: {}, translated: true, stream };
  }

  get #cacheDeps() {
    const { catalog, clock } = this.#plan;
    return { catalog, clock, kept: this.#kept, unseenUntil: this.#unseenUntil ?? clock.now() };
  }

  #under(): Passage {
    if (!this.#passage) throw new Error('no request is on its way');
    return this.#passage;
  }
}

const COMPLETED: Terminal = { kind: 'completed', finishReason: undefined, usage: undefined };
const WHOLE: Reply = { kind: 'whole', status: 200, headers: {}, body: new Uint8Array(), terminal: COMPLETED };
const NO_PRODUCER: StreamProducer = { pause: () => undefined, resume: () => undefined, cancel: () => undefined };
const NOBODY = { item: () => true, terminal: () => undefined };

function whyLeft(request: RecordedRequest, before: Outcome): Left | undefined {
  const { keyId, errorCode, operation, status, attempts } = request;
  if (keyId === null) return 'before-its-key';
  if (operation === 'resource') return 'not-sendable';
  // Whoever left while it waited would not wait for another answer either.
  if (before.kind === 'answered' && status === 'aborted' && attempts.length === 0) return 'given-up';
  return before.kind === 'refused' && !DECIDED_ANEW.has(errorCode) ? 'refused-anyway' : undefined;
}

/** For the limits alone: what it used in the record, where it was answered there. */
function guessed(recorded: RecordedRequest, target: string): AnsweredOutcome {
  const { latencyMs, attempts } = recorded;
  return {
    kind: 'answered',
    target,
    hasFailed: false,
    costNanoUsd: 0,
    costKnown: false,
    latencyMs: attempts.length > 0 ? latencyMs : 0,
    ttftMs: undefined,
    ...tokensOf(recorded),
    basis: 'recorded',
  };
}

function hasOtherPrompt({ assignment, recorded }: RecordedCall): boolean {
  return (assignment?.promptVersion ?? null) !== recorded.promptVersion;
}
