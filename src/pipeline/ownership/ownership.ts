import type { Call, Principal } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ModelCatalog } from '../../models/catalog.ts';
import type { Owners } from './owners.ts';

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
