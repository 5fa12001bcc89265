import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import type { Reply, WholeReply } from '../../core/reply.ts';
import type { OwnedResource, Page } from './resource-store.ts';

const USUAL = 20;
const MOST = 100;
/** Providers are asked for the things of a page side by side, so many at a time. */
const AT_ONCE = 8;

/** What a list asks for, in the words of either dialect. @throws request_invalid */
export function pageAsked({ query }: Pick<Call, 'query'>): Pick<Page, 'order' | 'limit' | 'after'> {
  const asked = new URLSearchParams(query);
  if (asked.has('before_id') || asked.has('before')) {
    throw new GatewayError('request_invalid', { message: 'Lists go forward here: use `after`.', param: 'before_id' });
  }
  const order = asked.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw new GatewayError('request_invalid', { message: '`order` must be "asc" or "desc".', param: 'order' });
  }
  return {
    order,
    limit: limitAsked(asked.get('limit')),
    after: asked.get('after') ?? asked.get('after_id') ?? undefined,
  };
}

function limitAsked(text: string | null): number {
  if (text === null) return USUAL;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return Math.min(limit, MOST);
  throw new GatewayError('request_invalid', { message: '`limit` must be a whole number from 1 on.', param: 'limit' });
}

/**
 * Asks the providers for each thing of a page; what they no longer have is left out.
 * @throws what a provider's failure is
 */
export async function fetchAll(
  resources: readonly OwnedResource[],
  fetch: (resource: OwnedResource) => Promise<Reply>,
): Promise<JsonObject[]> {
  const found: (JsonObject | undefined)[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < resources.length) {
      const at = next;
      next += 1;
      const resource = resources[at];
      if (resource) found[at] = await fetchOne(resource, fetch);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, resources.length) }, work));
  return found.filter((one) => one !== undefined);
}

async function fetchOne(
  resource: OwnedResource,
  fetch: (resource: OwnedResource) => Promise<Reply>,
): Promise<JsonObject | undefined> {
  try {
    const reply = await fetch(resource);
    const body = reply.kind === 'whole' ? parseJson(Buffer.from(reply.body).toString('utf8')) : undefined;
    return isJsonObject(body) ? body : undefined;
  } catch (thrown) {
    const isGone = thrown instanceof GatewayError && thrown.refusal?.status === 404;
    if (isGone) return undefined;
    throw thrown;
  }
}

function idOf(one: JsonObject | undefined): string | null {
  return typeof one?.['id'] === 'string' ? one['id'] : null;
}

/** A page in the shape that both dialects' clients read. */
export function listReply(
  data: readonly JsonObject[],
  page: { readonly hasMore: boolean; readonly lastId: string | undefined },
): WholeReply {
  const body = {
    object: 'list',
    data,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)) ?? page.lastId ?? null,
    has_more: page.hasMore,
  };
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
  };
}
