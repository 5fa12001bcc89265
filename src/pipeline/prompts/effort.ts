import { type Call, type Dialect, targetName } from '../../core/call.ts';
import { EFFORTS, type Effort } from '../../core/inference/request.ts';
import { reachableTargets } from '../../core/reach.ts';
import type { FixedParameters } from '../../core/routing.ts';
import type { Capabilities } from '../../models/capabilities/capabilities.ts';
import type { ModelCatalog } from '../../models/catalog.ts';

type Wanted = NonNullable<FixedParameters['reasoningEffort']>;

interface ChosenEffort {
  /** Undefined where none is said. */
  readonly effort: Effort | undefined;
  /** What became of it, where it is not what was wanted. */
  readonly says?: string;
}

/** What the dialect's own models take where nothing is known of one. */
const USUAL: Readonly<Record<Dialect, readonly Effort[]>> = {
  openai: ['minimal', 'low', 'medium', 'high'],
  responses: ['minimal', 'low', 'medium', 'high'],
  anthropic: ['low', 'medium', 'high'],
  gemini: ['minimal', 'low', 'medium', 'high'],
};

/**
 * How much a model is asked to think, as far as the targets that may be sent the client's bytes take it: they refuse what
 * they do not know. Others are translated to, which sees to that itself.
 */
export function effortFor(call: Call, catalog: ModelCatalog, wanted: Wanted): ChosenEffort {
  let taken = USUAL[call.dialect];
  for (const target of call.assignment ? reachableTargets(call.assignment) : []) {
    const provider = catalog.provider(target.provider);
    if (provider.wire(call.dialect, call.operation, target.model)?.dialect !== call.dialect) continue;
    const known = catalog.capabilitiesOf(provider, target.model);
    if (!takesEffort(known)) {
      return { effort: undefined, says: `is not set: ${targetName(target)} cannot be told how much to think` };
    }
    const { efforts } = known ?? {};
    if (efforts) taken = taken.filter((effort) => efforts.includes(effort));
  }
  const near = nearest(wanted, taken);
  return near === wanted ? { effort: near } : { effort: near, says: nearSays(near, wanted) };
}

function takesEffort(known: Capabilities | undefined): boolean {
  if (known?.reasoning === false) return false;
  return known?.reasoningControls === undefined || known.reasoningControls.includes('effort');
}

/** The next lower one that there is, else the least. */
function nearest(wanted: Effort, taken: readonly Effort[]): Effort | undefined {
  const known = EFFORTS.filter((effort) => taken.includes(effort));
  return known.findLast((effort) => EFFORTS.indexOf(effort) <= EFFORTS.indexOf(wanted)) ?? known[0];
}

function nearSays(near: Effort | undefined, wanted: Effort): string {
  return near === undefined
    ? `"${wanted}" is not set: the targets have no effort in common`
    : `"${wanted}" becomes "${near}", the nearest that there is`;
}
