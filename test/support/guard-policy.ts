import type { Place } from '../../src/core/screening.ts';
import type { Action } from '../../src/pipeline/guards/actions.ts';
import type { AskingGuard, GuardPolicy, ScanningGuard } from '../../src/pipeline/guards/engine/guard-policy.ts';
import type { Scan, Scanner } from '../../src/pipeline/guards/scan/scanner.ts';
import type { GuardPolicySettings } from '../../src/pipeline/guards/settings.ts';

type Actions = Action | Partial<Readonly<Record<Place, Action>>>;

/** The action of every place of a request, or of those that are named; answers are not looked at. */
function actionsOf(actions: Actions): Readonly<Record<Place, Action>> {
  if (typeof actions !== 'string') {
    return {
      input: 'off',
      output: 'off',
      'tool-arguments': 'off',
      'tool-results': 'off',
      retrieved: 'off',
      ...actions,
    };
  }
  return { input: actions, output: 'off', 'tool-arguments': 'off', 'tool-results': actions, retrieved: actions };
}

/** Finds each match of a pattern, with the name as category. */
export function patternScanner(pattern: RegExp, category: string, score = 1): Scanner {
  return {
    scan(text): Scan {
      const findings = [...text.matchAll(new RegExp(pattern, 'g'))].map(({ 0: found, index }) => {
        return { start: index, end: index + found.length, category, score };
      });
      return { score: findings.length > 0 ? score : 0, findings };
    },
    held: () => 0,
  };
}

export function scanningGuard(
  name: string,
  actions: Actions,
  scanner: Scanner,
  parts: Partial<ScanningGuard> = {},
): ScanningGuard {
  return {
    name,
    actions: actionsOf(actions),
    threshold: 0.5,
    isExempt: () => false,
    onFailure: 'closed',
    scanner,
    ...parts,
  };
}

export function askingGuard(
  name: string,
  actions: Actions,
  ask: AskingGuard['judge']['ask'],
  parts: Partial<AskingGuard> = {},
): AskingGuard {
  return {
    name,
    actions: actionsOf(actions),
    threshold: 0.5,
    roles: new Set(['user', 'tool', 'none'] as const),
    isExempt: () => false,
    onFailure: 'closed',
    judge: { ask },
    timeoutMs: 2000,
    secondOpinion: false,
    ...parts,
  };
}

/** A policy of these guards; its settings are what a test says of them, and say nothing else. */
export function makePolicy(
  parts: Partial<Omit<GuardPolicy, 'settings'>> & { settings?: Partial<GuardPolicySettings> },
): GuardPolicy {
  const { settings, ...rest } = parts;
  return {
    name: 'default',
    version: 'default@1',
    words: new Map(),
    scanning: [],
    asking: [],
    validation: undefined,
    structured: undefined,
    grounding: undefined,
    review: undefined,
    isReversible: true,
    ...rest,
    settings: { onFailure: 'closed', ...settings } as GuardPolicySettings,
  };
}
