import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../core/json.ts';
import type { Reply, WholeReply } from '../../core/reply.ts';
import type { OwnedResource, Page } from './resource-store.ts';

const USUAL = 20;
const MOST = 100;
/** Providers are asked for the things of a page side by side, so many at a time. */
const AT_ONCE = 8;
/** So many are looked at for a page, where few are what was asked for. */
const MOST_LOOKED_AT = 500;

/** What a list asks for. */
export interface Asked extends Pick<Page, 'order' | 'limit' | 'after'> {
  /** These alone. */
  readonly ids: readonly string[] | undefined;
  readonly purpose: string | undefined;
}

/** Ways of asking that both dialects' clients have, but not here. */
const REFUSED: Readonly<Record<string, string>> = {
  before: 'Lists go forward here: use `after`.',
  before_id: 'Lists go forward here: use `after_id`.',
  scope_id: 'Files have no scope here.',
};

/** What a list asks for, in the words of either dialect. @throws request_invalid */
export function pageAsked({ query }: Pick<Call, 'query'>): Asked {
  const asked = new URLSearchParams(query);
  for (const [param, message] of Object.entries(REFUSED)) {
    if (asked.has(param)) throw new GatewayError('request_invalid', { message, param });
  }
  const order = asked.get('order') ?? 'desc';
  if (order !== 'asc' && order !== 'desc') {
    throw new GatewayError('request_invalid', { message: '`order` must be "asc" or "desc".', param: 'order' });
  }
  const ids = [...asked.getAll('ids'), ...asked.getAll('ids[]')];
  return {
    order,
    limit: limitAsked(asked.get('limit')),
    after: asked.get('after') ?? asked.get('after_id') ?? asked.get('page') ?? undefined,
    ids: ids.length > 0 ? ids.slice(0, MOST) : undefined,
    purpose: asked.get('purpose') ?? undefined,
  };
}

function limitAsked(text: string | null): number {
  if (text === null) return USUAL;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return Math.min(limit, MOST);
  throw new GatewayError('request_invalid', { message: '`limit` must be a whole number from 1 on.', param: 'limit' });
}

/** What is on a page, and where the next one begins. */
export interface Listed {
  readonly data: readonly JsonObject[];
  /** The last id that was looked at; undefined where nothing comes after it. */
  readonly next: string | undefined;
}

export interface ListingSource {
  /** One more than the limit where there are more. */
  readonly page: (limit: number, after: string | undefined) => Promise<readonly OwnedResource[]>;
  /** Asks the provider. */
  readonly fetch: (resource: OwnedResource) => Promise<Reply>;
}

/**
 * A page of what the providers still have and the client asked for. It is full where there are enough, since clients
 * take an empty page for the end.
 * @throws what a provider's failure is
 */
export async function listed({ limit, after, purpose }: Asked, source: ListingSource): Promise<Listed> {
  const data: JsonObject[] = [];
  let next = after;
  for (let looked = 0; looked < MOST_LOOKED_AT;) {
    const size = Math.max(limit - data.length, AT_ONCE);
    const rows = await source.page(size, next);
    const page = rows.slice(0, size);
    const found = await fetchAll(page, source.fetch);
    for (const [at, one] of found.entries()) {
      next = page[at]?.id;
      if (one && (purpose === undefined || one['purpose'] === purpose)) data.push(one);
      if (data.length === limit) return { data, next: at + 1 < rows.length ? next : undefined };
    }
    if (rows.length <= size) return { data, next: undefined };
    looked += page.length;
  }
  return { data, next };
}

/** Asks the providers for each; undefined stands for what they no longer have. */
export async function fetchAll(
  resources: readonly OwnedResource[],
  fetch: ListingSource['fetch'],
): Promise<(JsonObject | undefined)[]> {
  const found: (JsonObject | undefined)[] = resources.map(() => undefined);
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
  return found;
}

async function fetchOne(resource: OwnedResource, fetch: ListingSource['fetch']): Promise<JsonObject | undefined> {
  try {
    const reply = await fetch(resource);
    const body = reply.kind === 'whole' ? parseJson(Buffer.from(reply.body).toString('utf8')) : undefined;
    return isJsonObject(body) ? body : undefined;
  } catch (thrown) {
    if (isGone(thrown)) return undefined;
    throw thrown;
  }
}

/** The provider's own word that it does not have it. */
export function isGone(thrown: unknown): boolean {
  return thrown instanceof GatewayError && thrown.refusal?.status === 404;
}

function idOf(one: JsonObject | undefined): string | undefined {
  return typeof one?.['id'] === 'string' ? one['id'] : undefined;
}

/** A page in the shape that the dialect's clients read. */
export function listReply({ dialect }: Pick<Call, 'dialect'>, { data, next }: Listed): WholeReply {
  const [first, last] = [idOf(data[0]), next ?? idOf(data.at(-1))];
  const shape = { data, has_more: next !== undefined };
  const body =
    dialect === 'anthropic'
      ? { ...shape, first_id: first ?? null, last_id: last ?? null, next_page: next ?? null }
      : // OpenAI's are texts always.
        { object: 'list', ...shape, first_id: first ?? '', last_id: last ?? '' };
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
  };
}
