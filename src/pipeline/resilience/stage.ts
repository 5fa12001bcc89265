import { GatewayError } from '../../core/errors.ts';
import type { Stage } from '../../core/stage.ts';
import { Route } from './route/executor.ts';
import type { RouteDeps } from './route/route-deps.ts';

/** Innermost: along the targets of the assignment, until one answers. */
export function attemptStage(deps: RouteDeps): Stage {
  return {
    name: 'attempt',
    async run(call) {
      const { targets } = call.assignment ?? { targets: [] };
      if (targets.length === 0) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
      return new Route(deps, call, targets).run();
    },
  };
}
