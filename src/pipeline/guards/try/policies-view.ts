import type { AskingGuard, GuardPolicy, ScanningGuard } from '../engine/guard-policy.ts';
import type { PolicyView } from './views.ts';

type GuardView = PolicyView['guards'][number];

/** Who names a policy, and whether it can have anything wait. */
export interface Standing {
  readonly models: readonly string[];
  readonly projects: readonly string[];
  readonly isUnsealed: boolean;
}

/** A policy as it is in force. */
export function policyView(policy: GuardPolicy, { models, projects, isUnsealed }: Standing): PolicyView {
  const { name, version, settings, isReversible } = policy;
  return {
    name,
    version,
    guards: [
      ...checksOf(policy),
      ...policy.scanning.map((guard) => guardView(guard, 'scan', null)),
      ...policy.asking.map((guard) => guardView(guard, 'judge', askedBy(policy, guard))),
    ],
    on_failure: settings.onFailure,
    unscreened: settings.unscreened,
    reversible: isReversible,
    models: [...models],
    projects: [...projects],
    unsealed: isUnsealed,
  };
}

function guardView(guard: ScanningGuard | AskingGuard, kind: GuardView['kind'], asks: string | null): GuardView {
  const { name, actions, threshold, roles, onFailure } = guard;
  return { name, kind, asks, actions, threshold, roles: roles ? [...roles] : null, on_failure: onFailure };
}

/** Whom it asks, and who is asked where the first is not sure. */
function askedBy({ settings }: GuardPolicy, { name }: AskingGuard): string | null {
  const judge = settings.judges.get(name);
  if (!judge) return null;
  const asked = [judge, judge.cascade?.strong].flatMap((one) => one?.target ?? one?.service ?? []);
  return asked.map((one) => (typeof one === 'string' ? one : `${one.provider}/${one.model}`)).join(', then ');
}

/** Rules that are no guards of texts. */
function checksOf({ settings, validation, structured, grounding, review }: GuardPolicy): GuardView[] {
  const check = (name: string, actions: GuardView['actions'], more: Partial<GuardView> = {}): GuardView => {
    return {
      name,
      kind: 'check',
      asks: null,
      actions,
      threshold: null,
      roles: null,
      on_failure: settings.onFailure,
      ...more,
    };
  };
  return [
    ...(validation ? [check('validation', { input: validation.action })] : []),
    ...(structured ? [check('structured', { output: structured.action })] : []),
    ...(grounding
      ? [
          check(
            'grounding',
            { output: grounding.action },
            { threshold: grounding.threshold, asks: targetOf(grounding.judge) },
          ),
        ]
      : []),
    ...(review && review.tools.length > 0 ? [check('review', { 'tool-arguments': 'review' })] : []),
  ];
}

function targetOf(judge: { readonly provider: string; readonly model: string } | string | undefined): string | null {
  if (judge === undefined) return null;
  return typeof judge === 'string' ? judge : `${judge.provider}/${judge.model}`;
}
