import type { Call } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Stage } from '../../core/stage.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { Provider, Wire } from '../../models/providers/provider.ts';
import { abortError, runAttempt } from './run-attempt.ts';

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
      const catalog = deps.catalog();
      const provider = catalog.provider(target.provider);
      const wire = wireFor(provider, call);
      const plan = provider.plan(call, target.model);
      const price = catalog.priceOf(provider, target.model);
      const { by } = call.cancellation;
      if (by) throw abortError(by);
      const attempt = call.attempts.open({
        target: `${target.provider}/${target.model}`,
        priceVersion: price?.version,
        reservedNanoUsd: undefined,
        retryOf: undefined,
        simulated: provider.simulated,
      });
      attempt.patches = plan.patches;
      const { clock } = deps;
      return runAttempt({ call, attempt, provider, wire, plan, price, clock, holdHeadersMs: deps.holdHeadersMs() });
    },
  };
}

function wireFor(provider: Provider, call: Call): Wire {
  const wire = provider.wire(call.dialect, call.operation);
  if (wire) return wire;
  throw new GatewayError('operation_unsupported', {
    message:
      `The provider "${provider.name}" (${provider.type}) does not serve ${call.endpoint}. ` +
      `Requests are not translated between dialects: ask for a model of a provider that speaks this one.`,
    param: 'model',
  });
}
