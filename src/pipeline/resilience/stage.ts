import type { Call, Target } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { warningText } from '../../core/inference/translation.ts';
import type { Stage } from '../../core/stage.ts';
import { checkNeeds } from '../../models/capabilities/check.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { Provider, Wire } from '../../models/providers/provider.ts';
import { fanOut } from './fan-out.ts';
import { type RunningAttempt, abortError, startAttempt } from './run-attempt.ts';

export interface AttemptDeps {
  catalog(): ModelCatalog;
  readonly clock: Clock;
  holdHeadersMs(): number;
}

/** Innermost: one call to the first target of the assignment. */
export function attemptStage(deps: AttemptDeps): Stage {
  return {
    name: 'attempt',
    async run(call) {
      const target = call.assignment?.targets[0];
      if (!target) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
      const start = prepare(deps, call, target);
      return start.copies === 1 ? start.once().reply : fanOut(call, Array.from({ length: start.copies }, start.once));
    },
  };
}

interface Prepared {
  /** How many attempts side by side make up the answer. */
  readonly copies: number;
  readonly once: () => RunningAttempt;
}

/** Everything that can refuse the request does so here, before anything is sent. */
function prepare(deps: AttemptDeps, call: Call, target: Target): Prepared {
  const catalog = deps.catalog();
  const provider = catalog.provider(target.provider);
  const name = `${provider.name}/${target.model}`;
  const wire = wireFor(provider, call);
  const capabilities = catalog.capabilitiesOf(provider, target.model);
  checkNeeds(call.needs, capabilities, name, {
    dialect: call.dialect,
    translated: wire.dialect !== call.dialect,
    others: () => catalog.knownTargets(),
  });
  const plan = provider.plan(call, target.model, capabilities);
  const price = catalog.priceOf(provider, target.model);
  const { by } = call.cancellation;
  if (by) throw abortError(by);
  for (const note of plan.translation?.notes ?? []) call.warnings.push(warningText(note));
  return {
    copies: plan.translation?.copies ?? 1,
    once() {
      const attempt = call.attempts.open({
        target: name,
        priceVersion: price?.version,
        reservedNanoUsd: undefined,
        retryOf: undefined,
        simulated: provider.simulated,
      });
      attempt.patches = plan.patches;
      const { clock } = deps;
      const priceOf = (model: string) => catalog.priceOf(provider, model);
      const holdHeadersMs = deps.holdHeadersMs();
      return startAttempt({ call, attempt, provider, wire, plan, price, priceOf, clock, holdHeadersMs });
    },
  };
}

function wireFor(provider: Provider, call: Call): Wire {
  const wire = provider.wire(call.dialect, call.operation);
  if (wire) return wire;
  throw new GatewayError('operation_unsupported', {
    message:
      `The provider "${provider.name}" (${provider.type}) does not serve ${call.endpoint}. ` +
      `Ask for a model of a provider that does.`,
    param: 'model',
  });
}
