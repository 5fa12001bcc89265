import type { Usage } from '../../core/usage.ts';
import { BYTES_PER_TOKEN } from '../../models/pricing/assumed-usage.ts';
import { AnswerLengths, type Sample } from './answer-lengths.ts';
import { drawnOf } from './drawn.ts';
import { type RecordedAttempt, type RecordedRequest, answersOf } from './recorded-request.ts';
import { type RecordedText, outputLimitOf, textOf } from './recorded-texts.ts';

/** What requests are alike in: operation, streamed or not, and sizes in steps of a factor of two. */
export interface RequestClass {
  readonly kind: string;
  /** Of the input, powers of two. */
  readonly size: number;
  /** Of the longest answer that is asked for, powers of two; undefined where nothing is said. */
  readonly limit: number | undefined;
}

interface Drawn extends Sample {
  readonly at: number;
}

interface Cell {
  readonly like: RequestClass;
  /** The ones with the lowest numbers of all that there were, in order, so that it is no matter what came first. */
  readonly samples: Drawn[];
}

/** The answer of another target to the same request. */
export interface OtherAnswer {
  readonly target: string;
  readonly outputTokens: number | undefined;
}

interface Sums {
  answers: number;
  inputTokens: number;
  bytes: number;
}

const MOST_SAMPLES = 400;
const MOST_TARGETS = 1000;
const MOST_CELLS = 200;
/** Fewer say little of how long answers are. */
const ENOUGH_SAMPLES = 60;
/** In steps of size. */
const STILL_NEAR = 2;
const MOST_TARGETS_OF_MODEL = 50;
/** With fewer, tokens are taken to be as long as anywhere. */
const ENOUGH_FOR_TOKENS = 20;
/** How far a request that names no limit is from one that does, in steps of size. */
const OTHER_LIMIT = 4;

/** What is known of each target from its recorded answers: how long they were and how long they took. Bounded. */
export class Knowledge {
  readonly #targets = new Map<string, Map<string, Cell>>();
  readonly #sums = new Map<string, Sums>();
  /** Made when they are asked for. */
  readonly #lengths = new Map<string, AnswerLengths>();
  readonly #models = new Map<string, Set<string>>();
  readonly #cascades = new Map<string, { asked: number; escalated: number }>();

  /** In any order; the same requests make the same knowledge. */
  learn(request: RecordedRequest): void {
    this.#learnCascade(request);
    const answers = answersOf(request);
    if (answers.length === 0) return;
    const text = textOf(request.input);
    for (const [at, { target, usage, latencyMs, ttftMs }] of answers.entries()) {
      if (!usage) continue;
      this.#noteTarget(request, target);
      this.#count(target, usage, text);
      const like = classOf(request, text, usage.inputTokens);
      const sample = { usage, latencyMs, ttftMs: ttftMs ?? undefined };
      this.#keep(target, like, { ...sample, at: drawnOf(request.traceId, `sample ${at}`) });
    }
  }

  /** Whether anything was recorded of the target. */
  knows(target: string): boolean {
    return this.#targets.has(target);
  }

  /**
   * An answer of the target to a request like this one, always the same for the same request. Where another target's
   * answer was long among its own, so is this one among the target's: what is asked decides most of that.
   */
  sample(
    target: string,
    request: RecordedRequest,
    inputTokens: number | undefined,
    other?: OtherAnswer,
  ): Sample | undefined {
    const like = classOf(request, textOf(request.input), inputTokens);
    const others = other?.outputTokens === undefined ? undefined : this.#lengthsAt(other.target, like);
    const places = others?.placesOf(other?.outputTokens ?? 0);
    return this.#lengthsAt(target, like)?.at(places, drawnOf(request.traceId, `drawn ${target}`));
  }

  /** Of the answers to the requests that are most like it, and to as many others near them as tell something. */
  #lengthsAt(target: string, like: RequestClass): AnswerLengths | undefined {
    const name = `${nameOf(like)} ${target}`;
    const known = this.#lengths.get(name);
    if (known) return known;
    const cells = [...(this.#targets.get(target)?.values() ?? [])]
      .map((cell) => ({ cell, far: distanceOf(cell.like, like) }))
      .toSorted((a, b) => a.far - b.far || (nameOf(a.cell.like) < nameOf(b.cell.like) ? -1 : 1));
    const samples: Sample[] = [];
    for (const { cell, far } of cells) {
      if (samples.length >= ENOUGH_SAMPLES || (samples.length > 0 && far > (cells[0]?.far ?? 0) + STILL_NEAR)) break;
      samples.push(...cell.samples);
    }
    if (samples.length === 0) return undefined;
    const lengths = new AnswerLengths(samples);
    if (this.#lengths.size < MOST_CELLS * MOST_TARGETS) this.#lengths.set(name, lengths);
    return lengths;
  }

  /** Bytes of a request in the target's tokens; undefined where too little was recorded. */
  tokensPerByte(target: string): number | undefined {
    const sums = this.#sums.get(target);
    return sums && sums.answers >= ENOUGH_FOR_TOKENS && sums.bytes > 0 ? sums.inputTokens / sums.bytes : undefined;
  }

  /** The part of a cascade's first answers that were not good enough; undefined where there was none. */
  escalated(model: string | null, first: string): number | undefined {
    const seen = this.#cascades.get(cascadeName(model, first));
    return seen && seen.escalated / seen.asked;
  }

  /** Who answered requests for a model. */
  targetsOf(model: string): readonly string[] {
    return [...(this.#models.get(model) ?? [])];
  }

  #noteTarget({ virtualModel, model }: RecordedRequest, target: string): void {
    const name = virtualModel ?? model ?? '';
    const known = this.#models.get(name);
    if (known) {
      if (known.size < MOST_TARGETS_OF_MODEL) known.add(target);
    } else if (this.#models.size < MOST_TARGETS) this.#models.set(name, new Set([target]));
  }

  #learnCascade({ routing, virtualModel }: RecordedRequest): void {
    const cascade = routing?.decision?.cascade;
    if (!cascade || this.#cascades.size > MOST_TARGETS) return;
    const name = cascadeName(virtualModel, cascade.first);
    const seen = this.#cascades.get(name) ?? { asked: 0, escalated: 0 };
    seen.asked += 1;
    if (cascade.escalatedTo !== undefined) seen.escalated += 1;
    this.#cascades.set(name, seen);
  }

  #count(target: string, { inputTokens }: Usage, { bytes }: RecordedText): void {
    if (inputTokens === undefined || bytes === undefined) return;
    const sums = this.#sums.get(target) ?? { answers: 0, inputTokens: 0, bytes: 0 };
    sums.answers += 1;
    sums.inputTokens += inputTokens;
    sums.bytes += bytes;
    if (this.#sums.has(target) || this.#sums.size < MOST_TARGETS) this.#sums.set(target, sums);
  }

  #keep(target: string, like: RequestClass, sample: Drawn): void {
    const cells = this.#targets.get(target) ?? new Map<string, Cell>();
    if (!this.#targets.has(target)) {
      if (this.#targets.size >= MOST_TARGETS) return;
      this.#targets.set(target, cells);
    }
    const name = nameOf(like);
    let cell = cells.get(name);
    if (!cell) {
      if (cells.size >= MOST_CELLS) return;
      cell = { like, samples: [] };
      cells.set(name, cell);
    }
    insert(cell.samples, sample);
    this.#lengths.clear();
  }
}

/** Keeps the lowest ones, in order. */
function insert(samples: Drawn[], sample: Drawn): void {
  const last = samples.at(-1);
  if (samples.length >= MOST_SAMPLES && last && sample.at >= last.at) return;
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.at ?? 0) < sample.at) low = middle + 1;
    else high = middle;
  }
  samples.splice(low, 0, sample);
  if (samples.length > MOST_SAMPLES) samples.pop();
}

function classOf(request: RecordedRequest, text: RecordedText, inputTokens: number | undefined): RequestClass {
  const limit = outputLimitOf(text.body);
  return {
    kind: `${request.operation} ${request.streamed ? 'stream' : 'whole'}`,
    size: stepOf(inputTokens ?? (text.bytes ?? 0) / BYTES_PER_TOKEN),
    limit: limit === undefined ? undefined : stepOf(limit),
  };
}

function nameOf({ kind, size, limit }: RequestClass): string {
  return `${kind} ${size} ${limit}`;
}

function stepOf(count: number): number {
  return Math.round(Math.log2(1 + Math.max(0, count)));
}

/** Another operation is further than any size. */
function distanceOf(one: RequestClass, other: RequestClass): number {
  const limits =
    one.limit === undefined || other.limit === undefined
      ? Number(one.limit !== other.limit) * OTHER_LIMIT
      : Math.abs(one.limit - other.limit);
  return Math.abs(one.size - other.size) + limits + (one.kind === other.kind ? 0 : OTHER_KIND);
}

const OTHER_KIND = 100;

function cascadeName(model: string | null, first: string): string {
  return `${model ?? ''} ${first}`;
}

/** The recorded answer of the target to this very request. */
export function answerBy(request: RecordedRequest, target: string): RecordedAttempt | undefined {
  return answersOf(request).find((attempt) => attempt.target === target);
}
