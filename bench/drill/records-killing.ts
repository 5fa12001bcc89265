import { machineMs } from './records-clock.ts';
import type { SteadyResult } from './records-load.ts';
import type { SteadyLoad } from './records-site.ts';
import type { Replica } from './replicas.ts';

/** What may be missing: answers that ended this shortly before a kill. */
export const ALLOWED_MS = 50;
/** However slow the machine is. */
export const ALLOWED_ANYWHERE_MS = 2000;
/** The most that a backlog is waited for. */
export const DRAIN_MS = 120_000;

/** The load stops as it would by itself: with nobody there to answer. */
export async function killUnder(
  replica: Replica,
  load: SteadyLoad,
): Promise<{ killedAt: number; result: SteadyResult }> {
  const killedAt = machineMs();
  const killed = replica.child.kill();
  const result = await load.halt();
  await killed;
  return { killedAt, result };
}
