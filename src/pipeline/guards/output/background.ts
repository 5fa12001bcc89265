import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { OutputPlan } from './output-plan.ts';

/**
 * Refuses what is answered in the background where somebody is to look at the answer: its client asks the provider for it
 * later, by its id, where no guard knows of the request any more. Before the request goes on.
 * @throws guard_blocked
 */
export function refuseBackground({ dialect, operation, body }: Call, plan: OutputPlan): void {
  if (dialect !== 'responses' || operation !== 'chat' || body.resolved['background'] !== true || plan.isIdle) return;
  throw new GatewayError('guard_blocked', {
    message: 'Guards cannot look at an answer that is made in the background. Send the request without `background`.',
    param: 'background',
  });
}
