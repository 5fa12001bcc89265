import type { Stage } from '../../../core/stage.ts';
import { ruleFor } from './conditions.ts';
import { confine } from './confine.ts';
import { Sight } from './sight.ts';

/**
 * Requests of one kind go to the targets of their rule and nowhere else. What a provider keeps is asked for where it is
 * kept, and is no request for a model.
 */
export const ruleStage: Stage = {
  name: 'rules',
  run(call, next) {
    const { assignment } = call;
    if (!assignment?.route?.rules.length || call.operation === 'resource') return next(call);
    const plan = assignment.route;
    // A body that cannot be read throws here: nobody knows whether it may go anywhere.
    const rule = ruleFor(plan.rules, new Sight(call));
    if (rule) confine(call, assignment, plan, rule);
    return next(call);
  },
};
