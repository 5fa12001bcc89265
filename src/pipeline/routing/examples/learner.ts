import { hash } from 'node:crypto';

import { type Call, targetName } from '../../../core/call.ts';
import type { Clock } from '../../../core/clock.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import type { RoutePlan } from '../../../core/routing.ts';
import type { VectorDesk } from '../../../models/vectors/embed/messages.ts';
import type { Example } from '../complexity/embedding/example.ts';
import { encodedText, makeExample } from '../complexity/embedding/make-example.ts';
import { type ComplexityQuestion, questionOf } from '../complexity/question.ts';
import { endsOf } from '../judges/ends.ts';
import type { AnsweredRequest, ExampleStore, KeptExample } from './example-store.ts';

export interface LearnerDeps {
  readonly store: Pick<ExampleStore, 'put' | 'answered'>;
  readonly desk: Pick<VectorDesk, 'ask'>;
  readonly clock: Clock;
  /** How a virtual model chooses; undefined where it does not, or there is none. */
  planOf(virtualModel: string): RoutePlan | undefined;
  /** A kept request as a call that nobody sends. @throws request_invalid */
  callOf(endpoint: string, body: JsonObject): Call;
  /** Learning failed; for the log. */
  failed(err: unknown): void;
}

/** What was said of an answer, 0 to 1. */
export interface Opinion {
  readonly traceId: string;
  readonly score: number;
}

/** Opinions that wait; more are not learned from. */
const MOST_WAITING = 100;

/** Makes examples of what users say of answers, and of what operators label. */
export class Learner {
  readonly #deps: LearnerDeps;
  readonly #waiting: Opinion[] = [];
  #isAtWork = false;

  constructor(deps: LearnerDeps) {
    this.#deps = deps;
  }

  /** Learns of it some time later, where its model learns from examples. Neither waits nor throws. */
  heard(opinion: Opinion): void {
    if (this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(opinion);
    if (!this.#isAtWork) void this.#work();
  }

  /** An example of a question; undefined where no vector can be made of it now. */
  async make(
    model: string,
    question: ComplexityQuestion,
    became: Pick<Example, 'smallOk' | 'largeOk' | 'tier'>,
    source: KeptExample['source'],
  ): Promise<KeptExample | undefined> {
    const text = encodedText(question);
    if (text.trim() === '') return undefined;
    const made = await this.#deps.desk.ask({ text }, false);
    if (!made) return undefined;
    // The same question of the same model is one example, whose two halves may come one after the other.
    const id = hash('sha256', JSON.stringify([model, made.space, text])).slice(0, 32);
    const example = makeExample(id, question, made, became);
    return { model, example, source, updatedAt: new Date(this.#deps.clock.now()) };
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) await this.#learn(next);
    } finally {
      this.#isAtWork = false;
    }
  }

  async #learn({ traceId, score }: Opinion): Promise<void> {
    try {
      const request = await this.#deps.store.answered(traceId);
      const became = request && this.#becameOf(request, score);
      if (!request?.virtualModel || !became || !isJsonObject(request.input)) return;
      const question = questionOf(this.#deps.callOf(request.endpoint, request.input));
      const kept = await this.make(request.virtualModel, question, became, 'feedback');
      if (kept) await this.#deps.store.put([kept]);
    } catch (thrown) {
      this.#deps.failed(thrown);
    }
  }

  /** Whose answer it was: the one for simple requests, or the one for demanding ones. */
  #becameOf({ virtualModel, target }: AnsweredRequest, score: number) {
    const plan = virtualModel === null ? undefined : this.#deps.planOf(virtualModel);
    if (plan?.complexity?.kind !== 'embedding' || target === null) return undefined;
    const { small, large } = endsOf(plan);
    if (small && targetName(small) === target) return { smallOk: score };
    return large && targetName(large) === target ? { largeOk: score } : undefined;
  }
}
