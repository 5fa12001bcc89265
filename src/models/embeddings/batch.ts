import type { Call } from '../../core/call.ts';
import { toGatewayError } from '../../core/errors.ts';
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
  /** Those whose clients still wait. */
  readonly #waiting: Set<Piece>;
  readonly #sent = new Set<{ readonly pieces: readonly Piece[]; readonly running: RunningExchange }>();

  constructor(target: BatchTarget, pieces: readonly Piece[]) {
    this.#target = target;
    this.#waiting = new Set(pieces);
  }

  /** Never rejects: every piece hears of its end, unless it was withdrawn. */
  async run(): Promise<void> {
    const pieces = [...this.#waiting];
    const failure = await this.#try(pieces);
    if (!failure) return;
    // A batch is refused for any one of its texts: each piece alone finds out whether it was its own.
    if (pieces.length > 1 && failure.error.origin === 'client') {
      await Promise.all([...this.#waiting].map((piece) => this.#alone(piece)));
    } else {
      this.#fail(failure);
    }
  }

  /** Its client has left; the others' answers still come. */
  withdraw(piece: Piece): void {
    this.#waiting.delete(piece);
    for (const { pieces, running } of this.#sent) if (!pieces.some((one) => this.#waiting.has(one))) running.abort();
  }

  async #alone(piece: Piece): Promise<void> {
    const failure = await this.#try([piece]);
    if (failure && this.#waiting.has(piece)) piece.failed(failure);
  }

  async #try(pieces: readonly Piece[]): Promise<ExchangeError | undefined> {
    try {
      this.#share(pieces, await this.#send(pieces));
      return undefined;
    } catch (thrown) {
      return thrown instanceof ExchangeError ? thrown : new ExchangeError(toGatewayError(thrown), undefined, false);
    }
  }

  async #send(pieces: readonly Piece[]): Promise<Exchanged> {
    const { provider, embedder, model } = this.#target;
    const [first] = pieces;
    if (!first) throw new RangeError('a batch has pieces');
    const inputs = pieces.length === 1 ? first.inputs : pieces.flatMap((piece) => piece.inputs);
    const request = embedder.request(first.call, model, { ...first.embedding, inputs });
    for (const piece of pieces) piece.sent();
    const sent = { pieces, running: exchange(provider, embedder, request, inputs.length) };
    this.#sent.add(sent);
    try {
      return await sent.running.done;
    } finally {
      this.#sent.delete(sent);
    }
  }

  #share(pieces: readonly Piece[], { answer, status, headers }: Exchanged): void {
    const usages = sharedUsage(answer.usage, pieces);
    let from = 0;
    for (const [at, piece] of pieces.entries()) {
      const to = from + piece.inputs.length;
      const vectors = answer.vectors.slice(from, to);
      from = to;
      if (!this.#waiting.delete(piece)) continue;
      piece.done({ vectors, usage: usages[at], model: answer.model, status, headers });
    }
  }

  #fail(failure: ExchangeError): void {
    for (const piece of this.#waiting) piece.failed(failure);
  }
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
