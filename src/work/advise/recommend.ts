import { type Evaluation, MARGIN, type Quality } from './evaluate.ts';

/** What there is to do. */
export type Advice =
  /** It saves, and is not worse. */
  | { readonly kind: 'use'; readonly chosen: Evaluation; readonly reason: string }
  /** It saves; how good it is has to be found out on a part of the traffic first. */
  | { readonly kind: 'try'; readonly chosen: Evaluation; readonly reason: string }
  /** Nothing pays. */
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'too-little'; readonly reason: string };

export interface Evidence {
  /** Requests whose cost is known. */
  readonly requests: number;
  /** Of conversations, or users' days. */
  readonly clusters: number;
  readonly evaluations: readonly Evaluation[];
}

const LEAST_REQUESTS = 200;
const LEAST_CLUSTERS = 20;
/** A change is not worth less than that part of the cost. */
const LEAST_SAVING = 0.02;
/** A policy that can be judged on a few requests only is not judged. */
const LEAST_SHARE = 0.5;
/** Points by which answers seem to be worse where a trial is not worth its users. */
const LIKELY_WORSE = 0.05;

/** The cheapest policy that pays for sure and is not shown to be worse; none where there is none. */
export function recommend({ requests, clusters, evaluations }: Evidence): Advice {
  if (requests < LEAST_REQUESTS || clusters < LEAST_CLUSTERS) {
    const reason =
      `${requests} requests of ${clusters} conversations or users are too few to say anything: ` +
      `at least ${LEAST_REQUESTS} and ${LEAST_CLUSTERS} are needed.`;
    return { kind: 'too-little', reason };
  }
  const paying = evaluations.filter(pays).toSorted((a, b) => b.saving.value - a.saving.value);
  const good = paying.find(({ quality }) => isGood(quality));
  const open = paying.find((one) => mayBeTried(one));
  if (open && open.saving.value > (good?.saving.value ?? 0) + LEAST_SAVING) {
    return { kind: 'try', chosen: open, reason: openReason(open, good) };
  }
  if (good) return { kind: 'use', chosen: good, reason: goodReason(good) };
  return { kind: 'none', reason: noneReason(evaluations, paying) };
}

function pays({ policy, saving, share }: Evaluation): boolean {
  return !policy.isAssumed && share >= LEAST_SHARE && saving.low > 0 && saving.value >= LEAST_SAVING;
}

function isGood(quality: Quality): boolean {
  return quality.kind === 'same' || (quality.kind === 'measured' && quality.difference.low >= -MARGIN);
}

/** Shown to be worse is all of the interval below 0; a few labels may say so before that. */
function isWorse({ difference: { value, high } }: Extract<Quality, { kind: 'measured' }>): boolean {
  return high < 0 || value < -LIKELY_WORSE;
}

/** Of what is known too little only the usual settings, and never everything on a weaker target. */
function mayBeTried({ policy, quality }: Evaluation): boolean {
  if (!policy.isUsual) return false;
  return quality.kind === 'unknown' || (quality.kind === 'measured' && !isGood(quality) && !isWorse(quality));
}

function goodReason({ quality }: Evaluation): string {
  if (quality.kind !== 'measured') return 'The same targets answer, so that answers are as good as before.';
  return `By ${quality.labels} labels, answers are not worse (${points(quality)}).`;
}

function openReason({ quality }: Evaluation, good: Evaluation | undefined): string {
  const found =
    quality.kind === 'measured'
      ? `By ${quality.labels} labels it is not clear whether answers are worse (${points(quality)}; about ${quality.needed} of each target would tell)`
      : 'How good its answers would be is not known';
  const safe = good
    ? ` Without a trial, "${good.policy.name}" saves ${percent(good.saving.value)} and is not worse.`
    : '';
  return `${found}: run it as a shadow or a canary first.${safe}`;
}

function noneReason(evaluations: readonly Evaluation[], paying: readonly Evaluation[]): string {
  if (evaluations.length === 0) return 'There is no other target with a known price to compare with.';
  const first = paying.find(({ quality }) => quality.kind === 'measured' && isWorse(quality));
  if (first?.quality.kind === 'measured') {
    const makes = first.quality.difference.high < 0 ? 'makes' : 'seems to make';
    return `What saves ${makes} answers worse: "${first.policy.name}" by ${points(first.quality)}.`;
  }
  const best = evaluations.toSorted((a, b) => b.saving.value - a.saving.value).find(({ policy }) => policy.isUsual);
  if (!best) return 'No policy pays for sure on this traffic.';
  const { value, low } = best.saving;
  if (best.share < LEAST_SHARE)
    return `"${best.policy.name}" can be judged on ${percent(best.share)} of the requests only, and no other policy pays for sure.`;
  return `No policy pays for sure: the best of the usual ones, "${best.policy.name}", saves ${percent(value)} (at least ${percent(low)}).`;
}

function points({ difference: { value, low, high } }: Extract<Quality, { kind: 'measured' }>): string {
  const [told, from, to] = [value, low, high].map((part) => (part * 100).toFixed(1));
  return `${told} points, ${from} to ${to}`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
