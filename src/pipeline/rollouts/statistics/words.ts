import type { Interval, Scale } from './compare.ts';
import type { ArmMetric } from './moments.ts';

/** Every text of a verdict, so that they can be had in another language. */

/** What an effect is called, the lower and the higher. */
const EFFECTS: Readonly<Record<ArmMetric, readonly [less: string, more: string]>> = {
  cost: ['costs {} less', 'costs {} more'],
  latency: ['takes {} less time', 'takes {} more time'],
  ttft: ['begins to answer {} sooner', 'begins to answer {} later'],
  errors: ['fails {} less often', 'fails {} more often'],
  feedback: ['its feedback is {} worse', 'its feedback is {} better'],
  judge: ['its judged quality is {} worse', 'its judged quality is {} better'],
};

const NOTHING_YET: Readonly<Record<ArmMetric, string>> = {
  cost: 'too few costs are known',
  latency: 'too few answers were timed',
  ttft: 'too few answers were timed',
  errors: 'there are no requests yet',
  feedback: 'there is too little feedback',
  judge: 'too few answers were judged',
};

const SAME: Readonly<Record<ArmMetric, string>> = {
  cost: 'costs the same',
  latency: 'takes the same time',
  ttft: 'begins to answer as soon',
  errors: 'fails as often',
  feedback: 'its feedback is as good',
  judge: 'its judged quality is as good',
};

/** An effect that is not zero: `costs 62 % less (58 % to 66 %)`. */
export function effectText(metric: ArmMetric, scale: Scale, estimate: number, interval: Interval): string {
  const [from, to] = interval.map((end) => (estimate < 0 ? -end : end)).toSorted((a, b) => a - b);
  return `${sided(metric, scale, estimate)} (${rangeText(scale, from ?? 0, to ?? 0)})`;
}

/** With as many digits as it takes to tell the ends apart, within reason. */
function rangeText(scale: Scale, from: number, to: number): string {
  for (let more = 0; more < 3; more += 1) {
    const ends = [amount(scale, from, more), amount(scale, to, more)];
    if (ends[0] !== ends[1]) return ends.join(' to ');
  }
  return amount(scale, from);
}

/** One end of what an effect may be, on the side that is worse: `its feedback is at most 3 points worse`. */
export function atMostText(metric: ArmMetric, scale: Scale, end: number): string {
  return wording(metric, end).replace('{}', `at most ${amount(scale, Math.abs(end))}`);
}

export function sameText(metric: ArmMetric, scale: Scale, margin: number): string {
  return `${SAME[metric]}, to within ${amount(scale, margin)}`;
}

/** Not known yet which: `costs between 5 % less and 3 % more`. */
export function openText(metric: ArmMetric, scale: Scale, interval: Interval | undefined): string {
  if (interval === undefined) return NOTHING_YET[metric];
  const [lower, upper] = interval;
  return `between "${sided(metric, scale, lower)}" and "${sided(metric, scale, upper)}" all is possible`;
}

export function armText(arm: string, first: string, goods: readonly string[], bads: readonly string[]): string {
  const good = [`${arm} ${verbed(first)}`, ...goods];
  const before = good.slice(0, -1).join(', ');
  const all = [before, good.at(-1) ?? ''].filter((part) => part !== '').join(' and ');
  return bads.length === 0 ? all : `${all}, but ${bads.join(' and ')}`;
}

export function sureText(alpha: number): string {
  return `sure at ${Number(((1 - alpha) * 100).toFixed(2))} % however often you looked`;
}

export function runningText(control: string, open: readonly string[]): string {
  return open.length === 0
    ? `there is nothing to compare with ${control}`
    : `nothing is sure yet in comparison with ${control}: ${open.join('; ')}`;
}

export function openArmText(arm: string, text: string): string {
  return `of ${arm} ${text}`;
}

export function mismatchText(planned: readonly number[], counts: readonly number[], arms: readonly string[]): string {
  const all = { planned: total(planned), drawn: total(counts) };
  const parts = arms.map((arm, at) => {
    const should = share(planned[at], all.planned);
    const got = share(counts[at], all.drawn);
    return `${arm} got ${got} % where ${should} % was planned`;
  });
  return `the arms do not get what was planned (${parts.join(', ')}), so nothing that is compared can be trusted: something puts requests into arms, or leaves them out, beside the draw`;
}

/** `its feedback is …` stands after the arm's name as `has feedback that is …`. */
function verbed(text: string): string {
  return text.replace(/^its (feedback|judged quality) is/, 'has $1 that is');
}

function sided(metric: ArmMetric, scale: Scale, effect: number): string {
  return wording(metric, effect).replace('{}', amount(scale, Math.abs(effect)));
}

function wording(metric: ArmMetric, effect: number): string {
  const [less, more] = EFFECTS[metric];
  return effect < 0 ? less : more;
}

/** `62 %`, or `3 points` of a hundred. @param more digits than the two that count */
export function amount(scale: Scale, value: number, more = 0): string {
  const hundredths = number(value * 100, more);
  if (scale === 'relative') return `${hundredths} %`;
  return `${hundredths} ${hundredths === '1' ? 'point' : 'points'}`;
}

/** Two digits that count. */
function number(value: number, more = 0): string {
  const size = Math.abs(value);
  const decimals = size >= 10 || size === 0 ? 0 : size >= 1 ? 1 : 2;
  return String(Number(value.toFixed(decimals + more)));
}

function share(part: number | undefined, all: number): string {
  return String(Number((((part ?? 0) / all) * 100).toFixed(1)));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
