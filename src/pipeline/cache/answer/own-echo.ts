import { type BodyPatch, patchBytes } from '../../../core/body-patch.ts';
import type { Call } from '../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject, parseJson } from '../../../core/json.ts';
import { SseSplitter } from '../../../models/transport/sse.ts';
import { EVENT_STREAM } from './form.ts';

/**
 * What a response repeats of its request although it changes nothing of what is said, and what it says where the
 * request has nothing of it. These fields are left out of the name of an answer.
 */
const ECHOED: Readonly<Record<string, Json>> = {
  metadata: {},
  user: null,
  safety_identifier: null,
  prompt_cache_key: null,
  prompt_cache_retention: null,
};

interface Bytes {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * The bytes of an answer with what they repeat of a request from this one: who else was given the answer, and what they
 * noted with it, is nobody else's. Only responses repeat it.
 */
export function withOwnEcho({ dialect, operation, body: { json } }: Call, { contentType, body }: Bytes): Buffer {
  if (dialect !== 'responses' || operation !== 'chat') return body;
  return contentType.startsWith(EVENT_STREAM) ? inFrames(json, body) : inWhole(json, body);
}

/** What of a request its answer repeats, as a name: of two that differ in it, one cannot be given the other's stream. */
export function echoName({ dialect, body: { json } }: Call): string {
  return dialect === 'responses' ? JSON.stringify(Object.keys(ECHOED).map((field) => json[field] ?? null)) : '';
}

function inWhole(request: JsonObject, body: Buffer): Buffer {
  const response = parseJson(body.toString('utf8'));
  return isJsonObject(response) ? patchBytes(body, echoPatches(request, response, '')) : body;
}

/** The first frames of a stream and the last one have the response as a whole. */
function inFrames(request: JsonObject, body: Buffer): Buffer {
  const { bytes, frames } = new SseSplitter().push(body);
  const pieces: Uint8Array[] = [];
  let isChanged = false;
  for (const { start, end, event, data } of frames) {
    const said = data?.includes('"response"') ? parseJson(data) : undefined;
    const response = isJsonObject(said) ? said['response'] : undefined;
    const patches = isJsonObject(response) ? echoPatches(request, response, '/response') : [];
    if (patches.length === 0 || data === undefined) {
      pieces.push(bytes.subarray(start, end));
      continue;
    }
    isChanged = true;
    const head = event === undefined ? '' : `event: ${event}\n`;
    pieces.push(Buffer.from(`${head}data: `), patchBytes(Buffer.from(data), patches), Buffer.from('\n\n'));
  }
  return isChanged ? Buffer.concat(pieces) : body;
}

function echoPatches(request: JsonObject, response: JsonObject, at: string): BodyPatch[] {
  const patches: BodyPatch[] = [];
  for (const [field, none] of Object.entries(ECHOED)) {
    const [own, said] = [request[field] ?? none, response[field]];
    // A server that does not repeat a field goes on not to.
    if (said === undefined || JSON.stringify(said) === JSON.stringify(own)) continue;
    patches.push({ op: 'set', path: `${at}/${field}`, value: own });
  }
  return patches;
}
