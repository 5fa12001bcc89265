import type { Call, Target } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { asString, isJsonObject } from '../../core/json.ts';
import { type OwnershipDeps, notThere, ownerOf } from './ownership.ts';
import { referencesIn } from './references.ts';

/**
 * Anthropic's batches hold their requests: each is held to what the key may ask for, and all have to be for models of
 * one provider, whose own names of them go upstream.
 * @see https://docs.anthropic.com/en/api/creating-message-batches (checked 2026-11-21)
 * @throws auth_forbidden, model_not_found, request_invalid, resource_not_found
 */
export async function assignMessageBatch(deps: OwnershipDeps, call: Call): Promise<Target> {
  const principal = ownerOf(call);
  const { requests } = call.body.json;
  if (!Array.isArray(requests) || requests.length === 0) {
    throw new GatewayError('request_invalid', { message: '`requests` must be a list of requests.', param: 'requests' });
  }
  let keeper: string | undefined;
  for (const [at, request] of requests.entries()) {
    const params = isJsonObject(request) && isJsonObject(request['params']) ? request['params'] : undefined;
    const field = `requests.${at}.params.model`;
    const model = asString(params?.['model']);
    if (model === undefined)
      throw new GatewayError('request_invalid', { message: `\`${field}\` is missing.`, param: field });
    if (!deps.mayUseModel(principal, model)) {
      throw new GatewayError('auth_forbidden', {
        message: `This key may not use the model of \`${field}\`.`,
        param: field,
      });
    }
    const [target] = deps.catalog().assign(model).targets;
    if (target) keeper ??= target.provider;
    if (!target || target.provider !== keeper) {
      throw new GatewayError('request_invalid', {
        message: `\`${field}\` is of another provider than the requests before it. Make a batch for each provider.`,
        param: field,
      });
    }
    if (target.model !== model)
      call.body.patch({ op: 'set', path: `/requests/${at}/params/model`, value: target.model });
  }
  const provider = keeper ?? '';
  await requireAllThere(deps, call, provider);
  return { provider, model: '' };
}

async function requireAllThere(deps: OwnershipDeps, call: Call, provider: string): Promise<void> {
  const references = referencesIn(call.body);
  const ids = references.map(({ id }) => id);
  const owned = await deps.owners.ownedBy(ownerOf(call).project, ids);
  const missing = references.find(({ id }) => {
    return !owned.some((one) => one.id === id && one.provider === provider) && !deps.isShared(provider, id);
  });
  if (missing) throw notThere(missing.id, missing.field);
}
