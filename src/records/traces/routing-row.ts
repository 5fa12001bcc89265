import type { CallRecord } from '../journal/record.ts';

/** Why a request went where it went, as it is stored. */
export interface RoutingRow {
  readonly decision?: CallRecord['routing'];
  readonly rollouts?: CallRecord['rollouts'];
}

/** Null where there was nothing to choose and nothing was tried. */
export function routingRowOf({ routing, rollouts }: Pick<CallRecord, 'routing' | 'rollouts'>): RoutingRow | null {
  if (!routing && !rollouts?.length) return null;
  return { ...(routing && { decision: routing }), ...(rollouts?.length && { rollouts }) };
}
