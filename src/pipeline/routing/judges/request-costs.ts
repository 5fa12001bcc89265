import { type Call, type Target, targetName } from '../../../core/call.ts';
import type { NanoUsd } from '../../../core/money.ts';
import type { RoutePlan } from '../../../core/routing.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { pricedCost } from '../../../models/pricing/cost.ts';
import { modelOf } from '../choose/choice.ts';
import { inputTokensOf } from '../choose/request-size.ts';
import type { RequestCosts } from '../complexity/model/break-even.ts';
import type { RoutingSignals } from '../signals/routing-signals.ts';
import { endsOf } from './ends.ts';

/**
 * About what a request costs at the target for simple requests, and at the one for demanding ones.
 * @returns undefined where there are not two, or a price is not known
 */
export function requestCosts(
  catalog: ModelCatalog,
  signals: RoutingSignals,
  call: Call,
  plan: RoutePlan,
): RequestCosts | undefined {
  const { small, large } = endsOf(plan);
  if (!small || !large) return undefined;
  const inputTokens = inputTokensOf(call);
  const costAt = (target: Target): NanoUsd | undefined => {
    const price = catalog.priceOf(catalog.provider(target.provider), target.model);
    const outputTokens = signals.usualAnswer(modelOf(call), targetName(target));
    return pricedCost({ inputTokens, outputTokens }, price, { sentAt: call.receivedAt });
  };
  const smallNanoUsd = costAt(small);
  const largeNanoUsd = costAt(large);
  return smallNanoUsd === undefined || largeNanoUsd === undefined ? undefined : { smallNanoUsd, largeNanoUsd };
}
