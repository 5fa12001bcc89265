import type { Measurement } from './measure.ts';
import type { PartyName } from './parties.ts';
import type { Round } from './rounds.ts';
import { type Spread, spreadOf } from './spread.ts';

const FIGURES = [
  'requestsPerSecond',
  'p50Ms',
  'p99Ms',
  'threadCpuUsPerRequest',
  'allCpuUsPerRequest',
  'threadBusy',
  'rssBytes',
] as const satisfies readonly (keyof Measurement)[];
type Figure = (typeof FIGURES)[number];

/** A party under a case, over all rounds. */
export interface Summary extends Readonly<Record<Figure, Spread>> {
  readonly case: string;
  readonly party: PartyName;
  readonly rounds: number;
  readonly errors: number;
  /** CPU of the request thread, of the floor's. These three are of each round; undefined where the other did not run. */
  readonly threadCpuOfFloor: Spread | undefined;
  readonly requestsOfFloor: Spread | undefined;
  readonly requestsOfPortkey: Spread | undefined;
}

/** One row for each party in each case, in the order in which they were measured. */
export function summarise(rounds: readonly Round[]): Summary[] {
  const groups = Map.groupBy(rounds, ({ case: name, party }) => `${name} ${party}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [summaryOf(first, group, rounds)] : [];
  });
}

function summaryOf(first: Round, group: readonly Round[], all: readonly Round[]): Summary {
  const figures = Object.fromEntries(FIGURES.map((figure) => [figure, spreadOf(group.map((one) => one[figure]))]));
  return {
    ...(figures as Record<Figure, Spread>),
    case: first.case,
    party: first.party,
    rounds: group.length,
    errors: group.reduce((sum, { errors }) => sum + errors, 0),
    threadCpuOfFloor: pairedRatio(group, all, 'floor', 'threadCpuUsPerRequest'),
    requestsOfFloor: pairedRatio(group, all, 'floor', 'requestsPerSecond'),
    requestsOfPortkey: pairedRatio(group, all, 'portkey', 'requestsPerSecond'),
  };
}

/** Each round of a party by that of another in the same round, so that what changes from minute to minute is in both. */
export function pairedRatio(
  group: readonly Round[],
  all: readonly Round[],
  other: PartyName,
  figure: Figure,
): Spread | undefined {
  const ratios = group.flatMap((one) => {
    const peer = all.find(
      ({ case: name, party, round }) => name === one.case && party === other && round === one.round,
    );
    return peer ? [one[figure] / peer[figure]] : [];
  });
  return ratios.length > 0 ? spreadOf(ratios) : undefined;
}
