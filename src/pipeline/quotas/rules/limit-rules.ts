import { GenerationalMap } from '../../../core/generational-map.ts';
import { type Rate, durationText } from '../../../core/units.ts';
import { counterSubject } from '../budgets/counter-key.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { LimitDimension, LimitSettings } from '../settings.ts';
import { type Subjects, isOwnAddress, subjectFor } from './subjects.ts';

export type LimitUnit = 'requests' | 'tokens' | 'concurrency';

/** One counter of the configuration's `limits`. */
export interface LimitRule {
  readonly per: LimitDimension;
  /** The only one that it is for; undefined: each has one of its own. */
  readonly only: string | undefined;
  /** The only models that it is for; of all where empty. */
  readonly modelNames: readonly string[];
  readonly unit: LimitUnit;
  /** It asks for the model, which only the body tells. */
  readonly models: boolean;
  /** Of requests and tokens: in a window; of concurrency: at a time. */
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
  /** For messages: `30 requests in 1m per user`. */
  readonly text: string;
  /** Whose counter a call uses; undefined where the rule is not for it. */
  subject(subjects: Subjects): string | undefined;
  /** @param amount of requests: 1 */
  claim(subject: string, amount: number): Claim;
}

/** What holds where the configuration says nothing. The address of this machine is no stranger's. */
const DEFAULT_LIMITS: readonly LimitSettings[] = [
  { per: 'ip', requests: { count: 100, windowMs: 60_000 }, burst: 0.1, models: [] },
  {
    per: 'user',
    requests: { count: 30, windowMs: 60_000 },
    tokens: { count: 100_000, windowMs: 60_000 },
    concurrency: 20,
    burst: 0.1,
    models: [],
  },
];

/** @param settings undefined: the usual ones */
export function limitRulesOf(settings: readonly LimitSettings[] | undefined): LimitRule[] {
  const isDefault = settings === undefined;
  return (settings ?? DEFAULT_LIMITS).flatMap((limit) => rulesOf(limit, isDefault));
}

function rulesOf(limit: LimitSettings, isDefault: boolean): LimitRule[] {
  const { requests, tokens, concurrency } = limit;
  const rules: LimitRule[] = [];
  if (requests) rules.push(rateRule(limit, 'requests', requests, isDefault));
  if (tokens) rules.push(rateRule(limit, 'tokens', tokens, isDefault));
  if (concurrency !== undefined) rules.push(placesRule(limit, concurrency));
  return rules;
}

function rateRule(
  limit: LimitSettings,
  unit: 'requests' | 'tokens',
  { count, windowMs }: Rate,
  isDefault: boolean,
): LimitRule {
  const burst = Math.max(1, Math.floor(count * limit.burst));
  const prefix = `${scopeOf(limit)}|${unit}|${count}/${windowMs}|${burst}|`;
  const exceptOwn = isDefault && limit.per === 'ip';
  const ones = remembered((subject) => {
    return { kind: 'rate', key: prefix + counterSubject(subject), limit: count, windowMs, burst, amount: 1 };
  });
  return {
    per: limit.per,
    only: limit.id,
    modelNames: limit.models,
    unit,
    models: limit.models.length > 0,
    limit: count,
    windowMs,
    burst,
    text: `${count} ${unit} in ${durationText(windowMs)} ${whose(limit)}`,
    subject: (subjects) => (exceptOwn && isOwnAddress(subjects.ip) ? undefined : matched(limit, subjects)),
    claim(subject, amount) {
      const one = ones(subject);
      return one.kind === 'rate' && amount !== one.amount ? { ...one, amount } : one;
    },
  };
}

function placesRule(limit: LimitSettings, places: number): LimitRule {
  const prefix = `${scopeOf(limit)}|concurrency|`;
  return {
    per: limit.per,
    only: limit.id,
    modelNames: limit.models,
    unit: 'concurrency',
    models: limit.models.length > 0,
    limit: places,
    windowMs: 0,
    burst: places,
    text: `${places} requests at a time ${whose(limit)}`,
    subject: (subjects) => matched(limit, subjects),
    claim: remembered((subject) => {
      return { kind: 'concurrency', key: prefix + counterSubject(subject), limit: places };
    }),
  };
}

/** Of subjects that call again and again; those of others are made anew. */
const MOST_CLAIMS = 2000;

/** Claims that never change: their keys need not be put together, nor looked at letter by letter, for each call. */
function remembered(make: (subject: string) => Claim): (subject: string) => Claim {
  const claims = new GenerationalMap<Claim>(MOST_CLAIMS);
  return (subject) => {
    let claim = claims.get(subject);
    if (!claim) {
      claim = make(subject);
      claims.set(subject, claim);
    }
    return claim;
  };
}

/** Two limits that count the same calls share a counter only where they are the same limit. */
function scopeOf({ per, id, models }: LimitSettings): string {
  return `${per}|${id === undefined ? '*' : `=${id}`}|${models.join(',')}`;
}

function matched({ per, id, models }: LimitSettings, subjects: Subjects): string | undefined {
  if (models.length > 0 && !models.some((name) => isNamed(name, subjects.model))) return undefined;
  return subjectFor(per, id, subjects);
}

function isNamed(name: string, model: string | undefined): boolean {
  if (model === undefined) return false;
  return name.endsWith('*') ? model.startsWith(name.slice(0, -1)) : model === name;
}

function whose({ per, id, models }: LimitSettings): string {
  const subject = id === undefined ? `per ${per}` : `for the ${per} ${id}`;
  return models.length === 0 ? subject : `${subject} on ${models.join(', ')}`;
}
