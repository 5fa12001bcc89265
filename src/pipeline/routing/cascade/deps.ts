import type { Scheduler } from '../../../core/scheduler.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';
import type { LogprobRefusals } from './lent-logprobs.ts';

export interface CascadeDeps extends AskDeps {
  readonly scheduler: Scheduler;
}

/** What one cascade after the other learns. */
export interface CascadeParts extends CascadeDeps {
  readonly refusals: LogprobRefusals;
}
