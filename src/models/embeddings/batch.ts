import type { Call } from '../../core/call.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import type { EmbeddingInput, EmbeddingRequest, Vector } from '../../core/inference/embedding.ts';
import type { Usage } from '../../core/usage.ts';
import type { Embedder, Provider } from '../providers/provider.ts';
import { type Exchanged, ExchangeError, type RunningExchange, exchange } from './exchange.ts';
import { shares } from './split.ts';

/** A part of a request that goes upstream in one piece, alone or with parts of others. */
export interface Piece {
  readonly call: Call;
  readonly embedding: EmbeddingRequest;
  readonly inputs: readonly EmbeddingInput[];
  /** About how many. */
  readonly tokens: number;
  /** It is on its way upstream. */
  sent(): void;
  done(result: PieceResult): void;
  failed(error: ExchangeError): void;
}

export interface PieceResult {
  readonly vectors: readonly Vector[];
  /** Its share of what all pieces of the batch used. */
  readonly usage: Usage | undefined;
  readonly model: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

export interface BatchTarget {
  readonly provider: Provider;
  readonly embedder: Embedder;
  readonly model: string;
}

/** Pieces on their way upstream as one request. */
export class Batch {
  readonly #target: BatchTarget;
  readonly #pieces: readonly Piece[];
  /** Those whose clients still wait. */
  readonly #waiting: Set<Piece>;
  #running: RunningExchange | undefined;

  constructor(target: BatchTarget, pieces: readonly Piece[]) {
    this.#target = target;
    this.#pieces = pieces;
    this.#waiting = new Set(pieces);
  }

  /**
   * Never rejects. Every piece hears of its end, unless it was withdrawn.
   * @returns but for those that wait on, to be tried with fewer beside them: any one may be why all were refused
   */
  async run(): Promise<ReadonlySet<Piece>> {
    try {
      this.#share(await this.#send());
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (this.#pieces.length === 1 || !mayBeOneText(failure.error)) this.#fail(failure);
    }
    return this.#waiting;
  }

  /** Its client has left; the others' answers still come. */
  withdraw(piece: Piece): void {
    this.#waiting.delete(piece);
    if (this.#waiting.size === 0) this.#running?.abort();
  }

  async #send(): Promise<Exchanged> {
    const { provider, embedder, model } = this.#target;
    const pieces = this.#pieces;
    const [first] = pieces;
    if (!first) throw new RangeError('a batch has pieces');
    const inputs = pieces.length === 1 ? first.inputs : pieces.flatMap((piece) => piece.inputs);
    const request = embedder.request(first.call, model, { ...first.embedding, inputs });
    const sent = (): void => {
      for (const piece of this.#waiting) piece.sent();
    };
    this.#running = exchange(provider, embedder, request, { inputs: inputs.length, sent });
    try {
      return await this.#running.done;
    } finally {
      this.#running = undefined;
    }
  }

  #share({ answer, status, headers }: Exchanged): void {
    const usages = sharedUsage(answer.usage, this.#pieces);
    let from = 0;
    for (const [at, piece] of this.#pieces.entries()) {
      const to = from + piece.inputs.length;
      const vectors = answer.vectors.slice(from, to);
      from = to;
      if (!this.#waiting.delete(piece)) continue;
      piece.done({ vectors, usage: usages[at], model: answer.model, status, headers });
    }
  }

  #fail(failure: ExchangeError): void {
    for (const piece of this.#waiting) {
      this.#waiting.delete(piece);
      piece.failed(failure);
    }
  }
}

function failureOf(thrown: unknown): ExchangeError {
  return thrown instanceof ExchangeError ? thrown : new ExchangeError(toGatewayError(thrown), undefined, false);
}

/** Whether it may be one text that was refused, and not what all of them have in common. */
function mayBeOneText({ origin, code }: GatewayError): boolean {
  return origin === 'client' && code !== 'model_not_found';
}

/** Tokens are reported for the batch; each piece has its share by length, and all of them together what was reported. */
function sharedUsage(usage: Usage | undefined, pieces: readonly Piece[]): (Usage | undefined)[] {
  if (!usage || pieces.length === 1) return pieces.map(() => usage);
  const { inputTokens, ...rest } = usage;
  if (inputTokens === undefined) return pieces.map(() => undefined);
  const weights = pieces.map(({ tokens }) => tokens);
  const { serviceTier } = rest;
  return shares(inputTokens, weights).map((share) => {
    return { inputTokens: share, ...(serviceTier === undefined ? {} : { serviceTier }) };
  });
}
