import type { Call, Principal } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { Owners } from './owners.ts';
import type { Reference } from './references.ts';

export interface OwnershipDeps {
  readonly owners: Owners;
  catalog(): ModelCatalog;
  mayUseModel(principal: Principal, model: string): boolean;
  /** Whether the operator gave every project the use of an id of this provider. */
  isShared(provider: string, id: string): boolean;
  /** Waits for what must not break an answer that is there; a failure is logged. */
  safely(call: Call, work: Promise<void>): Promise<void>;
}

/** @throws auth_missing_key where nobody was asked who is calling */
export function ownerOf({ principal }: Call): Principal {
  if (!principal) throw new GatewayError('auth_missing_key');
  return principal;
}

/** The same for what never was and what is another's: an id must not tell whether it exists. */
export function notThere(id: string, param?: string): GatewayError {
  const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
  const message = `There is no "${shown}" here. What was made with other tools or by other projects cannot be used.`;
  return new GatewayError('resource_not_found', param === undefined ? { message } : { message, param });
}

/** Many ids are asked for in parts. */
const ASKED_AT_ONCE = 1000;

/**
 * Everything that is named is kept at this provider, and is the caller's or shared.
 * @throws resource_not_found
 */
export async function requireAllAt(
  deps: OwnershipDeps,
  call: Call,
  provider: string,
  references: readonly Reference[],
): Promise<void> {
  const { project } = ownerOf(call);
  for (let from = 0; from < references.length; from += ASKED_AT_ONCE) {
    const part = references.slice(from, from + ASKED_AT_ONCE);
    const ids = part.map(({ id }) => id);
    const owned = await deps.owners.ownedBy(project, ids);
    const there = new Set(owned.filter((one) => one.provider === provider).map(({ id }) => id));
    const missing = part.find(({ id }) => !there.has(id) && !deps.isShared(provider, id));
    if (missing) throw notThere(missing.id, missing.field);
  }
}
