import assert from 'node:assert/strict';

import { type AdminApi, adminOf } from '../../support/admin-api.ts';
import type { Gateway } from '../../support/gateway.ts';

export interface NewOperator {
  readonly name: string;
  readonly role: 'admin' | 'editor' | 'viewer';
  readonly projects?: readonly string[];
}

/** Makes an operator, as an admin would. */
export async function makeOperator(
  { admin }: Gateway,
  { projects, ...operator }: NewOperator,
): Promise<{ id: string; key: string }> {
  const { status, json, text } = await admin('/operators', {
    method: 'POST',
    body: { ...operator, ...(projects && { projects: [...projects] }) },
  });
  assert.equal(status, 201, text);
  const { id, key } = json;
  assert.ok(typeof id === 'string' && typeof key === 'string', text);
  return { id, key };
}

/** Asks the admin API with the key of an operator. */
export function askAs({ url }: Gateway, key: string, ...asked: Parameters<AdminApi>): ReturnType<AdminApi> {
  return adminOf(url, key)(...asked);
}
