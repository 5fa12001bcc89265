import { randomUUID } from 'node:crypto';

import { type Json, type JsonObject, asString } from '../../src/core/json.ts';
import {
  JSON_HEADERS,
  type ReceivedRequest,
  SSE_HEADERS,
  type Upstream,
  type UpstreamAnswer,
  startUpstream,
} from './upstream.ts';

/** A stand-in for a provider that really keeps what it is given, for whoever knows its one key. */
export interface KeepingUpstream extends Pick<Upstream, 'url' | 'received' | 'close'> {
  /** Everything that it has, by its id; a file's text is under `content`. */
  readonly kept: ReadonlyMap<string, JsonObject>;
  /** Puts something there that nobody made through a gateway. */
  plant(id: string, thing: JsonObject): void;
  /** Forgets something by itself. */
  lose(id: string): void;
}

/** What makes a new thing, by the path behind the base path. */
export type Makes = Readonly<
  Record<string, (request: ReceivedRequest, kept: Map<string, JsonObject>) => UpstreamAnswer>
>;

/** @param makes what it makes; reading, stopping and deleting are alike everywhere */
export async function startKeeping(makes: Makes): Promise<KeepingUpstream> {
  const kept = new Map<string, JsonObject>();
  const upstream = await startUpstream();
  upstream.answer((request) => {
    const [path = ''] = request.path.replace(/^\/(?:openai\/)?v1/, '').split('?');
    const missing = named(request).find((id) => !kept.has(id));
    if (missing !== undefined) return notFound(missing);
    const make = request.method === 'POST' ? makes[path] : undefined;
    return make ? make(request, kept) : keptAnswer(request, path, kept);
  });
  const { url, received } = upstream;
  return {
    url,
    received,
    kept,
    plant: (id, thing) => void kept.set(id, thing),
    lose: (id) => void kept.delete(id),
    close: () => upstream.close(),
  };
}

/** Whatever a request names has to be there. */
function named({ headers, body }: ReceivedRequest): string[] {
  return headers['content-type'] === 'application/json' && body !== '' ? [...idsIn(JSON.parse(body) as Json)] : [];
}

const KEPT_ID = /^(?:file[-_]|resp_|cntr_|container_|audio_|msg_|ci_)[0-9a-f]{32}$/;

/** Every text that is one of its ids, but for notes. */
function* idsIn(value: Json): Generator<string> {
  if (typeof value === 'string' && KEPT_ID.test(value)) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) if (part !== undefined && name !== 'metadata') yield* idsIn(part);
}

export function json(body: JsonObject, status = 200): UpstreamAnswer {
  return { status, headers: JSON_HEADERS, chunks: [JSON.stringify(body)] };
}

function notFound(id: string): UpstreamAnswer {
  const error = { type: 'not_found_error', message: `there is no ${id}`, param: null, code: null };
  return json({ type: 'error', error }, 404);
}

export function events(...said: readonly JsonObject[]): UpstreamAnswer {
  const frames = said.map((event) => `event: ${asString(event['type']) ?? ''}\ndata: ${JSON.stringify(event)}\n\n`);
  return { headers: SSE_HEADERS, chunks: frames };
}

export function newId(prefix: string): string {
  return `${prefix}${randomUUID().replaceAll('-', '')}`;
}

export function bodyOf({ body }: ReceivedRequest): JsonObject {
  return body === '' ? {} : (JSON.parse(body) as JsonObject);
}

/** What stands under `/things/:id/part`. */
function placeOf(path: string): { id: string; part: string | undefined } {
  const [, id = '', part] = /^\/(?:files|batches|responses|messages\/batches)\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  return { id, part };
}

export function shownOf({ content: _content, ...thing }: JsonObject): JsonObject {
  return thing;
}

/** Reads, cancels and deletes. */
function keptAnswer({ method }: ReceivedRequest, path: string, kept: Map<string, JsonObject>): UpstreamAnswer {
  const { id, part } = placeOf(path);
  const thing = kept.get(id);
  if (!thing) return notFound(path);
  if (method === 'DELETE') {
    kept.delete(id);
    return json({ id, object: thing['object'] ?? null, type: `${asString(thing['type'])}_deleted`, deleted: true });
  }
  if (part === 'cancel') {
    kept.set(id, { ...thing, status: 'cancelled', processing_status: 'canceling' });
    return json(shownOf(kept.get(id) ?? {}));
  }
  if (part === 'content' || part === 'results') {
    return { headers: { 'content-type': 'application/octet-stream' }, chunks: [asString(thing['content']) ?? ''] };
  }
  if (part === 'input_items') {
    return json({ object: 'list', data: [], first_id: null, last_id: null, has_more: false });
  }
  return part === undefined ? json(shownOf(thing)) : notFound(path);
}

/** The parts of a small form of text. */
export function formOf({ headers, body }: ReceivedRequest) {
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1] ?? 'none';
  const fields: Record<string, string> = {};
  let file = { name: '', content: '' };
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const [head = '', ...rest] = part.split('\r\n\r\n');
    const content = rest.join('\r\n\r\n').replace(/\r\n$/, '');
    const name = /filename="([^"]*)"/.exec(head)?.[1];
    if (name === undefined) fields[/name="([^"]+)"/.exec(head)?.[1] ?? ''] = content;
    else file = { name, content };
  }
  return { fields, file };
}
