import type { Clock } from './clock.ts';
import type { Json } from './json.ts';

/**
 * What a call did beside its attempts, which are in their own ledger. Named as readers look for it, and as
 * OpenTelemetry's conventions do where they have a name.
 */
export type SpanKind =
  | 'quota'
  | 'queue'
  | 'guard'
  | 'cache'
  | 'route'
  | 'retrieval'
  | 'rerank'
  | 'embedding'
  | 'prompt'
  | 'tool'
  | 'token-count';

export type SpanStatus = 'ok' | 'failed' | 'aborted';

/** One piece of the work for a call. Times are monotonic milliseconds. */
export interface Span {
  readonly kind: SpanKind;
  /** What it was about: a target, a guard's or a cache's name. */
  readonly name: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  status: SpanStatus;
  /** Numbers and names of its own; never texts of clients. */
  detail: Readonly<Record<string, Json>> | undefined;
}

/** More are counted and not kept. */
const MOST_SPANS = 200;

/** The spans of one call, in the order in which they began. */
export class SpanLedger {
  readonly #spans: Span[] = [];
  dropped = 0;

  /** One that has begun; whoever opens it ends it. */
  open(kind: SpanKind, name: string, startedAt: number): Span {
    const span: Span = { kind, name, startedAt, endedAt: undefined, status: 'ok', detail: undefined };
    if (this.#spans.length < MOST_SPANS) this.#spans.push(span);
    else this.dropped += 1;
    return span;
  }

  /** One that lasts as long as the work does. */
  async around<Result>(kind: SpanKind, name: string, clock: Clock, work: Promise<Result>): Promise<Result> {
    const span = this.open(kind, name, clock.monotonic());
    try {
      return await work;
    } catch (thrown) {
      span.status = 'failed';
      throw thrown;
    } finally {
      span.endedAt = clock.monotonic();
    }
  }

  get all(): readonly Span[] {
    return this.#spans;
  }
}
