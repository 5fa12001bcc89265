import { abortError } from '../../../core/abort-error.ts';
import type { Cancellation } from '../../../core/cancellation.ts';
import type { Scheduler } from '../../../core/scheduler.ts';

/** @throws client_aborted, deadline_exceeded, shutting_down as soon as the call is cancelled */
export function sleep(ms: number, scheduler: Scheduler, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = scheduler.after(ms, () => {
      forget();
      resolve();
    });
    const forget = cancellation.onCancel((by) => {
      stop();
      reject(abortError(by));
    });
  });
}
