import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Json, type JsonObject, asString, isJsonObject } from '../../src/core/json.ts';
import { plain, valueOf } from './form-values.ts';
import { type DocumentedOperation, type PlacedSchema, documentedOperation, errorsOf } from './openapi-operations.ts';
import { type Pick, sampleOf, variantsOf } from './schema-sampler.ts';

/** A stand-in for OpenAI that takes what OpenAI's document allows, and answers with what it allows. */
export interface ValidatingUpstream {
  readonly url: string;
  /** What was wrong with requests so far. */
  readonly problems: readonly string[];
  readonly requests: number;
  close(): Promise<void>;
}

export async function startValidatingUpstream(pick: Pick): Promise<ValidatingUpstream> {
  const problems: string[] = [];
  let requests = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const body = Buffer.concat(await request.toArray());
    const url = new URL(request.url ?? '', 'http://upstream');
    const operation = documentedOperation(request.method ?? '', pathIn(url.pathname));
    const said = operation ? await check(operation, request, url, body) : { wrong: ['no such operation'], body: {} };
    if (said.wrong.length > 0 || !operation) {
      problems.push(
        `${request.method} ${request.url}: ${said.wrong.join('; ')} ${body.toString('utf8').slice(0, 2000)}`,
      );
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: said.wrong.join('; '), type: 'invalid_request_error' } }));
      return;
    }
    const { type, bytes } = answerTo(operation, url, said.body, pick);
    response.writeHead(200, { 'content-type': type }).end(bytes);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    problems,
    get requests() {
      return requests;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const KEPT = /^\/v1\/(files|batches|responses)\/([^/]+)/;

/** The route of a path: what stands for an id is no name. */
function pathIn(path: string): string {
  return path.replace(KEPT, '/v1/$1/:id');
}

async function check(
  operation: DocumentedOperation,
  { headers, method = '' }: IncomingMessage,
  url: URL,
  bytes: Buffer,
): Promise<{ wrong: string[]; body: JsonObject }> {
  const wrong = queryErrors(operation, url);
  const type = headers['content-type']?.split(';')[0];
  if (headers.authorization !== 'Bearer upstream-key') wrong.push('another key');
  if (bytes.length === 0) {
    if (operation.bodies.size > 0) wrong.push('no body');
    return { wrong, body: {} };
  }
  const placed = operation.bodies.get(type ?? '');
  if (!placed) return { wrong: [...wrong, `a body of type ${type}`], body: {} };
  const request = new Request(url, { method, headers: { 'content-type': headers['content-type'] ?? '' }, body: bytes });
  const body =
    type === 'multipart/form-data'
      ? await valueOf(await request.formData(), placed.schema)
      : (JSON.parse(bytes.toString('utf8')) as JsonObject);
  return { wrong: [...wrong, ...errorsOf(placed, body)], body };
}

function queryErrors({ query }: DocumentedOperation, { searchParams }: URL): string[] {
  const names = new Set([...searchParams.keys()].map((name) => name.replace(/\[\]$/, '')));
  const known = new Map(query.map((one) => [one.name, one]));
  return [...names].flatMap((name) => {
    const placed = known.get(name);
    if (!placed) return [`no query ${name}`];
    const lists = searchParams.getAll(`${name}[]`);
    return errorsOf(placed, lists.length > 0 ? lists : plain(searchParams.get(name) ?? '', placed.schema));
  });
}

interface Said {
  readonly type: string;
  readonly bytes: string | Buffer;
}

function answerTo(operation: DocumentedOperation, { pathname }: URL, body: JsonObject, pick: Pick): Said {
  const { answers } = operation;
  const events = answers.get('text/event-stream');
  if (events && (body['stream'] === true || body['stream_format'] === 'sse')) {
    return { type: 'text/event-stream', bytes: streamOf(events, pick) };
  }
  const whole = answers.get('application/json');
  if (!whole) return { type: 'application/octet-stream', bytes: Buffer.from([0, 1, 2, 254, 255]) };
  if (pathname.endsWith('/content')) {
    return { type: 'application/octet-stream', bytes: '{"custom_id":"1","body":{"model":"any"}}\n' };
  }
  const value = validSample(whole, pick);
  return {
    type: 'application/json',
    bytes: JSON.stringify(isJsonObject(value) ? meant(named(value, pathname), pathname, body) : value),
  };
}

let made = 0;

/** What is kept has an id of its own. */
function named(value: JsonObject, pathname: string): JsonObject {
  const [, , id] = KEPT.exec(pathname) ?? [];
  if (id !== undefined && typeof value['id'] === 'string') return { ...value, id };
  if (!/^\/v1\/(?:files|batches|responses)$/.test(pathname)) return value;
  made += 1;
  return { ...value, id: `thing-${made}` };
}

/** What its document leaves open: images are in it, vectors are as many as texts, and nothing went wrong. */
function meant(value: JsonObject, pathname: string, { input }: JsonObject): JsonObject {
  if (pathname.startsWith('/v1/images/')) return { data: [{ b64_json: 'aGk=' }], ...value };
  if (pathname === '/v1/responses') return { ...value, error: null, status: 'completed' };
  if (pathname !== '/v1/embeddings') return value;
  const isOne = !Array.isArray(input) || typeof input[0] === 'number';
  const count = isOne ? 1 : input.length;
  const data = Array.from({ length: count }, (_, index) => ({ object: 'embedding', index, embedding: [0.5, 1] }));
  return { ...value, data };
}

const TRIES = 300;

/** @throws where the document allows nothing that is made of it */
export function validSample(placed: PlacedSchema, pick: Pick): Json {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const value = sampleOf(placed.schema, pick);
    if (errorsOf(placed, value).length === 0) return value;
  }
  throw new Error(`no value of ${placed.pointer} was found`);
}

const LAST = /^(?:response\.completed|speech\.audio\.done|transcript\.text\.done|image_\w+\.completed)$/;
const FAILED = /error|failed|incomplete|queued/;

/** Some events, and the last one. Chat completions name no types, and end in a mark. */
function streamOf(placed: PlacedSchema, pick: Pick): string {
  const variants = variantsOf(placed.schema);
  const last = variants.find((variant) => LAST.test(typeOf(variant)));
  const events = Array.from({ length: 3 }, () => {
    const others = variants.filter((variant) => variant !== last && !FAILED.test(typeOf(variant)));
    return validSample({ ...placed, schema: others[pick(others.length)] ?? {} }, pick);
  });
  if (!last) return [...events, lastChunk(events.at(-1))].map(frame).join('') + 'data: [DONE]\n\n';
  return [...events, complete(validSample({ ...placed, schema: last }, pick))].map(frame).join('');
}

function complete(event: Json): Json {
  const response = isJsonObject(event) ? event['response'] : undefined;
  return isJsonObject(response) ? { ...(event as JsonObject), response: meant(response, '/v1/responses', {}) } : event;
}

function lastChunk(chunk: Json | undefined): Json {
  return { ...(chunk as JsonObject), choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
}

function frame(event: Json): string {
  const type = isJsonObject(event) && typeof event['type'] === 'string' ? `event: ${event['type']}\n` : '';
  return `${type}data: ${JSON.stringify(event)}\n\n`;
}

function typeOf(schema: JsonObject): string {
  const { properties } = schema;
  const type = isJsonObject(properties) ? properties['type'] : undefined;
  const { enum: values, const: one } = isJsonObject(type) ? type : {};
  return asString(one ?? (Array.isArray(values) ? values[0] : undefined)) ?? '';
}
