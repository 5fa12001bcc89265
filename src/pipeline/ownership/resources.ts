import { patchBytes } from '../../core/body-patch.ts';
import { type Call, type Target, header } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import type { ResourceRequest } from '../../core/resource.ts';
import type { Handler } from '../../core/stage.ts';
import type { Provider } from '../../models/providers/provider.ts';
import { assignBatch } from './batch.ts';
import { Harvest } from './harvest.ts';
import { type ListingSource, fetchAll, isGone, listReply, listed, pageAsked } from './listing.ts';
import { assignMessageBatch } from './message-batch.ts';
import { type OwnershipDeps, notThere, ownerOf } from './ownership.ts';
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
  if (resource.action === 'delete') return remove(deps, call, owned, next);
  return shown(deps, call, owned, await next(call));
}

/** @throws resource_not_found */
async function find(deps: OwnershipDeps, call: Call, { kind, id = '' }: ResourceRequest): Promise<OwnedResource> {
  const { project } = ownerOf(call);
  const owned = await deps.owners.ownedBy(project, [id]);
  const found = owned.find((one) => one.kind === kind);
  if (found) return found;
  throw notThere(id);
}

/** What its provider does not have is forgotten too. */
async function remove(deps: OwnershipDeps, call: Call, owned: OwnedResource, next: Handler): Promise<Reply> {
  try {
    const reply = await next(call);
    await deps.safely(call, deps.owners.remove(owned));
    return reply;
  } catch (thrown) {
    if (isGone(thrown)) await deps.safely(call, deps.owners.remove(owned));
    throw thrown;
  }
}

async function list(deps: OwnershipDeps, call: Call, resource: ResourceRequest, next: Handler): Promise<Reply> {
  const { project } = ownerOf(call);
  const { kind, path } = resource;
  const asked = pageAsked(call);
  if (asked.after !== undefined) await find(deps, call, { ...resource, id: asked.after });
  const providers = keepersOf(deps, call).map(({ name }) => name);
  const source: ListingSource = {
    page: (limit, after) => deps.owners.page({ project, kind, providers, order: asked.order, limit, after }),
    fetch: async (owned) => {
      const { id, provider } = owned;
      const retrieve = { kind, id, action: 'retrieve', method: 'GET', path: `${path}/${id}` } as const;
      return shown(deps, call, owned, await next(subCall(call, retrieve, { provider, model: '' })));
    },
  };
  if (!asked.ids) return listReply(call, await listed(asked, source));
  const owned = await deps.owners.ownedBy(project, asked.ids);
  const found = await fetchAll(
    owned.filter((one) => one.kind === kind && providers.includes(one.provider)),
    source.fetch,
  );
  return listReply(call, { data: found.filter((one) => one !== undefined), next: undefined });
}

async function create(deps: OwnershipDeps, call: Call, { kind }: ResourceRequest, next: Handler): Promise<Reply> {
  const { project, keyId } = ownerOf(call);
  // Nothing is made that could not be noted as theirs.
  await deps.owners.page({ project, kind, providers: [], order: 'desc', limit: 1, after: undefined });
  const target = await keeperOf(deps, call, kind, next);
  call.assignment = assignedTo(target);
  const reply = await next(call);
  const id = asString(jsonOf(reply)?.['id']);
  if (id === undefined) return reply;
  const owned = { id, kind, project, keyId, provider: target.provider };
  await deps.owners.add([owned]);
  return shown(deps, call, owned, reply);
}

/** Where a new thing is to be kept: where what it is made of is, or where the client or the configuration says. */
async function keeperOf(deps: OwnershipDeps, call: Call, kind: OwnedKind, next: Handler): Promise<Target> {
  if (kind === 'message-batch') return assignMessageBatch(deps, call);
  return kind === 'batch' ? assignBatch(deps, call, next) : chosenKeeper(deps, call);
}

/** Those that keep things for clients of this dialect. */
function keepersOf(deps: OwnershipDeps, { dialect }: Call): readonly Provider[] {
  return deps.catalog().providers.filter((provider) => provider.wire(dialect, 'resource'));
}

/** @throws operation_unsupported where no provider keeps such things for clients of this dialect */
function chosenKeeper(deps: OwnershipDeps, call: Call): Target {
  const named = header(call, PROVIDER_HEADER);
  const able = keepersOf(deps, call);
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

/** Notes what the answer says that was made meanwhile, and has its addresses lead here. */
async function shown(deps: OwnershipDeps, call: Call, owned: OwnedResource, reply: Reply): Promise<Reply> {
  const said = reply.kind === 'whole' ? jsonOf(reply) : undefined;
  if (reply.kind !== 'whole' || !said) return reply;
  const made = madeMeanwhile(owned.kind, said).map((one) => ({ ...owned, ...one }));
  if (made.length > 0) await deps.safely(call, deps.owners.add(made));
  if (owned.kind !== 'message-batch' || typeof said['results_url'] !== 'string') return reply;
  // Clients ask there with the key that they have, which is ours. A path is enough for the official ones.
  const value = `/v1/messages/batches/${owned.id}/results`;
  const body = patchBytes(Buffer.from(reply.body), [{ op: 'set', path: '/results_url', value }]);
  return { ...reply, body };
}

function madeMeanwhile(kind: OwnedKind, said: JsonObject): Pick<OwnedResource, 'id' | 'kind'>[] {
  if (kind === 'response') return new Harvest().in(said);
  if (kind !== 'batch') return [];
  return RESULT_FILES.flatMap((field) => asString(said[field]) ?? []).map((id) => ({ id, kind: 'file' }));
}

function assignedTo(target: Target): NonNullable<Call['assignment']> {
  return { virtualModel: undefined, targets: [target], passThroughCredentials: false, timeouts: undefined };
}

function jsonOf(reply: Reply): JsonObject | undefined {
  if (reply.kind !== 'whole') return undefined;
  const body = parseJson(Buffer.from(reply.body).toString('utf8'));
  return isJsonObject(body) ? body : undefined;
}
