import type { Call } from '../../../core/call.ts';
import type { Place } from '../../../core/screening.ts';
import type { AskingGuard, GuardPolicy, Policies, ScanningGuard } from '../engine/guard-policy.ts';
import type { GroundingSettings } from '../grounding/settings.ts';
import type { ReviewSettings } from '../review/settings.ts';
import { canaryGuard } from './canary-guard.ts';
import type { Given } from './deps.ts';
import type { GuardUse } from './guard-run.ts';

type ToolReview = ReviewSettings['tools'][number];

export interface PlaceGuards {
  readonly scanning: readonly GuardUse<ScanningGuard>[];
  readonly asking: readonly GuardUse<AskingGuard>[];
}

export interface ToolRule {
  readonly policy: GuardPolicy;
  readonly rule: ToolReview;
}

export interface GroundingRule {
  readonly policy: GuardPolicy;
  readonly settings: GroundingSettings;
  readonly named: boolean;
}

/** Who looks at the answer of one call. */
export interface OutputPlan {
  readonly output: PlaceGuards;
  readonly arguments: PlaceGuards;
  readonly tools: readonly ToolRule[];
  readonly grounding: readonly GroundingRule[];
  /** What is said may have to be changed, or must not go out. */
  readonly rewrites: boolean;
  /** Somebody may have to approve it, so that all of it is waited for. */
  readonly holds: boolean;
  /** Nobody sees a call of a tool before it is whole. */
  readonly holdsCalls: boolean;
  readonly holdBack: number;
  readonly segment: number;
  /** Nobody has anything to look at. */
  readonly isIdle: boolean;
}

/** Requests whose answers are words of a model, which come as events. */
export function hasScreenedAnswer({ operation }: Pick<Call, 'operation'>): boolean {
  return operation === 'chat' || operation === 'completion';
}

/** What is known of the answer before there is one. */
interface Expected {
  readonly vaultIsEmpty: boolean;
  readonly canary?: string | undefined;
  readonly hasSources: boolean;
}

/**
 * Whether the answer has to be read and written anew, so that it comes as events: asked before the request goes on.
 */
export function needsRewriting(call: Pick<Call, 'operation'>, { rewrites }: OutputPlan): boolean {
  return hasScreenedAnswer(call) && rewrites;
}

function expectedOf({ vault, canary, sources }: Given): Expected {
  return { vaultIsEmpty: vault.isEmpty, canary, hasSources: sources.length > 0 };
}

/** Plans of policies whose requests left nothing for the answer, which are the same for all of them. */
const usual = new WeakMap<Policies, OutputPlan>();

/** @returns what the policies say together; the strictest of their bounds */
export function planOf(call: Call, policies: Policies, given: Given): OutputPlan {
  const expected = expectedOf(given);
  const isUsual = expected.vaultIsEmpty && expected.canary === undefined && !expected.hasSources;
  const known = isUsual ? usual.get(policies) : undefined;
  if (known) return known;
  const plan = newPlan(call, policies, expected);
  if (isUsual) usual.set(policies, plan);
  return plan;
}

function newPlan(call: Call, policies: Policies, { vaultIsEmpty, canary, hasSources }: Expected): OutputPlan {
  const secret = canary === undefined ? [] : [canaryGuard(policies, canary)];
  const output = guardsAt('output', policies, secret);
  const args = guardsAt('tool-arguments', policies, secret);
  const tools = policies.flatMap((policy) => (policy.review?.tools ?? []).map((rule) => ({ policy, rule })));
  const grounding = hasSources ? groundingOf(policies) : [];
  const uses = [...output.scanning, ...output.asking, ...args.scanning, ...args.asking];
  const changesArguments = [...args.scanning, ...args.asking].some(({ action }) => action !== 'flag');
  const mayRefuseWhole = !call.facts.stream && grounding.some(({ settings }) => settings.action !== 'flag');
  const holds = tools.length > 0 || uses.some(({ action }) => action === 'review');
  const rewrites = holds || !vaultIsEmpty || mayRefuseWhole || uses.some(({ action }) => action !== 'flag');
  return {
    output,
    arguments: args,
    tools,
    grounding,
    rewrites,
    holds,
    holdsCalls: holds || !vaultIsEmpty || changesArguments,
    holdBack: Math.min(...policies.map(({ settings }) => settings.holdBack)),
    segment: Math.min(...policies.map(({ settings }) => settings.segment)),
    isIdle: !rewrites && tools.length === 0 && grounding.length === 0 && uses.length === 0,
  };
}

type Secret = Pick<GuardUse<ScanningGuard>, 'guard' | 'policy'>;

function guardsAt(place: Place, policies: Policies, secret: readonly Secret[]): PlaceGuards {
  const named = policies.length > 1;
  const scanning: GuardUse<ScanningGuard>[] = [];
  const asking: GuardUse<AskingGuard>[] = [];
  const add = <Guard extends ScanningGuard | AskingGuard>(
    uses: GuardUse<Guard>[],
    policy: GuardPolicy,
    guard: Guard,
  ) => {
    const action = guard.actions[place];
    if (action !== 'off') uses.push({ guard, policy, place, action, named });
  };
  for (const policy of policies) {
    for (const guard of policy.scanning) add(scanning, policy, guard);
    for (const guard of policy.asking) add(asking, policy, guard);
  }
  for (const { policy, guard } of secret) add(scanning, policy, guard);
  return { scanning, asking };
}

function groundingOf(policies: Policies): GroundingRule[] {
  const named = policies.length > 1;
  return policies.flatMap((policy) => (policy.grounding ? [{ policy, settings: policy.grounding, named }] : []));
}
