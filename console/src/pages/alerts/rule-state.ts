import type { Reading, Rule } from './wire.ts';

/** `events`: the rule is about events, each of which is told by itself. */
export type RuleState = 'firing' | 'pending' | 'ok' | 'unseen' | 'events';

const ORDER: readonly RuleState[] = ['firing', 'pending', 'ok', 'unseen', 'events'];
const EVENT_TYPES = new Set(['budget', 'suspicious-use', 'event']);

/** What a rule that is about values says of itself; absent where it has none. */
export interface RuleLimits {
  readonly above: number | undefined;
  readonly windowMs: number | undefined;
  readonly forMs: number | undefined;
  readonly cooldownMs: number | undefined;
  readonly minimumRequests: number | undefined;
  readonly quantile: string | undefined;
  readonly severity: string | undefined;
  readonly atLeast: string | undefined;
  readonly kinds: readonly string[];
  /** What alone it looks at: `model:chat`. */
  readonly only: readonly string[];
}

/** The settings of a rule are of its type; what is read here is what there is. */
export function limitsOf({ settings }: Pick<Rule, 'settings'>): RuleLimits {
  const given: Readonly<Record<string, unknown>> =
    typeof settings === 'object' && settings !== null ? { ...settings } : {};
  const number = (name: string): number | undefined => (typeof given[name] === 'number' ? given[name] : undefined);
  const text = (name: string): string | undefined => (typeof given[name] === 'string' ? given[name] : undefined);
  const { kinds } = given;
  return {
    above: number('above'),
    windowMs: number('window'),
    forMs: number('for'),
    cooldownMs: number('cooldown'),
    minimumRequests: number('minimumRequests'),
    quantile: text('quantile'),
    severity: text('severity'),
    atLeast: text('atLeast'),
    kinds: Array.isArray(kinds) ? kinds.map(String) : [],
    only: ['model', 'project', 'target'].flatMap((name) => (text(name) === undefined ? [] : [`${name}:${text(name)}`])),
  };
}

/** Of those that are as bad, the one with the highest value comes first. */
export function worstFirst(readings: readonly Reading[]): Reading[] {
  return readings.toSorted(
    (one, other) => rankOf(one.state) - rankOf(other.state) || (other.value ?? -1) - (one.value ?? -1),
  );
}

export function worstOf(readings: readonly Reading[]): Reading | undefined {
  return worstFirst(readings)[0];
}

function rankOf(state: string): number {
  const rank = ORDER.findIndex((known) => known === state);
  return rank === -1 ? ORDER.length : rank;
}

export function stateOf({ type, readings }: Pick<Rule, 'type' | 'readings'>): RuleState {
  if (EVENT_TYPES.has(type)) return 'events';
  const worst = worstOf(readings);
  return ORDER.find((state) => state === worst?.state) ?? 'unseen';
}

/** What somebody should look at first. */
export function byState(rules: readonly Rule[]): Rule[] {
  return rules.toSorted((one, other) => rankOf(stateOf(one)) - rankOf(stateOf(other)));
}
