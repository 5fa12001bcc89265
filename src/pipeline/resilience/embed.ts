import { abortError } from '../../core/abort-error.ts';
import type { AbortedBy } from '../../core/cancellation.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { EmbeddingAnswer, EmbeddingRequest, Vector } from '../../core/inference/embedding.ts';
import type { VectorsReply } from '../../core/reply.ts';
import { costHeader } from '../../core/reply-headers.ts';
import { type Usage, addUsage } from '../../core/usage.ts';
import type { BatchTarget, PieceResult } from '../../models/embeddings/batch.ts';
import type { EmbeddingBatcher } from '../../models/embeddings/batcher.ts';
import type { ExchangeError } from '../../models/embeddings/exchange.ts';
import { sliced } from '../../models/embeddings/split.ts';
import type { Embedder, EmbeddingBounds } from '../../models/providers/provider.ts';
import { answerHeaders } from './answer-headers.ts';
import type { RunningAttempt } from './run-attempt.ts';
import { type SettleContext, closeBilled, closeUnbilled } from './settle.ts';

/** One attempt: its texts go upstream in as few requests as the provider takes, together with others' where they meet. */
export function embed(
  context: SettleContext,
  embedder: Embedder,
  model: string,
  batcher: EmbeddingBatcher,
  embedding: EmbeddingRequest,
): RunningAttempt {
  const { promise: reply, resolve, reject } = Promise.withResolvers<VectorsReply>();
  const run = new EmbedRun(context, { resolve, reject });
  run.start({ provider: context.provider, embedder, model }, embedding, batcher);
  return { reply, cancel: (by) => run.cancel(by), expire: (error) => run.expire(error) };
}

const UNBOUNDED: EmbeddingBounds = { inputs: Number.POSITIVE_INFINITY, tokens: undefined };

interface EmbedOutcome {
  resolve(reply: VectorsReply): void;
  reject(error: GatewayError): void;
}

class EmbedRun {
  readonly #context: SettleContext;
  readonly #outcome: EmbedOutcome;
  #results: (PieceResult | undefined)[] = [];
  /** Parts that the provider may be working on. */
  readonly #sent = new Set<number>();
  #withdraw: () => void = () => {};
  #forgetCancel: () => void = () => {};
  #isOver = false;

  constructor(context: SettleContext, outcome: EmbedOutcome) {
    this.#context = context;
    this.#outcome = outcome;
  }

  start(target: BatchTarget, embedding: EmbeddingRequest, batcher: EmbeddingBatcher): void {
    const { call, attempt, clock } = this.#context;
    const { embedder, model } = target;
    const bounds = embedder.isWhole?.(embedding) ? UNBOUNDED : batcher.boundsOf(embedder, model);
    const slices = sliced(embedding.inputs, bounds);
    this.#results = slices.map(() => undefined);
    this.#forgetCancel = call.cancellation.onCancel((by) => this.cancel(by));
    const waiting = call.spans.open('queue', 'embedding batch', clock.monotonic());
    const pieces = slices.map((slice, at) => ({
      call,
      embedding,
      ...slice,
      sent: () => {
        attempt.sentAt ??= clock.monotonic();
        waiting.endedAt ??= attempt.sentAt;
        this.#sent.add(at);
      },
      done: (result: PieceResult) => this.#done(at, result),
      failed: (error: ExchangeError) => this.#failed(at, error),
    }));
    this.#withdraw = batcher.submit(target, pieces);
  }

  #done(at: number, result: PieceResult): void {
    if (this.#isOver) return;
    const { attempt, provider } = this.#context;
    attempt.httpStatus = result.status;
    attempt.responseModel = result.model ?? attempt.responseModel;
    attempt.providerRequestId = result.headers[provider.requestIdHeader] ?? attempt.providerRequestId;
    this.#results[at] = result;
    this.#sent.delete(at);
    if (this.#results.every((one) => one !== undefined)) this.#complete();
  }

  #complete(): void {
    if (!this.#close()) return;
    const { call, attempt } = this.#context;
    const results = this.#results.filter((one) => one !== undefined);
    const usage = this.#usage();
    closeBilled(this.#context, 'completed', { reported: usage, final: true, answerBytes: 0 });
    const vectors = results.flatMap((one): readonly Vector[] => one.vectors);
    const answer: EmbeddingAnswer = { vectors, usage, model: attempt.responseModel };
    const headers = answerHeaders(this.#context, results.at(-1)?.headers ?? {}, costHeader(call));
    headers['content-type'] = 'application/json';
    this.#outcome.resolve({
      kind: 'vectors',
      status: 200,
      headers,
      answer,
      terminal: { kind: 'completed', finishReason: undefined, usage },
    });
  }

  /** One part that has no vectors leaves the whole without; what was done of the others is still billed. */
  #failed(at: number, { error, status, billed }: ExchangeError): void {
    if (!this.#close()) return;
    this.#context.attempt.httpStatus = status;
    this.#sent.delete(at);
    this.#withdraw();
    this.#settle('failed', billed || this.#sent.size > 0, error);
    this.#outcome.reject(error);
  }

  /** It took too long. */
  expire(error: GatewayError): void {
    if (!this.#close()) return;
    this.#withdraw();
    this.#settle('failed', this.#sent.size > 0, error);
    this.#outcome.reject(error);
  }

  cancel(by: AbortedBy): void {
    if (!this.#close()) return;
    this.#withdraw();
    this.#settle('aborted', this.#sent.size > 0);
    this.#outcome.reject(abortError(by));
  }

  #settle(outcome: 'failed' | 'aborted', billed: boolean, error?: GatewayError): void {
    const isPartDone = this.#results.some((one) => one !== undefined);
    // What of it the provider still worked on nobody reports, so that all of it is assumed.
    const reported = billed ? undefined : this.#usage();
    if (!billed && !isPartDone) closeUnbilled(this.#context, outcome, error?.code);
    else closeBilled(this.#context, outcome, { reported, final: true, answerBytes: 0 }, error?.code);
  }

  /** Of the parts that were answered; undefined where one of them did not say. */
  #usage(): Usage | undefined {
    let sum: Usage | undefined;
    for (const result of this.#results) {
      if (!result) continue;
      if (!result.usage) return undefined;
      sum = sum ? addUsage(sum, result.usage) : result.usage;
    }
    return sum;
  }

  #close(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#forgetCancel();
    return true;
  }
}
