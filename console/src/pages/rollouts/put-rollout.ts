import { client } from '../../api/client.ts';
import { askAgain } from '../../api/query-client.ts';
import type { Definition } from './rollout-draft.ts';
import type { Kind } from './wire.ts';

/** What the form makes is checked by the gateway, which knows all of it. */
type Body = never;

/** @throws ApiError with everything that is wrong */
export async function putRollout(kind: Kind, id: string, definition: Definition): Promise<void> {
  const sent = { params: { path: { id } }, body: definition as Body };
  await {
    canaries: () => client.PUT('/admin/v1/canaries/{id}', sent),
    experiments: () => client.PUT('/admin/v1/experiments/{id}', sent),
    shadows: () => client.PUT('/admin/v1/shadows/{id}', sent),
    flags: () => client.PUT('/admin/v1/flags/{id}', sent),
  }[kind]();
  await askRolloutsAgain();
}

export async function deleteRollout(kind: Kind, id: string): Promise<void> {
  const params = { path: { id } };
  await {
    canaries: () => client.DELETE('/admin/v1/canaries/{id}', { params }),
    experiments: () => client.DELETE('/admin/v1/experiments/{id}', { params }),
    shadows: () => client.DELETE('/admin/v1/shadows/{id}', { params }),
    flags: () => client.DELETE('/admin/v1/flags/{id}', { params }),
  }[kind]();
}

/** Models say what is tried of them. */
export function askRolloutsAgain(): Promise<void> {
  return askAgain(
    '/admin/v1/canaries',
    '/admin/v1/experiments',
    '/admin/v1/shadows',
    '/admin/v1/flags',
    '/admin/v1/models',
  );
}
