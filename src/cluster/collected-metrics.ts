import type { Scheduler } from '../core/scheduler.ts';
import { countedIn, mergeExpositions } from '../records/metrics/merge.ts';

export interface CollectedMetricsDeps {
  /** Asks a worker for its figures, to be told under this id. */
  ask(number: number, id: number): void;
  ownMetrics(): string;
  readonly scheduler: Scheduler;
}

/** Who has not answered by then counts as it was last. */
const PATIENCE_MS = 1000;

interface Question {
  readonly id: number;
  readonly missing: Set<number>;
  readonly answer: Promise<string>;
  finish(): void;
}

/** The figures of all workers as one, however many ask at the same time. */
export class CollectedMetrics {
  readonly #deps: CollectedMetricsDeps;
  /** What each worker that lives said last. */
  readonly #last = new Map<number, string>();
  /** What workers that are gone had counted: a sum must not go down because one ended. */
  #gone = '';
  #question: Question | undefined;
  #lastId = 0;

  constructor(deps: CollectedMetricsDeps) {
    this.#deps = deps;
  }

  /** @param numbers of the workers to ask */
  collect(numbers: readonly number[]): Promise<string> {
    this.#question ??= this.#askAll(numbers);
    return this.#question.answer;
  }

  told(number: number, id: number, text: string): void {
    this.#last.set(number, text);
    const question = this.#question;
    if (question?.id !== id) return;
    question.missing.delete(number);
    if (question.missing.size === 0) question.finish();
  }

  /** The worker of this number ended; what comes in its place begins at 0. */
  gone(number: number): void {
    const last = this.#last.get(number);
    this.#last.delete(number);
    if (last !== undefined) this.#gone = mergeExpositions([this.#gone, countedIn(last)]);
    const question = this.#question;
    if (question?.missing.delete(number) && question.missing.size === 0) question.finish();
  }

  #askAll(numbers: readonly number[]): Question {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<string>();
    const finish = (): void => {
      cancel();
      this.#question = undefined;
      resolve(mergeExpositions([this.#gone, ...this.#last.values(), this.#deps.ownMetrics()]));
    };
    const cancel = this.#deps.scheduler.after(PATIENCE_MS, finish);
    for (const number of numbers) this.#deps.ask(number, id);
    return { id, missing: new Set(numbers), answer: promise, finish };
  }
}
