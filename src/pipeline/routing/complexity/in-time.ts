import type { Scheduler } from '../../../core/scheduler.ts';

/** What was asked for, or undefined where it takes longer than so many milliseconds or fails. Never rejects. */
export async function inTime<Answer>(
  scheduler: Scheduler,
  ms: number,
  asked: Promise<Answer>,
): Promise<Answer | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const cancel = scheduler.after(ms, () => resolve(undefined));
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    cancel();
  }
}
