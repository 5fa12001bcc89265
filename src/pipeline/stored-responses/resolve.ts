import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isOwnResponseId, responseOfItem } from '../../core/inference/response-ids.ts';
import { type Json, type JsonObject, asString, isJsonObject } from '../../core/json.ts';
import { type StoredResponsesDeps, notKept, projectOf } from './deps.ts';
import { foreignItems, itemsIn, itemsOf, referenceIn } from './items.ts';

/** What a request has, and goes on from. */
export interface Resolved {
  readonly previousId: string | undefined;
  /** The request's own items, with those that it refers to. */
  readonly items: readonly Json[];
}

/** Many references are many look-ups. */
const MOST_REFERENCES = 1000;
const MOST_ITEMS = 10_000;

/**
 * Puts the conversation before a request, and the items that it refers to, into its body. Undefined where it refers to
 * nothing that would be kept here.
 *
 * @throws request_invalid where nothing is kept, or it is too long
 * @throws resource_not_found, storage_unavailable
 */
export async function resolveCall(deps: StoredResponsesDeps, call: Call): Promise<Resolved | undefined> {
  const isRelayed = deps.isRelayed(call);
  const previousId = previousIn(call.body.json, isRelayed);
  const references = referencesIn(call.body.json, isRelayed);
  if (previousId === undefined && references.size === 0) return undefined;
  if (!deps.settings().store) throw storingIsOff(previousId === undefined ? 'input' : PREVIOUS);
  const before = previousId === undefined ? [] : await conversation(deps, call, previousId);
  const { input, ...rest } = call.body.exactJson;
  const items = await withReferences(deps, call, itemsOf(input), references);
  if (before.length + items.length > MOST_ITEMS) throw tooLong();
  putIn(call, rest, [...before, ...items], isRelayed);
  return { previousId, items };
}

const PREVIOUS = 'previous_response_id';

/** Of a relayed request only what cannot be the provider's own. */
function previousIn(body: JsonObject, isRelayed: boolean): string | undefined {
  const id = body[PREVIOUS];
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string') {
    throw new GatewayError('request_invalid', { message: `\`${PREVIOUS}\` must be a text.`, param: PREVIOUS });
  }
  return isRelayed && !isOwnResponseId(id) ? undefined : id;
}

/** Ids of items, and where each stands. */
function referencesIn({ input }: JsonObject, isRelayed: boolean): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!Array.isArray(input)) return found;
  for (const [at, item] of input.entries()) {
    const id = referenceIn(item);
    if (id !== undefined && (!isRelayed || responseOfItem(id) !== undefined)) found.set(id, `input[${at}].id`);
  }
  if (found.size > MOST_REFERENCES) {
    const message = `The request refers to more than ${MOST_REFERENCES} items. Send the items themselves.`;
    throw new GatewayError('request_invalid', { message, param: 'input' });
  }
  return found;
}

async function conversation(deps: StoredResponsesDeps, call: Call, id: string): Promise<Json[]> {
  const turns = isOwnResponseId(id)
    ? await lookedUp(deps, call, deps.archive.conversation(projectOf(call), id))
    : undefined;
  if (!turns) throw notKept(id, PREVIOUS);
  return turns.flatMap(itemsIn);
}

/** What waits for the database shows in the trace. */
function lookedUp<Found>({ clock }: StoredResponsesDeps, call: Call, looking: Promise<Found>): Promise<Found> {
  return call.spans.around('retrieval', 'stored-responses', clock, looking);
}

async function withReferences(
  deps: StoredResponsesDeps,
  call: Call,
  items: readonly Json[],
  references: ReadonlyMap<string, string>,
): Promise<Json[]> {
  if (references.size === 0) return [...items];
  const responses = new Set([...references.keys()].flatMap((id) => responseOfItem(id) ?? []));
  const kept = new Map<string, Json>();
  for (const turn of await lookedUp(deps, call, deps.archive.find(projectOf(call), [...responses]))) {
    for (const item of itemsIn(turn)) {
      const id = isJsonObject(item) ? asString(item['id']) : undefined;
      if (id !== undefined) kept.set(id, item);
    }
  }
  return items.map((item) => {
    const id = referenceIn(item);
    const param = id === undefined ? undefined : references.get(id);
    if (id === undefined || param === undefined) return item;
    const found = kept.get(id);
    if (found === undefined) throw notKept(id, param);
    return found;
  });
}

/** A provider of the same dialect is sent the client's bytes, so that they are patched. */
function putIn(call: Call, rest: JsonObject, joined: readonly Json[], isRelayed: boolean): void {
  const input = isRelayed ? foreignItems(joined) : [...joined];
  const body: JsonObject = Object.fromEntries(Object.entries(rest).filter(([field]) => field !== PREVIOUS));
  call.body.resolve({ ...body, input });
  if (!isRelayed) return;
  call.body.patch({ op: 'set', path: '/input', value: input });
  call.body.patch({ op: 'remove', path: `/${PREVIOUS}` });
}

function storingIsOff(param: string): GatewayError {
  return new GatewayError('request_invalid', {
    message:
      'Responses are not kept here (responses.store is off), so that none can be referred to. ' +
      'Send the items of the conversation as `input`.',
    param,
  });
}

function tooLong(): GatewayError {
  return new GatewayError('request_invalid', {
    message: `The conversation has more than ${MOST_ITEMS} items. Begin a new one with a summary of it as \`input\`.`,
    param: PREVIOUS,
  });
}
