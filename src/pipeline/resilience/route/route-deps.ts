import type { Target } from '../../../core/call.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { KeyPools } from '../keys/key-pools.ts';
import type { PrepareDeps } from '../prepare.ts';
import type { RetryBudgets } from '../retry/retry-budgets.ts';
import type { TargetStates } from './target-state.ts';

export interface RouteDeps extends PrepareDeps {
  readonly scheduler: Scheduler;
  /** From 0 to just under 1. */
  readonly random: () => number;
  readonly targets: TargetStates;
  readonly budgets: RetryBudgets;
  readonly keys: Pick<KeyPools, 'take' | 'hasFree'>;
  /** False where it is known that a model is not loaded yet. */
  isReady(target: Target): boolean;
}
