import type { PartyName } from './parties.ts';
import type { Spread } from './spread.ts';
import type { Summary } from './summary.ts';

/** What Causeway has to reach with everything on, in one run on one machine. */
interface Target {
  readonly case: string;
  readonly what: string;
  readonly bound: 'at most' | 'at least';
  readonly times: number;
  readonly ratioOf: (summary: Summary) => Spread | undefined;
}

const threadCpu = (name: string, times: number, what = 'request-thread CPU per request ÷ floor'): Target => ({
  case: name,
  what,
  bound: 'at most',
  times,
  ratioOf: ({ threadCpuOfFloor }) => threadCpuOfFloor,
});

const ofPortkey = (name: string, times: number): Target => ({
  case: name,
  what: 'requests/s ÷ Portkey',
  bound: 'at least',
  times,
  ratioOf: ({ requestsOfPortkey }) => requestsOfPortkey,
});

const ofFloor = (name: string, times: number): Target => ({
  case: name,
  what: 'requests/s ÷ floor',
  bound: 'at least',
  times,
  ratioOf: ({ requestsOfFloor }) => requestsOfFloor,
});

const TARGETS: readonly Target[] = [
  threadCpu('chat-32', 1.6),
  ofPortkey('chat-32', 7),
  threadCpu('stream-32', 2),
  ofPortkey('stream-32', 5),
  threadCpu('stream-paced-32', 2),
  ofPortkey('stream-paced-32', 5),
  ofFloor('hit-32', 1.5),
  ofFloor('hit-stream-32', 1.5),
  threadCpu('long-8', 1.5, 'request-thread CPU per MB ÷ floor'),
];

/** The database that the targets are for, and the one that is shown beside it. */
export const JUDGED: PartyName = 'causeway';
const BESIDE: PartyName = 'embedded';

/** A target beside what was seen of it. */
export interface Verdict {
  readonly case: string;
  readonly what: string;
  readonly target: string;
  readonly seen: Spread | undefined;
  readonly embedded: Spread | undefined;
  /** Undefined where it was not measured. */
  readonly isMet: boolean | undefined;
}

export function verdictsOf(summaries: readonly Summary[]): Verdict[] {
  return TARGETS.map((target) => {
    const of = (party: PartyName): Spread | undefined => {
      const summary = summaries.find((one) => one.case === target.case && one.party === party);
      return summary && target.ratioOf(summary);
    };
    const seen = of(JUDGED);
    const sign = target.bound === 'at most' ? '≤' : '≥';
    return {
      case: target.case,
      what: target.what,
      target: `${sign} ${target.times}`,
      seen,
      embedded: of(BESIDE),
      isMet: seen && isWithin(seen.median, target),
    };
  });
}

function isWithin(ratio: number, { bound, times }: Target): boolean {
  return bound === 'at most' ? ratio <= times : ratio >= times;
}
