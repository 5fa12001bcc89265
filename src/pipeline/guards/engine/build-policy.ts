import { hash } from 'node:crypto';

import type { Target } from '../../../core/call.ts';
import type { Place } from '../../../core/screening.ts';
import { VERSION } from '../../../core/version.ts';
import type { Action, OnFailure } from '../actions.ts';
import type { Scanner } from '../scan/scanner.ts';
import type { GuardPolicySettings } from '../settings.ts';
import type { Role } from '../slots/slot.ts';
import { type AskingGuard, type GuardPolicy, NOBODY_EXEMPT, type ScanningGuard } from './guard-policy.ts';
import type { Judge } from './judge.ts';

type JudgeSettings = GuardPolicySettings['judges'] extends ReadonlyMap<string, infer One> ? One : never;

export interface PolicyParts {
  /** By the names of the guards. */
  readonly scanners: ReadonlyMap<string, Scanner>;
  /** The texts of word lists that stand in files: what they say is part of the version. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  judgeOf(settings: JudgeSettings): Judge;
}

/** What a guard says of its places and of who is exempt. */
interface PlacesSettings {
  readonly input: Action;
  readonly output: Action;
  readonly toolArguments?: Action | undefined;
  readonly toolResults?: Action | undefined;
  readonly retrieved?: Action | undefined;
  readonly exempt: readonly string[];
  readonly onFailure?: OnFailure | undefined;
}

/**
 * Those who may say anything to a model: what operators and models themselves wrote is no attack on them. Words are
 * looked for in all texts.
 */
const FOREIGN: ReadonlySet<Role> = new Set<Role>(['user', 'tool', 'none']);

/** A policy as its settings have it. */
export function buildPolicy(name: string, settings: GuardPolicySettings, parts: PolicyParts): GuardPolicy {
  const { validation, pii, structured, grounding, review } = settings;
  return {
    name,
    version: policyVersion(name, settings, parts.words),
    settings,
    words: parts.words,
    scanning: scanningGuards(settings, parts.scanners),
    asking: [...settings.judges].map(([guard, one]) => askingGuard(guard, one, settings, parts.judgeOf(one))),
    validation,
    structured,
    grounding,
    review,
    isReversible: pii?.reversible === true,
  };
}

function scanningGuards(settings: GuardPolicySettings, scanners: ReadonlyMap<string, Scanner>): ScanningGuard[] {
  const { pii, injection, keywords } = settings;
  const guards: ScanningGuard[] = [];
  const add = (name: string, guard: Omit<ScanningGuard, 'name' | 'scanner'>): void => {
    const scanner = scanners.get(name);
    if (scanner) guards.push({ name, scanner, ...guard });
  };
  if (pii) add('pii', { ...placesOf(pii, settings), threshold: 0 });
  if (injection) add('injection', { ...placesOf(injection, settings), threshold: injection.threshold, roles: FOREIGN });
  if (keywords) add('keywords', { ...placesOf(keywords, settings), threshold: keywords.threshold });
  for (const [name, places] of forbidden(settings)) add(name, { ...placesOf(places, settings), threshold: 0 });
  return guards;
}

/** Forbidden patterns: all of them in requests, some of them in answers. */
function forbidden({ validation }: GuardPolicySettings): [name: string, places: PlacesSettings][] {
  if (!validation || validation.forbid.size === 0) return [];
  const { action, forbid } = validation;
  const answers = [...forbid.values()].some(({ output }) => output);
  const input = { input: action, output: 'off', exempt: [] } as const;
  const output = { input: 'off', output: action, exempt: [] } as const;
  return answers
    ? [
        ['forbid', input],
        ['forbid-output', output],
      ]
    : [['forbid', input]];
}

function askingGuard(name: string, one: JudgeSettings, settings: GuardPolicySettings, judge: Judge): AskingGuard {
  return {
    name,
    ...placesOf(one, settings),
    threshold: one.threshold,
    roles: FOREIGN,
    judge,
    timeoutMs: (one.timeout ?? 2) * 1000,
    secondOpinion: one.secondOpinion,
  };
}

function placesOf(places: PlacesSettings, { onFailure }: GuardPolicySettings) {
  const { input, output } = places;
  const actions: Readonly<Record<Place, Action>> = {
    input,
    output,
    'tool-arguments': places.toolArguments ?? output,
    'tool-results': places.toolResults ?? input,
    retrieved: places.retrieved ?? input,
  };
  return {
    actions,
    looksAtArguments: places.toolArguments !== undefined,
    isExempt: exemptionOf(places.exempt),
    onFailure: places.onFailure ?? onFailure,
  };
}

/** `provider/*` or `provider/model`. */
function exemptionOf(patterns: readonly string[]): (target: Target) => boolean {
  if (patterns.length === 0) return NOBODY_EXEMPT;
  const providers = new Set(patterns.flatMap((one) => (one.endsWith('/*') ? [one.slice(0, -2)] : [])));
  const targets = new Set(patterns);
  return ({ provider, model }) => providers.has(provider) || targets.has(`${provider}/${model}`);
}

/** The same for what is built of the same. */
export function policyVersion(name: string, settings: GuardPolicySettings, words: PolicyParts['words']): string {
  const said = JSON.stringify([VERSION, name, settings, words], listsOfMaps);
  return `${name}@${hash('sha256', said).slice(0, 12)}`;
}

/** What a file says counts, and not where it stands: replicas have one version. */
function listsOfMaps(key: string, value: unknown): unknown {
  if (key === 'file') return undefined;
  return value instanceof Map ? [...value] : value;
}
