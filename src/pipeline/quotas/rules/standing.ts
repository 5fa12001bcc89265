import type { Claim, ClaimState } from '../ledger/ledger.ts';
import type { BudgetDimension } from '../settings.ts';
import type { LimitRule } from './limit-rules.ts';

/** How one counter of a limit stands. */
export interface SubjectStanding {
  readonly subject: string;
  readonly state: ClaimState;
}

/** A limit, and how those stand that used most of late; undefined where that is not known. */
export interface LimitStanding {
  readonly rule: LimitRule;
  readonly subjects: readonly SubjectStanding[] | undefined;
}

export interface StandingDeps {
  /** Live figures, of `QuotaLedger.read`. @throws counters_unavailable */
  read(claims: readonly Claim[]): Promise<readonly ClaimState[]> | readonly ClaimState[];
  /** Who sent most requests of late, most first; undefined where it is not known. */
  busiest(per: BudgetDimension, limit: number): Promise<readonly string[] | undefined>;
}

/** How each limit stands, for at most so many of its subjects. @throws counters_unavailable */
export async function standingOf(
  deps: StandingDeps,
  rules: readonly LimitRule[],
  limit: number,
): Promise<LimitStanding[]> {
  const asked = new Map<BudgetDimension, Promise<readonly string[] | undefined>>();
  const busiest = (per: BudgetDimension): Promise<readonly string[] | undefined> => {
    const answer = asked.get(per) ?? deps.busiest(per, limit);
    asked.set(per, answer);
    return answer;
  };
  return Promise.all(
    rules.map(async (rule) => {
      const names = await subjectsOf(rule, busiest);
      if (!names) return { rule, subjects: undefined };
      const states = await deps.read(names.map((subject) => rule.claim(subject, 1)));
      const subjects = names.flatMap((subject, at) => {
        const state = states[at];
        return state ? [{ subject, state }] : [];
      });
      return { rule, subjects };
    }),
  );
}

/** Addresses are nobody's name in what is kept of requests, and each replica counts them for itself. */
async function subjectsOf(
  { per, only, modelNames }: LimitRule,
  busiest: (per: BudgetDimension) => Promise<readonly string[] | undefined>,
): Promise<readonly string[] | undefined> {
  if (per === 'ip') return undefined;
  if (only !== undefined) return [only];
  const names = await busiest(per);
  // A model that the limit is not for has no counter in it.
  return per === 'model' && modelNames.length > 0 ? names?.filter((name) => matchesAny(modelNames, name)) : names;
}

function matchesAny(patterns: readonly string[], model: string): boolean {
  return patterns.some((name) => (name.endsWith('*') ? model.startsWith(name.slice(0, -1)) : name === model));
}
