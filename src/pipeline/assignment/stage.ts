import type { Assignment, Call, Principal } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Stage } from '../../core/stage.ts';
import { type ModelCatalog, shortName } from '../../models/catalog.ts';

export interface AssignDeps {
  /** The catalog in force; it changes with the configuration. */
  catalog(): ModelCatalog;
  mayUseModel(principal: Principal, model: string): boolean;
  /** What is tried of a virtual model, and on whom; nothing where absent. */
  readonly rollouts?: { assign(call: Call, assignment: Assignment): Assignment };
}

/** What the request model means, and whether this key may ask for it. */
export function assignStage(deps: AssignDeps): Stage {
  return {
    name: 'assign',
    async run(call, next) {
      // What a provider keeps is asked for under an id, and where that is kept is for its owner's stage to say.
      if (call.operation === 'resource') return next(call);
      const { model } = call.facts;
      if (call.principal && !deps.mayUseModel(call.principal, model)) {
        throw new GatewayError('auth_forbidden', {
          message: `This key may not use the model "${shortName(model)}". Ask the operator to allow it, or use another model.`,
          param: 'model',
        });
      }
      const assignment = deps.catalog().assign(model);
      call.assignment = deps.rollouts ? deps.rollouts.assign(call, assignment) : assignment;
      return next(call);
    },
  };
}
