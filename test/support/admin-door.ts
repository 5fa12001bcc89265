import type { OperatorDoor } from '../../src/core/admin-request.ts';
import { Door } from '../../src/operators/door/door.ts';
import { ADMIN } from '../../src/operators/identity/keyring.ts';

/** Opens the admin API for one key alone; what is changed is written down nowhere. */
export function adminDoor(adminKey: string): OperatorDoor {
  return new Door({
    keyring: { find: (key) => (key === adminKey ? { operator: ADMIN, credential: 'admin' } : undefined) },
    sessions: { find: () => Promise.resolve(undefined), holds: () => Promise.resolve(false), isUnseen: () => false },
    attempts: { require: () => undefined, waitMs: () => 0, failed: () => undefined },
    audit: { note: () => Promise.resolve() },
    isClientKey: () => false,
  });
}
