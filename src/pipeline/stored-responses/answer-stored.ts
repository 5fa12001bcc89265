import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isOwnResponseId } from '../../core/inference/response-ids.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import type { Reply } from '../../core/reply.ts';
import { addCausewayHeaders } from '../../core/reply-headers.ts';
import { type StoredResponsesDeps, notKept, projectOf } from './deps.ts';
import { inputIn, itemsIn } from './items.ts';

/**
 * Answers a request for a response that is kept here; undefined where the id is of none of the project's.
 * @see https://platform.openai.com/docs/api-reference/responses (checked 2026-11-21)
 * @throws storage_unavailable, request_invalid
 */
export async function answerStored(deps: StoredResponsesDeps, call: Call): Promise<Reply | undefined> {
  const { resource } = call;
  const id = resource?.kind === 'response' ? resource.id : undefined;
  if (!resource || id === undefined || !isOwnResponseId(id)) return undefined;
  const project = projectOf(call);
  if (resource.action === 'delete') {
    const wasThere = await deps.archive.remove(project, id);
    return wasThere ? jsonReply(call, { id, object: 'response', deleted: true }) : undefined;
  }
  const [turn] = await deps.archive.find(project, [id]);
  if (!turn) return undefined;
  if (resource.action === 'cancel') throw refused('Only a response that is made in the background can be stopped.');
  if (resource.action === 'read') return listInput(deps, call, id);
  if (new URLSearchParams(call.query).get('stream') === 'true') {
    throw refused('Only a response that was made in the background can be streamed again.', 'stream');
  }
  return textReply(call, turn.response);
}

/** All that the model was shown, the conversation before it included. */
async function listInput({ archive }: StoredResponsesDeps, call: Call, id: string): Promise<Reply> {
  const turns = await archive.conversation(projectOf(call), id);
  const last = turns?.at(-1);
  if (!turns || !last) throw notKept(id, 'id');
  return jsonReply(call, page([...turns.slice(0, -1).flatMap(itemsIn), ...inputIn(last)], call.query));
}

const USUAL = 20;
const MOST = 100;

function page(items: readonly Json[], query: string): JsonObject {
  const asked = new URLSearchParams(query);
  const ordered = orderOf(asked.get('order')) === 'asc' ? items : items.toReversed();
  const from = placeAfter(ordered, asked.get('after'));
  const limit = limitOf(asked.get('limit'));
  const data = ordered.slice(from, from + limit);
  return {
    object: 'list',
    data,
    first_id: idOf(data[0]),
    last_id: idOf(data.at(-1)),
    has_more: ordered.length > from + limit,
  };
}

function orderOf(order: string | null): 'asc' | 'desc' {
  if (order === null) return 'desc';
  if (order === 'asc' || order === 'desc') return order;
  throw refused('`order` must be "asc" or "desc".', 'order');
}

function limitOf(text: string | null): number {
  if (text === null) return USUAL;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return Math.min(limit, MOST);
  throw refused('`limit` must be a whole number from 1 on.', 'limit');
}

function placeAfter(items: readonly Json[], after: string | null): number {
  if (after === null) return 0;
  const at = items.findIndex((item) => idOf(item) === after);
  if (at >= 0) return at + 1;
  throw refused('`after` is no item of this response.', 'after');
}

function idOf(item: Json | undefined): string | null {
  return isJsonObject(item) ? (asString(item['id']) ?? null) : null;
}

function refused(message: string, param?: string): GatewayError {
  return new GatewayError('request_invalid', param === undefined ? { message } : { message, param });
}

function jsonReply(call: Call, body: JsonObject): Reply {
  return textReply(call, JSON.stringify(body));
}

function textReply(call: Call, text: string): Reply {
  return {
    kind: 'whole',
    status: 200,
    headers: addCausewayHeaders(call, { 'content-type': 'application/json' }),
    body: Buffer.from(text),
    terminal: { kind: 'completed', finishReason: undefined, usage: undefined },
  };
}
