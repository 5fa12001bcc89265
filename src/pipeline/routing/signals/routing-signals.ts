import { GenerationalMap } from '../../../core/generational-map.ts';
import { Average } from './average.ts';
import { TargetSignals } from './target-signals.ts';

/** Names of models come from clients. */
const MOST_TARGETS = 10_000;
const MOST_LENGTHS = 20_000;
const LENGTH_LIFE_MS = 10 * 60_000;
/** From so many answers on a target's own lengths count, and not those of the model's other targets. */
const ENOUGH_ANSWERS = 10;

/** Tokens of an answer of which nothing is known. */
const USUAL_ANSWER = 500;

/** How the targets do, as this process sees it: it is learned anew after a start. */
export class RoutingSignals {
  readonly #targets = new GenerationalMap<TargetSignals>(MOST_TARGETS);
  readonly #lengths = new GenerationalMap<Average>(MOST_LENGTHS);

  /** @param target `provider/model` */
  of(target: string): TargetSignals {
    let signals = this.#targets.get(target);
    if (!signals) {
      signals = new TargetSignals();
      this.#targets.set(target, signals);
    }
    return signals;
  }

  /**
   * An answer had so many tokens.
   * @param at monotonic milliseconds
   */
  noteAnswer(model: string, target: string, outputTokens: number, at: number): void {
    this.#lengthOf(model).add(outputTokens, at);
    this.#lengthOf(`${model}\n${target}`).add(outputTokens, at);
  }

  /** Of an answer of this target to requests for a virtual model: some say more than others. */
  usualAnswer(model: string, target: string): number {
    const own = this.#lengths.get(`${model}\n${target}`);
    const length = own && own.samples >= ENOUGH_ANSWERS ? own : this.#lengths.get(model);
    return Math.round(length?.value ?? USUAL_ANSWER);
  }

  #lengthOf(name: string): Average {
    let length = this.#lengths.get(name);
    if (!length) {
      length = new Average(LENGTH_LIFE_MS);
      this.#lengths.set(name, length);
    }
    return length;
  }
}
