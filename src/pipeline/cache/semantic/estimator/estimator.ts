import { DriftAlarm } from './drift-alarm.ts';
import { EntryEvidence } from './entry-evidence.ts';
import { type Neighbour, standingOf } from './neighbour.ts';
import { type RateBound, rateBoundAt } from './poisson-bound.ts';
import { RecentTexts } from './recent-texts.ts';
import { StandingCounts, stepOf } from './standing-counts.ts';

export type Decision =
  | { readonly kind: 'serve' }
  /**
   * `sampled`: it could be served, and the model is asked to see whether that is still so. `repeated`: this very text
   * was served by meaning before; now the model is asked, after which it is an exact hit. So one wrong answer to a
   * text that is asked often is no stream of them.
   */
  | { readonly kind: 'explore'; readonly reason: 'uncertain' | 'sampled' | 'repeated' };

export interface EstimatorOptions {
  /** Wrong answers of served ones, e.g. 0.02. */
  readonly maxErrorRate: number;
  /** Of the bound, e.g. 0.95. */
  readonly confidence: number;
  /** 0 up to 1. */
  readonly random: () => number;
}

/** What an estimator has learned. */
export interface EstimatorView {
  readonly labels: number;
  readonly wrongLabels: number;
  /** The standing from which up stored answers are served; null while none are. */
  readonly servesFrom: number | null;
  readonly decisions: number;
  readonly served: number;
  /** The rate of wrong answers that the owner allows. */
  readonly maxErrorRate: number;
  readonly confidence: number;
  /** What the labels bound the error rate of what is served by, at that confidence; null while nothing is served. */
  readonly errorBound: number | null;
  /** Entries that have labels of their own. */
  readonly entries: number;
  /** How often what had been learned turned out to be no longer true, and was thrown away. */
  readonly alarms: number;
}

const SERVE: Decision = { kind: 'serve' };
const UNCERTAIN: Decision = { kind: 'explore', reason: 'uncertain' };
const SAMPLED: Decision = { kind: 'explore', reason: 'sampled' };
const REPEATED: Decision = { kind: 'explore', reason: 'repeated' };
/**
 * The labels have to bound the error rate by this part of what is allowed. The rest is room for chance: with a rate
 * just as allowed, half of all caches would serve more wrong answers than that.
 */
const BOUNDED_PART = 0.8;
/** Of what could be served, so many are asked about, for as long as the cache lives. */
const SAMPLED_SHARE = 0.05;
/** After a served kind of answer was found wrong, so many of the next ones, until this many labels say that it is well. */
const WARY_SHARE = 0.5;
const WARY_LABELS = 20;
/** As measured: one that has seen nothing yet, and what each entry with labels and each remembered text adds. */
const BYTES = 1600;
const ENTRY_BYTES = 150;
const TEXT_BYTES = 42;

/**
 * Decides whether a neighbour's answer may be served, so that of the served answers at most `maxErrorRate` are wrong.
 *
 * It serves from the lowest standing at which the labels bound the error rate of everything at least as good, at the
 * given confidence. One estimator belongs to one family of requests (families.ts). docs/semantic-cache.md says what this
 * guarantees and what it takes for granted.
 */
export class ServingEstimator {
  readonly #random: () => number;
  readonly #maxErrorRate: number;
  readonly #confidence: number;
  readonly #boundedBy: number;
  readonly #bound: RateBound;
  readonly #counts = new StandingCounts();
  readonly #entries: EntryEvidence;
  readonly #alarm: DriftAlarm;
  readonly #answered = new RecentTexts();
  #threshold = Number.POSITIVE_INFINITY;
  #wary = 0;
  #alarms = 0;
  #decisions = 0;
  #served = 0;

  constructor({ maxErrorRate, confidence, random }: EstimatorOptions) {
    this.#random = random;
    this.#maxErrorRate = maxErrorRate;
    this.#confidence = confidence;
    this.#boundedBy = maxErrorRate * BOUNDED_PART;
    this.#bound = rateBoundAt(confidence);
    this.#entries = new EntryEvidence(Math.ceil(this.#bound.mostExpected(0) / this.#boundedBy));
    this.#alarm = new DriftAlarm(maxErrorRate);
  }

  /** @param asked the text of the request; without it repetitions are not seen */
  decide(neighbour: Neighbour, asked?: string): Decision {
    this.#decisions += 1;
    if (!this.#mayServe(neighbour)) return UNCERTAIN;
    if (this.#random() < (this.#wary > 0 ? WARY_SHARE : SAMPLED_SHARE)) return SAMPLED;
    if (asked !== undefined && this.#wasServed(asked)) return REPEATED;
    this.#served += 1;
    return SERVE;
  }

  /** A label: the model was asked, and its answer was or was not the entry's. */
  observe(neighbour: Neighbour, same: boolean): void {
    const standing = stepOf(standingOf(neighbour));
    if (this.#mayServe(neighbour) && this.#alarmed(same)) return;
    this.#counts.add(standing, same);
    this.#entries.note(neighbour.entry, standing, same);
    this.#threshold = this.#counts.threshold(this.#bound, this.#boundedBy);
  }

  /** Roughly what it takes, bytes. */
  get bytes(): number {
    return BYTES + this.#entries.size * ENTRY_BYTES + this.#answered.size * TEXT_BYTES;
  }

  /** The entry is gone. */
  forget(entry: string): void {
    this.#entries.forget(entry);
  }

  view(): EstimatorView {
    const serves = Number.isFinite(this.#threshold);
    // A hair above the step, which may stand a rounding below its own bin.
    const { labels, wrong } = this.#counts.from(this.#threshold + 1e-9);
    return {
      maxErrorRate: this.#maxErrorRate,
      confidence: this.#confidence,
      errorBound: serves ? this.#bound.of(wrong, labels) : null,
      labels: Math.round(this.#counts.labels),
      wrongLabels: Math.round(this.#counts.wrong),
      servesFrom: serves ? this.#threshold : null,
      decisions: this.#decisions,
      served: this.#served,
      entries: this.#entries.size,
      alarms: this.#alarms,
    };
  }

  #mayServe(neighbour: Neighbour): boolean {
    const standing = stepOf(standingOf(neighbour));
    const own = this.#entries.of(neighbour.entry, standing);
    return own === 'proven' || (own === 'pool' && standing >= this.#threshold);
  }

  #wasServed(asked: string): boolean {
    if (this.#answered.take(asked)) return true;
    this.#answered.note(asked);
    return false;
  }

  /** A label of what is being served. Where too many of them are wrong everything is learned anew. */
  #alarmed(same: boolean): boolean {
    this.#wary = same ? Math.max(0, this.#wary - 1) : WARY_LABELS;
    if (!this.#alarm.note(same)) return false;
    this.#alarms += 1;
    this.#counts.clear();
    this.#entries.clear();
    this.#threshold = Number.POSITIVE_INFINITY;
    this.#wary = 0;
    return true;
  }
}
