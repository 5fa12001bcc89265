import { type Call, type Target, targetName } from '../../../core/call.ts';
import type { RoutePolicy } from '../../../core/route-policy.ts';
import type { RoutePlan } from '../../../core/routing.ts';
import { lackOf } from '../../../models/capabilities/check.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import type { Choice, Seen } from './choice.ts';
import { count } from './words.ts';

/** Whether targets are well. */
export interface TargetHealth {
  /** It is left alone now, since it failed too often under these rules, or is not loaded yet. Never throws. */
  isOpen(target: Target, policy: RoutePolicy | undefined): boolean;
}

/** Plans stay as long as their configuration, so that their names are made once; nothing is against them here. */
const NAMED = new WeakMap<RoutePlan, readonly Seen[]>();

function namedCandidates(plan: RoutePlan): readonly Seen[] {
  let named = NAMED.get(plan);
  if (!named) {
    named = plan.candidates.map((one, position) => {
      return { ...one, name: targetName(one.target), position, lacks: undefined, isOpen: false };
    });
    NAMED.set(plan, named);
  }
  return named;
}

/** The candidates that the call may go to, with what is against each of them. */
export function seeCandidates(choice: Choice, health: TargetHealth): Seen[] {
  const { call, plan, catalog } = choice;
  const { targets = [], policy } = call.assignment ?? {};
  const seen: Seen[] = [];
  for (const one of namedCandidates(plan)) {
    // What a provider keeps can be asked for there alone, so that some may be gone.
    if (targets[one.position] !== one.target && !targets.some((target) => targetName(target) === one.name)) continue;
    const lacks = lacksOf(choice, call, one, catalog);
    const isOpen = health.isOpen(one.target, policy);
    seen.push(lacks !== undefined || isOpen ? { ...one, lacks, isOpen } : one);
  }
  return seen;
}

/** What a target is known not to be able to do for the call; what is not known is found out by asking it. */
function lacksOf(choice: Choice, call: Call, { target }: Seen, catalog: ModelCatalog): string | undefined {
  const provider = catalog.provider(target.provider);
  const { operation, dialect } = call;
  const wire = provider.wire(dialect, operation, target.model);
  if (!wire && !(operation === 'embeddings' && provider.embedder)) return `does not serve ${call.endpoint}`;
  const capabilities = catalog.capabilitiesOf(provider, target.model);
  if (!capabilities) return undefined;
  const lack = lackOf(call.needs, capabilities, { dialect, translated: wire?.dialect !== dialect });
  if (lack !== undefined) return lack;
  const most = capabilities.inputTokens ?? capabilities.contextTokens;
  if (most === undefined || choice.inputTokens <= most) return undefined;
  return `reads at most ${count(most)} tokens`;
}
