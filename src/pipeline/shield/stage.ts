import { type Call, header } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Stage } from '../../core/stage.ts';
import { priorityOf, refusalChance, retryAfterMs } from './admission.ts';
import type { LoadMonitor } from './load-monitor.ts';

export interface ShieldDeps {
  readonly load: Pick<LoadMonitor, 'pressure' | 'lastedMs'>;
  /** 0 to below 1. */
  readonly random: () => number;
  /** Counts the request for its address; why it does not get in, or undefined. */
  readonly refuseAddress: (call: Call) => GatewayError | undefined;
  /** A request of this priority was refused. */
  readonly onShed: (priority: number) => void;
}

/** Refuses requests of an address that has sent too many, and while the process cannot keep up those of the lowest priority. */
export function shieldStage({ load, random, refuseAddress, onShed }: ShieldDeps): Stage {
  function refuse(priority: number, chance: number): GatewayError {
    onShed(priority);
    return new GatewayError('gateway_overloaded', { retryAfterMs: retryAfterMs(load.lastedMs, chance, random()) });
  }

  return {
    name: 'shield',
    run(call, next) {
      const refusal = refuseAddress(call);
      if (refusal) return Promise.reject(refusal);
      if (load.pressure === 0) return next(call);
      const priority = priorityOf(header(call, 'x-causeway-priority'));
      const chance = refusalChance(load.pressure, priority);
      if (random() < chance) return Promise.reject(refuse(priority, chance));
      return next(call);
    },
  };
}
