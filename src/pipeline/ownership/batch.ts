import type { Call, Target } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { asString } from '../../core/json.ts';
import type { Handler } from '../../core/stage.ts';
import { type BatchRules, readBatchInput } from './batch-input.ts';
import { type OwnershipDeps, notThere, ownerOf, requireAllAt } from './ownership.ts';
import { referencesIn } from './references.ts';
import { subCall } from './sub-call.ts';

const INPUT = 'input_file_id';

/**
 * OpenAI's batches are made of a file, and go where that is kept. Its requests are held to what they could ask for one
 * by one: models that the key may use, and things that are the project's own.
 * @throws auth_forbidden, request_invalid, resource_not_found
 */
export async function assignBatch(deps: OwnershipDeps, call: Call, next: Handler): Promise<Target> {
  const { project } = ownerOf(call);
  const id = asString(call.body.json[INPUT]);
  if (id === undefined)
    throw new GatewayError('request_invalid', { message: `\`${INPUT}\` is missing.`, param: INPUT });
  const owned = await deps.owners.ownedBy(project, [id]);
  const input = owned.find(({ kind }) => kind === 'file');
  if (!input) throw notThere(id, INPUT);
  const { provider } = input;
  await requireAllAt(deps, call, provider, referencesIn(call.body));
  const read = { kind: 'file', id, action: 'read', method: 'GET', path: `/files/${id}/content` } as const;
  const content = await next(subCall(call, read, { provider, model: '' }));
  await requireAllAt(deps, call, provider, await readBatchInput(content, rulesFor(deps, call, provider)));
  return { provider, model: '' };
}

/** Lines name models as their provider does, which is not always what the same name means here. */
function rulesFor(deps: OwnershipDeps, call: Call, provider: string): BatchRules {
  const principal = ownerOf(call);
  if (!principal.models) return { mayAsk: undefined };
  return {
    mayAsk(model) {
      if (deps.mayUseModel(principal, `${provider}/${model}`)) return true;
      return deps.mayUseModel(principal, model) && means(deps, model, { provider, model });
    },
  };
}

function means(deps: OwnershipDeps, name: string, meant: Target): boolean {
  try {
    const { targets } = deps.catalog().assign(name);
    return targets.some(({ provider, model }) => provider === meant.provider && model === meant.model);
  } catch {
    return false;
  }
}
