import type { NumberRange, RouteConditions, RouteRule } from '../../../core/routing.ts';
import type { Sight } from './sight.ts';
import { isWithinHours } from './within-hours.ts';

export type ConditionName = keyof RouteConditions;

type Check = (sight: Sight, conditions: RouteConditions) => boolean;

/** Cheap ones first: what reads the texts is asked only where all others hold. Absent ones hold. */
const CHECKS: readonly (readonly [name: ConditionName, holds: Check])[] = [
  ['endpoints', ({ call }, { endpoints }) => isOneOf(endpoints, call.endpoint)],
  ['projects', ({ call }, { projects }) => isOneOf(projects, call.principal?.project)],
  ['users', (sight, { users }) => isOneOf(users, sight.user)],
  // Whoever counts for no budget has used nothing of one.
  ['budgetUsed', ({ call }, { budgetUsed }) => isIn(budgetUsed, () => call.budgetUsed ?? 0)],
  ['metadata', ({ call }, { metadata }) => hasMetadata(metadata, call.facts.metadata)],
  ['hours', ({ call }, { hours }) => !hours || isWithinHours(hours, call.receivedAt)],
  ['tools', (sight, { tools }) => tools === undefined || sight.tools === tools],
  ['images', (sight, { images }) => images === undefined || sight.images === images],
  ['messages', (sight, { messages }) => isIn(messages, () => sight.messages)],
  ['length', (sight, { length }) => isIn(length, () => sight.length)],
  ['languages', (sight, { languages }) => !languages || isOneOf(languages, sight.language)],
  ['sensitive', (sight, { sensitive }) => sensitive === undefined || sight.sensitive === sensitive],
];

/** What of the conditions does not hold; undefined where all of them do. @throws request_invalid */
export function firstFailing(conditions: RouteConditions, sight: Sight): ConditionName | undefined {
  for (const [name, holds] of CHECKS) if (!holds(sight, conditions)) return name;
  return undefined;
}

/** Why a rule does not hold; undefined where it does. @throws request_invalid */
export function whyNot({ when, unless }: RouteRule, sight: Sight): ConditionName | 'unless' | undefined {
  const failing = firstFailing(when, sight);
  if (failing !== undefined) return failing;
  return unless && firstFailing(unless, sight) === undefined ? 'unless' : undefined;
}

/** The first rule that holds decides. @throws request_invalid */
export function ruleFor(rules: readonly RouteRule[], sight: Sight): RouteRule | undefined {
  return rules.find((rule) => whyNot(rule, sight) === undefined);
}

function isOneOf(names: readonly string[] | undefined, name: string | undefined): boolean {
  return !names || (name !== undefined && names.includes(name));
}

function isIn(range: NumberRange | undefined, value: () => number): boolean {
  if (!range) return true;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = range;
  const found = value();
  return found >= atLeast && found <= atMost;
}

/** Numbers and truth values are compared as they are written. */
function hasMetadata(wanted: RouteConditions['metadata'], metadata: object | undefined): boolean {
  if (!wanted) return true;
  const given = new Map<string, unknown>(Object.entries(metadata ?? {}));
  for (const [name, values] of wanted) {
    const value = given.get(name);
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!isPlain || !values.includes(String(value))) return false;
  }
  return true;
}
