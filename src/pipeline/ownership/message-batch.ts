import type { Call, Target } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import { type OwnershipDeps, ownerOf, requireAllAt } from './ownership.ts';
import { referencesIn, rejectDoubledKeys } from './references.ts';

/**
 * Anthropic's batches hold their requests: each is held to what the key may ask for, and all have to be for models of
 * one provider, whose own names of them go upstream.
 * @see https://docs.anthropic.com/en/api/creating-message-batches (checked 2026-11-21)
 * @throws auth_forbidden, model_not_found, request_invalid, resource_not_found
 */
export async function assignMessageBatch(deps: OwnershipDeps, call: Call): Promise<Target> {
  const { body } = call;
  const { requests } = body.json;
  if (!Array.isArray(requests) || requests.length === 0) {
    throw new GatewayError('request_invalid', { message: '`requests` must be a list of requests.', param: 'requests' });
  }
  rejectDoubledKeys(body.raw);
  const targets = requests.map((request, at) => targetOf(deps, call, request, `requests.${at}.params.model`));
  const provider = targets[0]?.provider ?? '';
  const far = targets.findIndex((target) => target.provider !== provider);
  if (far >= 0) {
    const field = `requests.${far}.params.model`;
    throw new GatewayError('request_invalid', {
      message: `\`${field}\` is of another provider than the requests before it. Make a batch for each provider.`,
      param: field,
    });
  }
  await requireAllAt(deps, call, provider, referencesIn(body));
  nameAsProvider(call, targets);
  return { provider, model: '' };
}

function targetOf(deps: OwnershipDeps, call: Call, request: Json, field: string): Target {
  const model = asString(paramsOf(request)['model']);
  if (model === undefined) {
    throw new GatewayError('request_invalid', { message: `\`${field}\` is missing.`, param: field });
  }
  if (!deps.mayUseModel(ownerOf(call), model)) {
    const message = `This key may not use the model of \`${field}\`.`;
    throw new GatewayError('auth_forbidden', { message, param: field });
  }
  const [target] = deps.catalog().assign(model).targets;
  if (!target) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
  return target;
}

/** In one change: each takes a walk through the body, and there may be thousands of requests. */
function nameAsProvider({ body }: Call, targets: readonly Target[]): void {
  const { requests } = body.exactJson;
  if (!Array.isArray(requests)) return;
  const named = requests.map((request, at) => withModel(request, targets[at]?.model));
  if (named.some((request, at) => request !== requests[at])) body.patch({ op: 'set', path: '/requests', value: named });
}

function withModel(request: Json, model: string | undefined): Json {
  const params = paramsOf(request);
  if (!isJsonObject(request) || model === undefined || params['model'] === model) return request;
  return { ...request, params: { ...params, model } };
}

function paramsOf(request: Json): JsonObject {
  const params = isJsonObject(request) ? request['params'] : undefined;
  return isJsonObject(params) ? params : {};
}
