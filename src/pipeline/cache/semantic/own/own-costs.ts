import type { Call } from '../../../../core/call.ts';
import type { Stage } from '../../../../core/stage.ts';

/**
 * Books what a request of the cache's own cost as what the semantic cache cost, on that request's record. It stands
 * around the attempts, so that it is known before the record is closed.
 */
export const ownCostStage: Stage = {
  name: 'own-costs',
  async run(call, next) {
    try {
      return await next(call);
    } finally {
      book(call);
    }
  },
};

function book(call: Call): void {
  const { nanoUsd, known } = call.attempts.cost;
  if (call.attempts.all.length === 0 || (known && nanoUsd === 0)) return;
  const cost = {
    mechanism: 'semantic',
    nanoUsd: known ? -nanoUsd : undefined,
    inputTokens: 0,
    outputTokens: 0,
    onlyCost: true,
  } as const;
  call.savings = [...(call.savings ?? []), cost];
}
