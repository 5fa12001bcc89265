import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Clock } from '../../../../core/clock.ts';
import type { Scheduler } from '../../../../core/scheduler.ts';
import type { Found, VectorDesk } from '../../../../models/vectors/embed/messages.ts';
import { type Complexity, type ComplexityJudge, type TierThresholds, tierOf } from '../complexity.ts';
import { inTime } from '../in-time.ts';
import type { ComplexityQuestion } from '../question.ts';
import { signalsOf } from '../rules/signals.ts';
import { Classifier, FEWEST_EXAMPLES, NEIGHBOURS } from './classifier.ts';
import { type Example, scoreOfLoss } from './example.ts';
import { featuresOf } from './features.ts';
import { encodedText } from './make-example.ts';

/** For how long a request waits for its vector; then the rules judge. */
const LIMIT_MS = 150;
/** Encoders change with the settings, and each has a classifier. */
const MOST_SPACES = 4;
/** Each takes a fraction of a millisecond. */
const LEARNED_AT_ONCE = 4;

export interface EmbeddingJudgeDeps {
  readonly desk: VectorDesk;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

export interface EmbeddingJudgeOptions {
  /** Of the examples' vectors among all that the desk has; one for each judge. */
  readonly partition: string;
  readonly thresholds?: Partial<TierThresholds>;
}

/** Judges by labelled examples that are like the question. Vectors are made, and neighbours found, in another thread. */
export class EmbeddingJudge implements ComplexityJudge {
  readonly #deps: EmbeddingJudgeDeps;
  readonly #options: EmbeddingJudgeOptions;
  readonly #classifiers = new Map<string, Classifier>();
  #learning: Promise<void> = Promise.resolve();

  constructor(deps: EmbeddingJudgeDeps, options: EmbeddingJudgeOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** How many examples it goes by. */
  get size(): number {
    let size = 0;
    for (const classifier of this.#classifiers.values()) size += classifier.size;
    return size;
  }

  /** Undefined with fewer than 50 examples, where none is near, or where the vector takes too long. */
  async judge(question: ComplexityQuestion): Promise<Complexity | undefined> {
    if (this.size < FEWEST_EXAMPLES || question.asked.trim() === '') return undefined;
    const startedAt = this.#deps.clock.monotonic();
    const found = await this.#find(encodedText(question));
    const classifier = found && this.#classifiers.get(found.space);
    const prediction = classifier?.predict(found?.vector ?? NO_VECTOR, featuresOf(signalsOf(question)), found?.near);
    if (!prediction) return undefined;
    const score = scoreOfLoss(prediction.loss);
    const percent = Math.round(Math.max(0, prediction.loss) * 100);
    return {
      tier: tierOf(score, this.#options.thresholds),
      score,
      reason: `of questions like it, the small model would fail about ${percent} of 100 that the large one answers well`,
      latencyMs: this.#deps.clock.monotonic() - startedAt,
    };
  }

  /**
   * Beside the requests, in small steps; in force after some tenths of a second of work, or some seconds with thousands of
   * them. So several at once are better than one after the other.
   */
  learn(examples: readonly Example[]): Promise<void> {
    this.#learning = this.#learning.then(() => this.#learn(examples));
    return this.#learning;
  }

  /** The thread has lost all vectors; they are given to it again. */
  restore(): void {
    for (const classifier of this.#classifiers.values()) {
      for (const example of classifier.examples()) this.#add(example);
    }
  }

  /** Forgets all examples, and has the desk forget them. */
  clear(): void {
    for (const classifier of this.#classifiers.values()) {
      this.#deps.desk.remove(classifier.examples().map(({ id }) => this.#entryOf(id)));
    }
    this.#classifiers.clear();
  }

  async #learn(examples: readonly Example[]): Promise<void> {
    const touched = new Set<Classifier>();
    for (const [at, example] of examples.entries()) {
      const classifier = this.#classifierOf(example);
      if (!classifier) continue;
      touched.add(classifier);
      const forgotten = classifier.learn(example);
      if (!forgotten.includes(example.id)) this.#add(example);
      this.#deps.desk.remove(forgotten.map((id) => this.#entryOf(id)));
      if (at % LEARNED_AT_ONCE === 0) await nextTurn();
    }
    for (const classifier of touched) await classifier.settle(() => nextTurn());
  }

  #classifierOf({ space, vector }: Example): Classifier | undefined {
    const known = this.#classifiers.get(space);
    if (known || vector.length === 0 || this.#classifiers.size >= MOST_SPACES) return known;
    const made = new Classifier(vector.length);
    this.#classifiers.set(space, made);
    return made;
  }

  #add({ id, space, vector }: Example): void {
    this.#deps.desk.add(this.#options.partition, this.#entryOf(id), { space, vector });
  }

  /** The desk takes entries out by their names alone, whoever put them in. */
  #entryOf(id: string): string {
    return `${this.#options.partition} ${id}`;
  }

  async #find(text: string): Promise<Found | undefined> {
    const { desk, scheduler } = this.#deps;
    const question = { text, partition: this.#options.partition, most: NEIGHBOURS };
    const found = await inTime(scheduler, LIMIT_MS, desk.ask(question, true));
    return found && { ...found, near: found.near.map((near) => ({ ...near, id: this.#idOf(near.id) })) };
  }

  #idOf(entry: string): string {
    return entry.slice(this.#options.partition.length + 1);
  }
}

const NO_VECTOR = new Float32Array();
