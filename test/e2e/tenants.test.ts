import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { toFile as anthropicFile } from '@anthropic-ai/sdk';
import { toFile } from 'openai';

import type { JsonObject } from '../../src/core/json.ts';
import {
  type AskInit,
  MODELS,
  type Tenant,
  type TenantsGateway,
  VERSION,
  comparable,
  startTenantsGateway,
  unknownLike,
} from '../support/tenants.ts';

let house: TenantsGateway;
let ada: Tenant;
let bob: Tenant;
/** What Ada made, by what it is. */
let ids: Ids;

before(async () => {
  house = await startTenantsGateway();
  [ada, bob] = await Promise.all([house.tenant('ada'), house.tenant('bob')]);
  ids = await makeAll(ada);
});
after(() => house.close());

type Ids = Awaited<ReturnType<typeof makeAll>>;
type Thing = keyof Ids;

const LINE = { custom_id: 'one', method: 'POST', url: '/v1/chat/completions' };
const AUDIO_MODEL = 'gpt-audio';
const MESSAGES = [{ role: 'user' as const, content: 'Hello' }];

/** One of each kind, made with the official clients. */
async function makeAll({ openai, anthropic }: Tenant) {
  const upload = async (provider: string): Promise<string> => {
    const line = `${JSON.stringify({ ...LINE, body: { model: MODELS.openai, messages: MESSAGES } })}\n`;
    const file = await toFile(Buffer.from(line), 'input.jsonl');
    const options = { headers: { 'x-causeway-provider': provider } };
    return (await openai.files.create({ file, purpose: 'batch' }, options)).id;
  };
  const [file, spareFile, azureFile] = await Promise.all([upload('gpt'), upload('spare'), upload('azure')]);
  const batchOf = async (input: string): Promise<string> => {
    const batch = { input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' } as const;
    return (await openai.batches.create(batch)).id;
  };
  const [batch, spareBatch] = await Promise.all([batchOf(file), batchOf(spareFile)]);
  const tools = [{ type: 'code_interpreter' as const, container: { type: 'auto' as const } }];
  const response = await openai.responses.create({ model: MODELS.openai, input: 'Hello', tools });
  const [code] = response.output;
  assert.ok(code?.type === 'code_interpreter_call');
  const azureResponse = await openai.responses.create({ model: `azure/${MODELS.openai}`, input: 'Hello' });
  const running = await openai.responses.create({ model: MODELS.openai, input: 'Hello', background: true });
  const spoken = await openai.chat.completions.create({
    model: AUDIO_MODEL,
    messages: MESSAGES,
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'mp3' },
  });
  const document = await anthropic.beta.files.upload({ file: await anthropicFile(Buffer.from('text'), 'a.txt') });
  const params = { model: MODELS.anthropic, max_tokens: 9, messages: MESSAGES };
  const messageBatch = await anthropic.messages.batches.create({ requests: [{ custom_id: 'one', params }] });
  const ran = await anthropic.beta.messages.create({
    ...params,
    thread: { type: 'create' },
    tools: [{ type: 'code_execution_20250825', name: 'code_execution' }],
  });
  const [result] = ran.content;
  const written = result?.type === 'bash_code_execution_tool_result' ? result.content : undefined;
  assert.ok(written?.type === 'bash_code_execution_result');
  return {
    file,
    spareFile,
    azureFile,
    batch,
    spareBatch,
    response: response.id,
    item: response.output.at(-1)?.id ?? '',
    container: code.container_id,
    azureResponse: azureResponse.id,
    running: running.id,
    audio: spoken.choices[0]?.message.audio?.id ?? '',
    document: document.id,
    messageBatch: messageBatch.id,
    message: ran.id,
    claudeContainer: ran.container?.id ?? '',
    writtenFile: written.content[0]?.file_id ?? '',
  };
}

/** A way of asking for something, with its id. */
interface Cell {
  readonly name: string;
  readonly thing: Thing;
  readonly method: string;
  path(id: string): string;
  body?(id: string): JsonObject;
  readonly headers?: AskInit['headers'];
  /** Its own maker can do it once. */
  readonly ends?: true;
}

function reading(name: string, thing: Thing, base: string, parts: readonly string[], headers = {}): Cell[] {
  return ['', ...parts].map((part) => {
    const method = part === '/cancel' ? 'POST' : 'GET';
    return { name: `${name}${part}`, thing, method, path: (id) => `${base}/${id}${part}`, headers };
  });
}

function deleting(name: string, thing: Thing, base: string, headers = {}): Cell {
  return { name: `${name} is deleted`, thing, method: 'DELETE', path: (id) => `${base}/${id}`, headers, ends: true };
}

const READ: readonly Cell[] = [
  ...reading('a file', 'file', '/v1/files', ['/content']),
  ...reading('a file at a second provider', 'spareFile', '/v1/files', ['/content']),
  ...reading('a file at Azure', 'azureFile', '/v1/files', ['/content']),
  ...reading('a batch', 'batch', '/v1/batches', ['/cancel']),
  ...reading('a batch at a second provider', 'spareBatch', '/v1/batches', ['/cancel']),
  ...reading('a response', 'response', '/v1/responses', ['/input_items', '/cancel']),
  ...reading('a response at Azure', 'azureResponse', '/v1/responses', ['/input_items']),
  ...reading('a running response', 'running', '/v1/responses', ['/cancel']),
  ...reading("Anthropic's file", 'document', '/v1/files', ['/content'], VERSION),
  ...reading('a file that code wrote', 'writtenFile', '/v1/files', ['/content'], VERSION),
  ...reading('a batch of messages', 'messageBatch', '/v1/messages/batches', ['/results', '/cancel'], VERSION),
  ...(['/v1/files', '/v1/batches'] as const).map((path) => after_(path, path === '/v1/files' ? 'file' : 'batch')),
];

function after_(path: string, thing: Thing): Cell {
  return { name: `${path} after it`, thing, method: 'GET', path: (id) => `${path}?after=${id}` };
}

const DELETE: readonly Cell[] = [
  deleting('a file', 'file', '/v1/files'),
  deleting('a file at a second provider', 'spareFile', '/v1/files'),
  deleting('a file at Azure', 'azureFile', '/v1/files'),
  deleting('a response', 'response', '/v1/responses'),
  deleting('a response at Azure', 'azureResponse', '/v1/responses'),
  deleting("Anthropic's file", 'document', '/v1/files', VERSION),
  deleting('a batch of messages', 'messageBatch', '/v1/messages/batches', VERSION),
];

/** One body whole and streamed. */
function using(name: string, thing: Thing, path: string, body: (id: string) => JsonObject): Cell[] {
  const headers = path.startsWith('/v1/messages') ? VERSION : {};
  const cell = (stream: boolean): Cell => ({
    name: `${name} at ${path}${stream ? ', streamed' : ''}`,
    thing,
    method: 'POST',
    path: () => path,
    body: (id) => ({ ...body(id), ...(stream && { stream }) }),
    headers,
  });
  return /batches|count_tokens|images/.test(path) ? [cell(false)] : [cell(false), cell(true)];
}

const chat = (thing: Thing, name: string, message: (id: string) => JsonObject, model: string = MODELS.openai): Cell[] =>
  using(name, thing, '/v1/chat/completions', (id) => ({ model, messages: [message(id), ...MESSAGES] }));
const responses = (
  thing: Thing,
  name: string,
  more: (id: string) => JsonObject,
  model: string = MODELS.openai,
): Cell[] => using(name, thing, '/v1/responses', (id) => ({ model, input: 'Hello', ...more(id) }));
const messages = (thing: Thing, name: string, more: (id: string) => JsonObject, path = '/v1/messages'): Cell[] =>
  using(name, thing, path, (id) => ({ model: MODELS.anthropic, max_tokens: 9, messages: MESSAGES, ...more(id) }));
const said = (part: JsonObject): JsonObject => ({ role: 'user', content: [part] });
const document = (id: string): JsonObject => said({ type: 'document', source: { type: 'file', file_id: id } });

const USE: readonly Cell[] = [
  ...chat('file', 'a file in a message', (id) => said({ type: 'file', file: { file_id: id } })),
  ...chat(
    'azureFile',
    'a file at Azure',
    (id) => said({ type: 'file', file: { file_id: id } }),
    `azure/${MODELS.openai}`,
  ),
  ...chat('audio', 'what was spoken', (id) => ({ role: 'assistant', audio: { id } }), AUDIO_MODEL),
  ...responses('file', 'a file', (id) => ({ input: [said({ type: 'input_file', file_id: id })] })),
  ...responses('file', 'an image', (id) => ({ input: [said({ type: 'input_image', file_id: id })] })),
  ...responses('file', 'a mask', (id) => ({
    tools: [{ type: 'image_generation', input_image_mask: { file_id: id } }],
  })),
  ...responses('file', "a container's file", (id) => ({
    tools: [{ type: 'code_interpreter', container: { type: 'auto', file_ids: [id] } }],
  })),
  ...responses('container', 'a container', (id) => ({ tools: [{ type: 'code_interpreter', container: id }] })),
  ...responses('container', "a shell's container", (id) => ({
    tools: [{ type: 'shell', environment: { type: 'container_reference', container_id: id } }],
  })),
  ...responses('response', 'the response before', (id) => ({ previous_response_id: id })),
  ...responses(
    'azureResponse',
    'the response before',
    (id) => ({ previous_response_id: id }),
    `azure/${MODELS.openai}`,
  ),
  ...responses('item', 'an item', (id) => ({ input: [{ type: 'item_reference', id }, ...MESSAGES] })),
  ...responses('item', 'an item without a type', (id) => ({ input: [{ id }, ...MESSAGES] })),
  ...responses('item', 'a thought', (id) => ({ input: [{ type: 'reasoning', id, summary: [] }, ...MESSAGES] })),
  ...responses('item', 'an image that was made', (id) => ({
    input: [{ type: 'image_generation_call', id }, ...MESSAGES],
  })),
  ...messages('document', 'a document', (id) => ({ messages: [document(id)] })),
  ...messages('document', 'an upload', (id) => ({ messages: [said({ type: 'container_upload', file_id: id })] })),
  ...messages('claudeContainer', 'a container', (id) => ({ container: id })),
  ...messages('claudeContainer', 'a container with skills', (id) => ({ container: { id, skills: [] } })),
  ...messages('message', 'a thread', (id) => ({ thread: { type: 'continue', previous_message_id: id } })),
  ...messages('document', 'a document', (id) => ({ messages: [document(id)] }), '/v1/messages/count_tokens'),
  ...using('a document', 'document', '/v1/messages/batches', (id) => ({
    requests: [{ custom_id: 'one', params: { model: MODELS.anthropic, max_tokens: 9, messages: [document(id)] } }],
  })),
  ...using('an image to change', 'file', '/v1/images/edits', (id) => ({
    model: 'gpt-image-1',
    prompt: 'a hat',
    images: [{ file_id: id }],
  })),
  ...using('the input', 'file', '/v1/batches', (id) => ({
    input_file_id: id,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  })),
];

/** Somebody else's words for the same, which would be translated. */
const FOREIGN: readonly Cell[] = [
  ...chat('document', 'a file of another API', (id) => said({ type: 'file', file: { file_id: id } }), MODELS.anthropic),
  ...responses(
    'document',
    'a file of another API',
    (id) => ({ input: [said({ type: 'input_file', file_id: id })] }),
    MODELS.anthropic,
  ),
  ...using('a document of another API', 'file', '/v1/messages', (id) => ({
    model: MODELS.openai,
    max_tokens: 9,
    messages: [document(id)],
  })),
];

function askOf(tenant: Tenant, cell: Cell, id: string): ReturnType<Tenant['ask']> {
  const { headers = {} } = cell;
  return tenant.ask(cell.method, cell.path(id), { headers, ...(cell.body && { body: cell.body(id) }) });
}

describe('what another project made', () => {
  for (const cell of [...READ, ...USE, ...FOREIGN, ...DELETE]) {
    it(`is not there: ${cell.name}`, async () => {
      const id = ids[cell.thing];
      const unknown = unknownLike(id);
      assert.notEqual(unknown, id);
      const [foreign, never] = await house.unreached(() =>
        Promise.all([askOf(bob, cell, id), askOf(bob, cell, unknown)]),
      );
      assert.equal(foreign.status, 404, foreign.text);
      assert.deepEqual(comparable(foreign, [id]), comparable(never, [unknown]));
      assert.equal(foreign.headers.get('content-type'), never.headers.get('content-type'));
    });
  }

  it('is not named beside an id of its own: an item says each key once', async () => {
    const item = `{"type":"item_reference","id":"${ids.item}","id":"rs_of_nobody"}`;
    await house.unreached(async () => {
      for (const twice of [item, `{"type":"item_reference","type":"message","id":"${ids.item}"}`]) {
        const response = await fetch(`${house.gateway.url}/v1/responses`, {
          method: 'POST',
          headers: { authorization: `Bearer ${bob.key}`, 'content-type': 'application/json' },
          body: `{"model":"${MODELS.openai}","input":[${twice}]}`,
        });
        assert.equal(response.status, 400, await response.text());
      }
    });
  });

  it('is on no list', async () => {
    await house.unreached(async () => {
      for (const [path, headers] of [
        ['/v1/files', {}],
        ['/v1/batches', {}],
        ['/v1/files', VERSION],
        ['/v1/messages/batches', VERSION],
      ] as const) {
        const { status, text } = await bob.ask('GET', path, { headers });
        assert.deepEqual([status, (JSON.parse(text) as JsonObject)['data']], [200, []]);
      }
    });
  });
});

describe('what a project made itself', () => {
  it('is there, in every way of asking for it', async () => {
    for (const cell of [...READ, ...USE]) {
      const reached = house.reached();
      const { status, text } = await askOf(ada, cell, ids[cell.thing]);
      assert.equal(status < 300, true, `${cell.name}: ${status} ${text}`);
      assert.equal(house.reached() > reached || cell.path('').includes('after='), true, cell.name);
    }
  });

  it('is on its lists, page by page', async () => {
    const { openai, anthropic } = await house.tenant('carl');
    const upload = async (): Promise<string> =>
      (await openai.files.create({ file: await toFile(Buffer.from('a'), 'a.txt'), purpose: 'user_data' })).id;
    const made: string[] = [];
    for (let at = 0; at < 5; at += 1) made.push(await upload());
    assert.deepEqual(await namesOf(openai.files.list({ limit: 2 })), made.toReversed());
    assert.deepEqual(await namesOf(openai.files.list({ limit: 2, order: 'asc' })), made);
    assert.deepEqual(await namesOf(openai.files.list({ limit: 2, purpose: 'user_data' })), made.toReversed());
    assert.deepEqual(await namesOf(openai.files.list({ purpose: 'batch' })), []);
    const documents: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      const file = await anthropicFile(Buffer.from('a'), 'a.txt');
      documents.push((await anthropic.beta.files.upload({ file })).id);
    }
    const some = namesOf(anthropic.beta.files.list({ ids: [documents[1] ?? '', ids.document] }));
    assert.deepEqual(await some, [documents[1]]);
    assert.deepEqual(await namesOf(anthropic.beta.files.list({ limit: 2 })), documents.toReversed());
    assert.deepEqual(await namesOf(openai.files.list()), made.toReversed());
    const batches: string[] = [];
    const params = { model: MODELS.anthropic, max_tokens: 9, messages: MESSAGES };
    for (let at = 0; at < 3; at += 1) {
      batches.push((await anthropic.messages.batches.create({ requests: [{ custom_id: 'one', params }] })).id);
    }
    assert.deepEqual(await namesOf(anthropic.messages.batches.list({ limit: 2 })), batches.toReversed());
  });

  it('is left out of its lists where the provider lost it, and the list goes on', async () => {
    const { openai } = await house.tenant('dora');
    const made: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      made.push(
        (await openai.files.create({ file: await toFile(Buffer.from('a'), 'a.txt'), purpose: 'user_data' })).id,
      );
    }
    for (const id of made.slice(1)) house.upstreams.gpt.lose(id);
    assert.deepEqual(await namesOf(openai.files.list({ limit: 1 })), made.slice(0, 1));
  });

  it('gives what it made in its turn: results of batches', async () => {
    const { openai, anthropic } = await house.tenant('emil');
    const line = { ...LINE, body: { model: MODELS.openai, messages: MESSAGES } };
    const file = await toFile(Buffer.from(`${JSON.stringify(line)}\n`), 'input.jsonl');
    const { id: input } = await openai.files.create({ file, purpose: 'batch' });
    const batch = { input_file_id: input, endpoint: '/v1/chat/completions', completion_window: '24h' } as const;
    await openai.batches.create(batch);
    const [listed] = (await openai.batches.list()).data;
    const output = await openai.files.content(listed?.output_file_id ?? '');
    assert.equal(await output.text(), '{"ok":1}\n');
    const params = { model: MODELS.anthropic, max_tokens: 9, messages: MESSAGES };
    const { id } = await anthropic.messages.batches.create({ requests: [{ custom_id: 'one', params }] });
    const results: string[] = [];
    for await (const result of await anthropic.messages.batches.results(id)) results.push(result.custom_id);
    assert.deepEqual(results, ['one']);
  });

  it('may be named at once by what a stream said', async () => {
    const { openai } = await house.tenant('fay');
    for (let turn = 0; turn < 5; turn += 1) {
      const stream = await openai.responses.create({ model: MODELS.openai, input: 'Hello', stream: true });
      for await (const event of stream) {
        if (event.type !== 'response.created') continue;
        const { id } = event.response;
        await openai.responses.create({ model: MODELS.openai, input: 'Go on', previous_response_id: id });
      }
    }
  });

  it('goes where it is kept, and to a model of there only', async () => {
    const input = [said({ type: 'input_file', file_id: ids.spareFile })];
    const there = await ada.ask('POST', '/v1/responses', { body: { model: `spare/${MODELS.openai}`, input } });
    assert.equal(there.status, 200);
    const elsewhere = await house.unreached(() =>
      ada.ask('POST', '/v1/responses', { body: { model: `gpt/${MODELS.openai}`, input } }),
    );
    assert.equal(elsewhere.status, 400);
    assert.match(elsewhere.text, /is kept by the provider \\"spare\\"/);
  });

  it('is gone once it was deleted, for its maker too', async () => {
    for (const cell of DELETE) {
      const id = ids[cell.thing];
      const { status, text } = await askOf(ada, cell, id);
      assert.equal(status, 200, `${cell.name}: ${text}`);
      const again = await house.unreached(() => askOf(ada, cell, id));
      assert.equal(again.status, 404, cell.name);
    }
  });
});

async function namesOf(list: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const { id } of list) names.push(id);
  return names;
}
