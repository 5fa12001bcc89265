import { type Call, type Target, header } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import type { ResourceRequest } from '../../core/resource.ts';
import type { Handler } from '../../core/stage.ts';
import { requireModels } from './batch-models.ts';
import { fetchAll, listReply, pageAsked } from './listing.ts';
import { assignMessageBatch } from './message-batch.ts';
import { type OwnershipDeps, notThere, ownerOf } from './ownership.ts';
import { referencesIn } from './references.ts';
import type { OwnedKind, OwnedResource } from './resource-store.ts';
import { subCall } from './sub-call.ts';

/** The header in which a client names the provider that shall keep a file. */
const PROVIDER_HEADER = 'x-causeway-provider';

/** Fields of a batch that name the files in which its results are. */
const RESULT_FILES = ['output_file_id', 'error_file_id'] as const;

/** A request for something that a provider keeps. */
export async function answerResource(
  deps: OwnershipDeps,
  call: Call,
  resource: ResourceRequest,
  next: Handler,
): Promise<Reply> {
  if (resource.action === 'list') return list(deps, call, resource, next);
  if (resource.action === 'create') return create(deps, call, resource, next);
  const owned = await find(deps, call, resource);
  call.assignment = assignedTo({ provider: owned.provider, model: '' });
  const reply = await next(call);
  const { keyId, project, provider } = owned;
  if (resource.action === 'delete') await deps.safely(call, deps.owners.remove(owned));
  else if (resource.kind === 'batch') {
    const files = resultFiles(jsonOf(reply)).map((id) => ({ id, kind: 'file' as const, keyId, project, provider }));
    await deps.owners.add(files);
  }
  return reply;
}

/** @throws resource_not_found */
async function find(deps: OwnershipDeps, call: Call, { kind, id = '' }: ResourceRequest): Promise<OwnedResource> {
  const { project } = ownerOf(call);
  const owned = await deps.owners.ownedBy(project, [id]);
  const found = owned.find((one) => one.kind === kind);
  if (found) return found;
  throw notThere(id);
}

async function list(deps: OwnershipDeps, call: Call, { kind, path }: ResourceRequest, next: Handler): Promise<Reply> {
  const { project } = ownerOf(call);
  const asked = pageAsked(call);
  if (asked.after !== undefined)
    await find(deps, call, { kind, id: asked.after, action: 'retrieve', method: 'GET', path });
  const rows = await deps.owners.page({ project, kind: kind satisfies OwnedKind, ...asked });
  const page = rows.slice(0, asked.limit);
  const found = await fetchAll(page, ({ id, provider }) => {
    const retrieve = { kind, id, action: 'retrieve', method: 'GET', path: `${path}/${id}` } as const;
    return next(subCall(call, retrieve, { provider, model: '' }));
  });
  const purpose = new URLSearchParams(call.query).get('purpose');
  const data = purpose === null ? found : found.filter((one) => one['purpose'] === purpose);
  return listReply(data, { hasMore: rows.length > page.length, lastId: page.at(-1)?.id });
}

async function create(deps: OwnershipDeps, call: Call, { kind }: ResourceRequest, next: Handler): Promise<Reply> {
  const { project, keyId } = ownerOf(call);
  // Nothing is made that could not be noted as theirs.
  await deps.owners.page({ project, kind, order: 'desc', limit: 1, after: undefined });
  call.assignment = assignedTo(await keeperOf(deps, call, kind, next));
  const { provider } = firstTarget(call);
  const reply = await next(call);
  const id = asString(jsonOf(reply)?.['id']);
  if (id !== undefined) await deps.owners.add([{ id, kind, project, keyId, provider }]);
  return reply;
}

/** Where a new thing is to be kept: where what it is made of is, or where the client or the configuration says. */
async function keeperOf(deps: OwnershipDeps, call: Call, kind: OwnedKind, next: Handler): Promise<Target> {
  if (kind === 'message-batch') return assignMessageBatch(deps, call);
  if (kind !== 'batch') return chosenKeeper(deps, call);
  const references = referencesIn(call.body);
  const { project } = ownerOf(call);
  const owned = await deps.owners.ownedBy(
    project,
    references.map(({ id }) => id),
  );
  const missing = references.find(({ id }) => !owned.some((one) => one.id === id && one.kind === 'file'));
  if (missing) throw notThere(missing.id, missing.field);
  const [input] = owned;
  if (!input)
    throw new GatewayError('request_invalid', { message: '`input_file_id` is missing.', param: 'input_file_id' });
  await requireAllowed(deps, call, input, next);
  return { provider: input.provider, model: '' };
}

/** A key that may use some models only must not reach others by way of a file. @throws auth_forbidden */
async function requireAllowed(deps: OwnershipDeps, call: Call, input: OwnedResource, next: Handler): Promise<void> {
  const principal = ownerOf(call);
  if (!principal.models) return;
  const { id, provider } = input;
  const read = { kind: 'file', id, action: 'read', method: 'GET', path: `/files/${id}/content` } as const;
  const content = await next(subCall(call, read, { provider, model: '' }));
  await requireModels(content, (model) => {
    return deps.mayUseModel(principal, model) || deps.mayUseModel(principal, `${provider}/${model}`);
  });
}

/** @throws operation_unsupported where no provider keeps such things for clients of this dialect */
function chosenKeeper(deps: OwnershipDeps, call: Call): Target {
  const named = header(call, PROVIDER_HEADER);
  const able = deps.catalog().providers.filter((provider) => provider.wire(call.dialect, 'resource'));
  const chosen = named === undefined ? able[0] : able.find(({ name }) => name === named);
  if (chosen) return { provider: chosen.name, model: '' };
  const names = able.map(({ name }) => name).join(', ');
  throw new GatewayError('operation_unsupported', {
    message:
      names === ''
        ? 'No provider that is set up here keeps files or batches for clients of this API.'
        : `"${named ?? ''}" is no provider that keeps this here. Name one of these as ${PROVIDER_HEADER}: ${names}.`,
    param: PROVIDER_HEADER,
  });
}

function assignedTo(target: Target): NonNullable<Call['assignment']> {
  return { virtualModel: undefined, targets: [target], passThroughCredentials: false, timeouts: undefined };
}

function firstTarget({ assignment }: Call): Target {
  const [target] = assignment?.targets ?? [];
  if (!target) throw new GatewayError('internal', { cause: new Error('no target was assigned') });
  return target;
}

function jsonOf(reply: Reply): JsonObject | undefined {
  if (reply.kind !== 'whole') return undefined;
  const body = parseJson(Buffer.from(reply.body).toString('utf8'));
  return isJsonObject(body) ? body : undefined;
}

function resultFiles(batch: JsonObject | undefined): string[] {
  return RESULT_FILES.flatMap((field) => asString(batch?.[field]) ?? []);
}
