import { redactSecrets } from '../../core/redaction.ts';

/** What went wrong, in words. Messages of the driver may hold the address of the database with its password. */
export function reasonOf(error: unknown): string {
  return redactSecrets(error instanceof Error ? error.message : String(error));
}
