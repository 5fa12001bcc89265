import type { Scheduler } from '../../../core/scheduler.ts';
import type { AskDeps } from '../../../models/own-calls/ask-text.ts';

export interface CascadeDeps extends AskDeps {
  readonly scheduler: Scheduler;
}
