import type { Outcome } from './outcome.ts';
import type { Left, Replayed } from './replayer.ts';
import { type Kept, textOf } from './recorded-texts.ts';
import { Counts, SideSums } from './side-sums.ts';

/** Of the requests that are answered on both sides, at a known cost: only these can be compared. */
export interface ComparedCost {
  requests: number;
  beforeNanoUsd: number;
  afterNanoUsd: number;
}

/** Requests that are refused on the other side, and what is known of what they cost on this one. */
export interface Unmatched {
  requests: number;
  nanoUsd: number;
}

/** One comparison: of all requests, or of those for one model. */
export class Compared {
  readonly before = new SideSums();
  readonly after = new SideSums();
  readonly cost: ComparedCost = { requests: 0, beforeNanoUsd: 0, afterNanoUsd: 0 };
  /** Refused now, and not before; that would be no saving. */
  readonly newlyRefused: Unmatched = { requests: 0, nanoUsd: 0 };
  readonly noLongerRefused: Unmatched = { requests: 0, nanoUsd: 0 };

  add({ before, after }: Pick<Replayed, 'before' | 'after'>): void {
    this.before.add(before);
    this.after.add(after);
    if (after.kind === 'refused') addUnmatched(this.newlyRefused, before);
    if (before.kind === 'refused') addUnmatched(this.noLongerRefused, after);
    const [was, willBe] = [costOf(before), costOf(after)];
    if (was === undefined || willBe === undefined) return;
    this.cost.requests += 1;
    this.cost.beforeNanoUsd += was;
    this.cost.afterNanoUsd += willBe;
  }
}

function addUnmatched(sums: Unmatched, there: Outcome): void {
  if (there.kind === 'refused') return;
  sums.requests += 1;
  if (there.kind === 'answered') sums.nanoUsd += there.costNanoUsd;
}

/** Of an answer; undefined where there is none, or it is not known. */
function costOf(outcome: Outcome): number | undefined {
  if (outcome.kind === 'cached') return 0;
  return outcome.kind === 'answered' && !outcome.hasFailed && outcome.costKnown ? outcome.costNanoUsd : undefined;
}

/** Names come from clients. */
const MOST_MODELS = 100;
const OTHERS = 'others';

/** Sums up what is replayed. The order in which it comes is no matter. */
export class ReplayReport {
  readonly all = new Compared();
  /** By virtual model, else by the name that the client asked for. */
  readonly models = new Map<string, Compared>();
  readonly texts = new Counts();
  readonly left = new Counts();
  /** On what the outcomes of answered requests rest. */
  readonly bases = new Counts();
  untold = 0;
  hitsOfBefore = 0;
  mayMeanTheSame = 0;
  otherPrompts = 0;

  add(replayed: Replayed): void {
    const { request, after, left, cache, hasOtherPrompt } = replayed;
    this.all.add(replayed);
    const model = request.virtualModel ?? request.model;
    // On a path that there is not, nobody names a model.
    if (model) this.#modelOf(model).add(replayed);
    this.texts.add(textOf(request.input).kept satisfies Kept);
    if (left) this.left.add(left satisfies Left);
    else if (after.kind === 'answered') this.bases.add(after.basis);
    if (cache?.isUntold) this.untold += 1;
    if (cache?.isOfBefore) this.hitsOfBefore += 1;
    if (cache?.mayMeanTheSame) this.mayMeanTheSame += 1;
    if (hasOtherPrompt) this.otherPrompts += 1;
  }

  #modelOf(name: string): Compared {
    const key = this.models.has(name) || this.models.size < MOST_MODELS ? name : OTHERS;
    let compared = this.models.get(key);
    if (!compared) {
      compared = new Compared();
      this.models.set(key, compared);
    }
    return compared;
  }
}
