import type { Policy } from './policies.ts';

/** How long the exact cache would keep answers, as a configuration says it. */
const CACHE_TTL = '1h';

/** Where lines are put. */
export interface Place {
  /** The virtual model, or the name that clients ask for. */
  readonly model: string;
  /** The configuration has a virtual model of that name. */
  readonly isKnown: boolean;
  /** `provider/model` that answers now, where it is one alone. */
  readonly target: string | undefined;
  /** Names of canaries that there are. */
  readonly canaries: readonly string[];
}

/** The lines of causeway.yaml that make a policy of a virtual model. */
export function modelSnippet(policy: Policy, { model, target }: Place): string {
  const own = policy.pair || target === undefined ? [] : [`target: ${JSON.stringify(target)}`];
  return ['models:', `  ${nameOf(model)}:`, ...[...own, ...settingsOf(policy)].map((line) => `    ${line}`)].join('\n');
}

/** The same for a few requests first, taken back by itself where it is worse. */
export function canarySnippet(policy: Policy, { model, isKnown, target, canaries }: Place): string {
  return [
    // A canary is about a virtual model.
    ...(isKnown || target === undefined
      ? []
      : ['models:', `  ${nameOf(model)}: { target: ${JSON.stringify(target)} }`]),
    'canaries:',
    `  ${canaryName(model, canaries)}:`,
    `    model: ${nameOf(model)}`,
    '    set:',
    ...settingsOf(policy).map((line) => `      ${line}`),
  ].join('\n');
}

/** @param taken names that there are */
export function canaryName(model: string, taken: readonly string[]): string {
  const name = `${model.replaceAll(/[^\w.-]+/g, '-').slice(0, MOST_NAME)}-cheaper`;
  let [free, next] = [name, 2];
  for (; taken.includes(free); next += 1) free = `${name}-${next}`;
  return /^[a-z]/i.test(free) ? free : JSON.stringify(free);
}

/** Of 64 characters that a canary may have, with what stands behind it. */
const MOST_NAME = 50;

function settingsOf(policy: Policy): string[] {
  return [...routeOf(policy), ...(policy.hasCache ? [`cache: { exact: { ttl: ${CACHE_TTL} } }`] : [])];
}

function routeOf({ kind, pair, threshold }: Policy): string[] {
  if (!pair) return [];
  const [small, large] = [JSON.stringify(pair.small), JSON.stringify(pair.large)];
  if (kind === 'all-on') return [`target: ${small}`];
  if (kind === 'cascade') {
    return ['route:', `  targets: [{ target: ${small} }]`, `  cascade: { to: ${large} }`];
  }
  const by = kind === 'rules' ? 'rules' : kind;
  const asked = kind === 'model' ? `, model: ${small}` : '';
  return [
    'route:',
    '  by: complexity',
    '  targets:',
    `    - { target: ${small}, tiers: [simple, medium] }`,
    `    - { target: ${large}, tiers: [complex, reasoning] }`,
    `  complexity: { kind: ${by}${asked}, thresholds: ${thresholds(threshold ?? USUAL)} }`,
  ];
}

const USUAL = 0.5;
const USUAL_MEDIUM = 0.25;
const USUAL_REASONING = 0.75;

/** What is below goes to the small one; the other two have to stand around it. */
function thresholds(at: number): string {
  return `{ medium: ${Math.min(USUAL_MEDIUM, at)}, complex: ${at}, reasoning: ${Math.max(USUAL_REASONING, at)} }`;
}

/** Quoted where it could be read as something else. */
function nameOf(model: string): string {
  return /^[a-z][\w-]*$/i.test(model) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(model)
    ? model
    : JSON.stringify(model);
}
