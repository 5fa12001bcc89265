import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import * as fc from '../support/fast-check.ts';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';

import type { StreamEvent } from '../../src/core/events.ts';
import { parseExact } from '../../src/core/inference/exact-json.ts';
import { type JsonObject, isJsonObject } from '../../src/core/json.ts';
import { anthropic } from '../../src/edge/dialects/anthropic/adapter.ts';
import type { DialectAdapter } from '../../src/edge/dialects/dialect-adapter.ts';
import { openai } from '../../src/edge/dialects/openai/adapter.ts';
import { reshapeAnswer } from '../../src/models/providers/anthropic/reshape-answer.ts';
import { type ReadCall, type Reading, readPlainly } from '../support/plain-reading.ts';
import { readStream, wireOf } from '../support/read-recording.ts';
import { type RecordedDialect, type Recording, loadRecordings, recordingsMissing } from '../support/recordings.ts';
import { type SdkGateway, startSdkGateway } from '../support/sdk-gateway.ts';
import { splitsOf } from '../support/splits.ts';
import { JSON_HEADERS, SSE_HEADERS } from '../support/upstream.ts';

const skip = recordingsMissing();

interface Exception {
  readonly reads: Partial<Reading>;
  readonly why: string;
}

const UNBILLED: Exception = {
  reads: { usage: { input: 412, output: 264, cached: 0, reasoning: undefined } },
  why: 'the first model refused before it said anything, which is not billed and so not counted',
};

/** What reads otherwise than from the provider itself, how, and why. */
const EXCEPTIONS: ReadonlyMap<string, Exception> = new Map([
  ['anthropic/anthropic-fallback.json', UNBILLED],
  ['anthropic/anthropic-fallback.chunks.txt', UNBILLED],
  [
    'anthropic/anthropic-programmatic-tool-calling.1.json',
    {
      reads: { finish: 'tool_calls' },
      why: 'the answer has calls, which clients take for theirs to run; code that runs at the provider made them',
    },
  ],
]);

type Answered = Recording & { readonly kind: 'stream' | 'whole' };

const recordings = loadRecordings().filter(
  (recording): recording is Answered => recording.operation === 'chat' && recording.kind !== 'error',
);
const faithful = recordings.filter(({ faulty }) => faulty === undefined);

const CLIENTS: Readonly<Record<RecordedDialect, { readonly adapter: DialectAdapter; readonly body: JsonObject }>> = {
  // The client of the other dialect, asking for everything that the answer may have.
  anthropic: { adapter: openai, body: { stream_options: { include_usage: true } } },
  openai: { adapter: anthropic, body: { max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1024 } } },
};

/** By the table of the documentation, first what the provider says and then what the client reads. */
const FINISH: Readonly<Record<RecordedDialect, Readonly<Record<string, string>>>> = {
  anthropic: {
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    tool_use: 'tool_calls',
    pause_turn: 'stop',
    refusal: 'content_filter',
    compaction: 'stop',
  },
  openai: {
    stop: 'end_turn',
    length: 'max_tokens',
    tool_calls: 'tool_use',
    content_filter: 'refusal',
  },
};

function requestOf({ dialect, kind }: Answered): JsonObject {
  const { body } = CLIENTS[dialect];
  return { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...body, stream: kind === 'stream' };
}

/** The answer as the gateway writes it for a client of the other dialect. */
function cross(recording: Answered, reads: readonly Buffer[]): Buffer {
  const { adapter } = CLIENTS[recording.dialect];
  const context = {
    requestId: '0'.repeat(32),
    createdAt: 0,
    model: 'm',
    request: adapter.decode(requestOf(recording), {}),
  };
  const events = eventsOf(recording, reads);
  if (recording.kind === 'whole') return Buffer.from(JSON.stringify(adapter.encodeAnswer(events, context)));
  const encoder = adapter.streamEncoder(context);
  return Buffer.from([...events.map((event) => encoder.push([event])), encoder.end()].join(''));
}

function eventsOf(recording: Answered, reads: readonly Buffer[]): StreamEvent[] {
  const wire = wireOf(recording);
  const reshape = reshapeAnswer({ renamed: new Map(), answerTool: undefined });
  if (recording.kind === 'stream') return readStream(wire, reads).events.flatMap((event) => reshape(event));
  const body = parseExact(Buffer.concat(reads).toString());
  assert.ok(isJsonObject(body));
  return wire.answerEvents(body).flatMap((event) => reshape(event));
}

function clientOf({ dialect }: Recording): RecordedDialect {
  return dialect === 'openai' ? 'anthropic' : 'openai';
}

/** What has to be the same on both sides. */
function comparable({ calls, ...rest }: Reading): object {
  return { ...rest, calls: calls.map(({ id, name, value }) => ({ id, name, value })) };
}

function expected({ name, dialect }: Recording, reading: Reading): object {
  const finish = FINISH[dialect][reading.finish ?? ''];
  assert.ok(finish, `the table has no ${reading.finish}`);
  return { ...comparable({ ...reading, finish }), ...EXCEPTIONS.get(name)?.reads };
}

/** Where both sides have arguments as text, it is the same text; none at all is an empty object. */
function assertSameTexts(said: readonly ReadCall[], read: readonly ReadCall[]): void {
  for (const [at, { text }] of said.entries()) {
    const crossed = read[at]?.text;
    if (text !== undefined && text.trim() !== '' && crossed !== undefined) assert.equal(crossed, text);
  }
}

/** What the client's own helper makes of a stream, in the form of a whole answer. */
async function accumulated(dialect: RecordedDialect, crossed: Buffer): Promise<Buffer> {
  const frames = crossed.toString().matchAll(/^data: (\{.*\})$/gm);
  const lines = [...frames].map(([, data]) => `${data}\n`).join('');
  const stream = new Blob([lines]).stream();
  const final =
    dialect === 'openai'
      ? await ChatCompletionStream.fromReadableStream(stream).finalChatCompletion()
      : await MessageStream.fromReadableStream(stream).finalMessage();
  return Buffer.from(JSON.stringify(final));
}

/** OpenAI's helper replaces texts that it does not know instead of adding to them, and throws where an answer was cut. */
async function assertHelperReadsIt(dialect: RecordedDialect, crossed: Buffer, read: Reading): Promise<void> {
  if (dialect === 'openai' && read.finish !== 'stop' && read.finish !== 'tool_calls') return;
  const final = readPlainly(dialect, 'whole', await accumulated(dialect, crossed));
  const same = dialect === 'openai' ? { reasoning: '' } : {};
  assert.deepEqual({ ...comparable(final), ...same }, { ...comparable(read), ...same });
}

for (const dialect of ['anthropic', 'openai'] as const) {
  describe(`promise 2: recorded answers of ${dialect} through the crossing`, { skip }, () => {
    for (const recording of faithful.filter((each) => each.dialect === dialect)) {
      it(`${recording.name}: says the same`, async () => {
        const said = readPlainly(dialect, recording.kind, recording.bytes);
        const [first = [], ...others] = fc.sample(splitsOf(recording.bytes), { numRuns: 4, seed: 1 });
        const crossed = cross(recording, first);
        const read = readPlainly(clientOf(recording), recording.kind, crossed);
        assert.deepEqual(comparable(read), expected(recording, said));
        assertSameTexts(said.calls, read.calls);
        if (recording.kind === 'whole') return;
        for (const reads of others) assert.ok(cross(recording, reads).equals(crossed), 'another split, another answer');
        await assertHelperReadsIt(clientOf(recording), crossed, read);
      });
    }
  });
}

function idsAndFirst({ calls }: Reading): unknown[] {
  return [calls[0]?.value, calls.map(({ id }) => id)];
}

describe('promise 1: damaged recordings through the crossing', { skip }, () => {
  for (const recording of recordings.filter(({ faulty }) => faulty !== undefined)) {
    it(`${recording.name} (${recording.faulty}): says no more than there is`, () => {
      const said = readPlainly(recording.dialect, recording.kind, recording.bytes);
      const read = readPlainly(clientOf(recording), recording.kind, cross(recording, [recording.bytes]));
      // What was torn stays torn, and which piece belongs to which call is for nobody to say.
      assert.deepEqual(idsAndFirst(read), idsAndFirst(said));
      assert.deepEqual({ ...comparable(read), calls: [] }, { ...expected(recording, said), calls: [] });
    });
  }
});

/** One of each family and kind: what runs in the process is what runs behind the socket. */
const SPREAD: readonly string[] = [
  'anthropic/anthropic-text.json',
  'anthropic/anthropic-clear-thinking.1.chunks.txt',
  'anthropic/anthropic-tool-no-args.chunks.txt',
  'anthropic/anthropic-web-search-tool.1.chunks.txt',
  'anthropic/anthropic-json-other-tool.1.json',
  'openai/openai-text.json',
  'openai/openai-text.chunks.txt',
  'openai/azure-model-router.1.chunks.txt',
  'deepseek/deepseek-reasoning.chunks.txt',
  'deepseek/deepseek-tool-call.json',
  'groq/groq-tool-call.chunks.txt',
  'mistral/mistral-incremental-tool-call.chunks.txt',
  'alibaba/alibaba-reasoning.json',
  'moonshotai/moonshotai-stream.chunks.txt',
  'xai/xai-tool-call.chunks.txt',
];

function targetOf({ name, dialect }: Recording): string {
  if (dialect === 'anthropic') return 'claude/m';
  return name.startsWith('openai/') ? 'gpt/m' : 'server/m';
}

describe('recorded answers through a gateway on a socket', { skip }, () => {
  let crossing: SdkGateway;
  before(async () => {
    crossing = await startSdkGateway();
  });
  after(() => crossing.close());

  async function ask(recording: Recording, body: JsonObject): Promise<Response> {
    const { url, apiKey } = crossing.gateway;
    const path = recording.dialect === 'openai' ? '/v1/messages' : '/v1/chat/completions';
    const headers = { ...JSON_HEADERS, authorization: `Bearer ${apiKey}` };
    return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  for (const recording of faithful.filter(({ name }) => SPREAD.includes(name))) {
    it(`${recording.name}: comes as it is written in the process`, async () => {
      const [chunks = []] = fc.sample(splitsOf(recording.bytes), { numRuns: 1, seed: 2 });
      const headers = recording.kind === 'stream' ? SSE_HEADERS : JSON_HEADERS;
      crossing[recording.dialect === 'openai' ? 'gpt' : 'claude'].answer({ headers, chunks });
      const response = await ask(recording, { ...requestOf(recording), model: targetOf(recording) });
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.equal(response.status, 200, bytes.toString());
      const read = readPlainly(clientOf(recording), recording.kind, bytes);
      assert.deepEqual(
        comparable(read),
        expected(recording, readPlainly(recording.dialect, recording.kind, recording.bytes)),
      );
      const trace = await crossing.trace(response.headers);
      assert.deepEqual(
        [trace.status, trace.tokens.input, trace.tokens.output],
        ['completed', read.usage?.input, read.usage?.output],
      );
    });
  }

  for (const recording of loadRecordings().filter(({ kind }) => kind === 'error')) {
    it(`${recording.name}: is an error in the words of the provider and the shape of the client`, async () => {
      crossing.gpt.answer({ status: 400, headers: JSON_HEADERS, chunks: [recording.bytes] });
      const body = { model: targetOf(recording), max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
      const response = await ask(recording, body);
      const { error } = JSON.parse(recording.bytes.toString()) as { error: { message: string } };
      assert.equal(response.status, 400);
      const shown = (await response.json()) as { type: string; error: { type: string; message: string } };
      assert.deepEqual([shown.type, shown.error.type], ['error', 'invalid_request_error']);
      assert.ok(shown.error.message.includes(error.message), shown.error.message);
    });
  }
});

it('the spread has no recording that is not there', { skip }, () => {
  const names = new Set(faithful.map(({ name }) => name));
  assert.deepEqual(
    [...SPREAD, ...EXCEPTIONS.keys()].filter((name) => !names.has(name)),
    [],
  );
});
