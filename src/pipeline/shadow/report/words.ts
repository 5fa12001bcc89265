import type { Estimate } from './intervals.ts';
import type { ShadowReport } from './report.ts';

/** Of fewer pairs nothing is said. */
const LEAST_PAIRS = 30;
/** A smaller difference is none that anybody notices. */
const NOTICEABLE = 0.03;
/** A judge that says nothing more often is one to look after. */
const MUTE = 0.2;

/** What a report says, in one or a few sentences. */
export function wordsOf(report: ShadowReport): string {
  const { pairs } = report;
  if (pairs < LEAST_PAIRS) return tooFew(report);
  const said = [
    `Over ${pairs} requests the candidate ${costWords(report)} and ${timeWords(report)}.`,
    ...contentWords(report),
    ...formWords(report),
    ...judgeWords(report),
    ...failureWords(report),
  ];
  return said.join(' ');
}

function tooFew({ pairs, requests, leftOut, judge }: ShadowReport): string {
  const most = Object.entries(leftOut).toSorted(([, a], [, b]) => b - a)[0];
  const others = most ? ` Most that were left out were so for "${most[0]}": ${most[1]}.` : '';
  const failed = requests > pairs ? ` ${requests - pairs} of ${requests} requests failed at the candidate.` : '';
  const mute = muteWords(judge)
    .map((words) => ` ${words}`)
    .join('');
  return `${pairs} pairs are too few to say anything; ${LEAST_PAIRS} are needed.${failed}${others}${mute}`;
}

function costWords({ cost: { ratio } }: ShadowReport): string {
  if (!ratio) return 'costs what nobody knows';
  if (includes(ratio, 1)) return `costs about the same${reach(ratio, (value) => percent(value - 1))}`;
  const words = ratio.value < 1 ? 'less' : 'more';
  return `costs ${percent(Math.abs(ratio.value - 1))} ${words}${reach(ratio, (value) => percent(Math.abs(value - 1)))}`;
}

function timeWords({ latency: { times } }: ShadowReport): string {
  if (!times) return 'takes a time that nobody measured';
  if (includes(times, 1) || Math.abs(times.value - 1) < NOTICEABLE) return 'takes about as long';
  const isSlower = times.value > 1;
  const factor = isSlower ? times.value : 1 / times.value;
  return `is ${factor.toFixed(factor < 10 ? 1 : 0)} times as ${isSlower ? 'slow' : 'fast'}`;
}

function contentWords({ similarity: { alike, pairs }, length }: ShadowReport): string[] {
  const words: string[] = [];
  if (alike && pairs >= LEAST_PAIRS) words.push(`It says nearly the same in ${share(alike)} of ${pairs} answers.`);
  if (length.times !== undefined && Math.abs(length.times - 1) > 0.2) {
    words.push(`Its answers are ${length.times.toFixed(1)} times as long.`);
  }
  return words;
}

function formWords({ format, tools }: ShadowReport): string[] {
  const words: string[] = [];
  if (format.candidate && format.live) {
    words.push(
      `The form that was asked for is kept in ${share(format.candidate)} of ${format.pairs} (live: ${percent(format.live.value)}).`,
    );
  }
  if (tools.same) words.push(`It calls the same functions in ${share(tools.same)} of ${tools.pairs}.`);
  return words;
}

function judgeWords({ judge: { judged, better, worse, firstShare, unclear, unasked } }: ShadowReport): string[] {
  const words = muteWords({ judged, unclear, unasked });
  if (!better || !worse || judged === 0) return words;
  if (judged < LEAST_PAIRS) return [`The judge compared ${judged}, too few to say anything.`, ...words];
  words.unshift(`The judge finds it worse in ${share(worse)} and better in ${share(better)} of ${judged}.`);
  const isBiased = firstShare?.low !== undefined && firstShare.high !== undefined && !includes(firstShare, 0.5);
  if (isBiased && Math.abs(firstShare.value - 0.5) > 0.15) {
    words.push(
      `It tends to the answer that stands ${firstShare.value > 0.5 ? 'first' : 'second'}, so trust it little.`,
    );
  }
  return words;
}

/** Of a judge that says too little: those that it was heard on may be others than the rest. */
function muteWords({ judged, unclear, unasked }: Pick<ShadowReport['judge'], 'judged' | 'unclear' | 'unasked'>) {
  const all = judged + unclear + unasked;
  const words: string[] = [];
  if (unclear > all * MUTE) words.push(`The judge said none of first, second or same on ${unclear} of ${all}.`);
  if (unasked > all * MUTE) words.push(`The judge gave no answer on ${unasked} of ${all}, or was beyond the budget.`);
  return words;
}

function failureWords({ failed, requests }: ShadowReport): string[] {
  return failed && failed.value > 0 ? [`${share(failed)} of ${requests} requests failed at it.`] : [];
}

function includes({ value, low = value, high = value }: Estimate, what: number): boolean {
  return low <= what && what <= high;
}

function share(estimate: Estimate): string {
  return `${percent(estimate.value)}${reach(estimate, percent)}`;
}

/** From the smaller to the larger. */
function reach({ low, high }: Estimate, said: (value: number) => string): string {
  if (low === undefined || high === undefined) return '';
  const [from, to] = [said(low), said(high)];
  if (from === to) return '';
  const ends = Number.parseFloat(from) <= Number.parseFloat(to) ? [from, to] : [to, from];
  return ` (${ends.join(' to ')})`;
}

function percent(value: number): string {
  const whole = value * 100;
  return `${Math.abs(whole) < 10 && whole !== 0 ? whole.toFixed(1) : Math.round(whole)} %`;
}
