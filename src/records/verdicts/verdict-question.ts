import { GatewayError } from '../../core/errors.ts';
import { VERDICT_OUTCOMES, type VerdictOutcome } from '../../core/screening.ts';
import { DAY_MS } from '../../core/units.ts';
import { type Query, invalid, readPeriod, readText, refuseUnknown } from '../listing/query.ts';
import { SLOT_MS } from '../traces/rollup-batch.ts';

/** What verdicts can be grouped and filtered by. */
export const VERDICT_GROUPS = ['guard', 'verdict', 'policy', 'place', 'project'] as const;
export type VerdictGroup = (typeof VERDICT_GROUPS)[number];

/** The longest time that is drawn. */
export const MOST_DAYS = 180;
/** How long sums of verdicts are kept. */
export const KEPT_DAYS = 400;
const MOST_POINTS = 180;
/** How long a point of a drawing may be. */
const UNITS = [1, 2, 4, 8, 16, 24, 48, 96].map((slots) => slots * SLOT_MS);

export interface VerdictQuestion {
  readonly by: readonly VerdictGroup[];
  readonly filter: { readonly [Group in VerdictGroup]?: string | undefined };
  /** Epoch milliseconds: inclusive, exclusive; whole slots. */
  readonly from: number;
  readonly until: number;
  /** Of one point. */
  readonly unitMs: number;
  /** From when on something is known, epoch milliseconds. */
  readonly keptSince: number;
}

const PARAMETERS = ['by', ...VERDICT_GROUPS, 'since', 'until'];

/** @throws request_invalid with the parameter at fault and what would be right */
export function readVerdictQuestion(query: Query, now: number): VerdictQuestion {
  refuseUnknown(query, PARAMETERS);
  const filter = Object.fromEntries(VERDICT_GROUPS.map((group) => [group, readText(query, group)]));
  const outcome = filter['verdict'];
  if (outcome !== undefined && !isOutcome(outcome)) {
    throw invalid('verdict', `must be one of ${VERDICT_OUTCOMES.join(', ')}`);
  }
  return { by: readGroups(query), filter, ...timesOf(query, now) };
}

function isOutcome(name: string): name is VerdictOutcome {
  return VERDICT_OUTCOMES.some((known) => known === name);
}

function readGroups(query: Query): VerdictGroup[] {
  const names = (readText(query, 'by') ?? 'verdict').split(',').filter((name) => name !== '');
  return [...new Set(names)].map((name) => {
    const group = VERDICT_GROUPS.find((one) => one === name);
    if (!group)
      throw invalid('by', `knows no "${name}". Group by any of ${VERDICT_GROUPS.join(', ')}, separated by commas`);
    return group;
  });
}

/** The last day where nothing is said. */
function timesOf(query: Query, now: number): Pick<VerdictQuestion, 'from' | 'until' | 'unitMs' | 'keptSince'> {
  const period = readPeriod(query);
  const end = Math.min(period.until?.getTime() ?? now, now);
  const start = period.since?.getTime() ?? end - DAY_MS;
  if (start >= end) throw invalid('since', 'must be before `until`, and before now');
  if (end - start > MOST_DAYS * DAY_MS) {
    const message = `The time is over ${MOST_DAYS} days long. Ask for less with \`since\` and \`until\`.`;
    throw new GatewayError('request_invalid', { message, param: 'since' });
  }
  const keptSince = Math.ceil((now - KEPT_DAYS * DAY_MS) / SLOT_MS) * SLOT_MS;
  if (end <= keptSince) throw noLongerKept(keptSince);
  const from = Math.max(Math.floor(start / SLOT_MS) * SLOT_MS, keptSince);
  const unitMs = UNITS.find((unit) => (end - from) / unit <= MOST_POINTS) ?? 2 * DAY_MS;
  return { from, until: Math.ceil(end / SLOT_MS) * SLOT_MS, unitMs, keptSince };
}

function noLongerKept(since: number): GatewayError {
  const message = `Sums of verdicts are kept for ${KEPT_DAYS} days: there are none from before ${new Date(since).toISOString()}. Ask for a later time.`;
  return new GatewayError('request_invalid', { message, param: 'since' });
}
