import { LATEST_MS } from '../../storage/database/storable.ts';

/** When a call began, from its id, epoch milliseconds: its first 48 bits. Undefined where it is no id of ours. */
export function timeOfTraceId(id: string): number | undefined {
  const ms = /^[\da-f]{12}7[\da-f]{19}$/.test(id) ? Number.parseInt(id.slice(0, 12), 16) : LATEST_MS + 1;
  return ms > LATEST_MS ? undefined : ms;
}
