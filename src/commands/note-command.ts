import { systemClock } from '../core/clock.ts';
import type { Json } from '../core/json.ts';
import { AuditStore } from '../operators/audit/audit-store.ts';
import type { Database } from '../storage/database/database.ts';

interface Noted {
  readonly action: string;
  readonly subject: string;
  readonly before?: Json;
  readonly after?: Json;
}

const OK = 200;

/** Writes into the audit log what a command has changed. */
export function noteCommand(
  database: Database,
  { action, subject, before = null, after = null }: Noted,
): Promise<void> {
  const who = { actor: 'command line', role: null, signedInBy: null, address: '' };
  const at = new Date(systemClock.now());
  return new AuditStore(database).add({ at, ...who, action, subject, project: null, status: OK, before, after });
}
