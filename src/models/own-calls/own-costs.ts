import type { Call } from '../../core/call.ts';
import type { SavingMechanism } from '../../core/caching.ts';
import type { Stage } from '../../core/stage.ts';

/** What costs of the gateway's own requests are set against, by the path that they are grouped by. */
const MECHANISMS: Readonly<Record<string, SavingMechanism>> = {
  'causeway/semantic-cache': 'semantic',
  'causeway/routing': 'routing',
  'causeway/cascade': 'routing',
};

/**
 * Books what a request of the gateway's own cost as what it took to save something, on that request's record. It stands
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
  const mechanism = MECHANISMS[call.endpoint];
  const { nanoUsd, known } = call.attempts.cost;
  if (!mechanism || call.attempts.all.length === 0 || (known && nanoUsd === 0)) return;
  const cost = {
    mechanism,
    nanoUsd: known ? -nanoUsd : undefined,
    inputTokens: 0,
    outputTokens: 0,
    onlyCost: true,
  } as const;
  call.savings = [...(call.savings ?? []), cost];
}
