import { type JsonObject, asString, isJsonObject } from '../../src/core/json.ts';
import {
  type KeepingUpstream,
  type Makes,
  bodyOf,
  events,
  formOf,
  json,
  newId,
  shownOf,
  startKeeping,
} from './keeping-upstream.ts';
import { SSE_HEADERS } from './upstream.ts';

/** A stand-in for OpenAI that keeps files, batches and responses, under `/v1` and under Azure's base path. */
export const startKeepingOpenAi = (): Promise<KeepingUpstream> => startKeeping(MAKES);

const MAKES: Makes = {
  '/images/edits': () => json({ created: 1, data: [{ b64_json: 'aGk=' }] }),
  '/files'(request, kept) {
    const { fields, file } = formOf(request);
    const id = newId('file-');
    const shape = { object: 'file', created_at: 1, status: 'processed', bytes: file.content.length };
    kept.set(id, { id, ...shape, filename: file.name, purpose: fields['purpose'] ?? '', content: file.content });
    return json(shownOf(kept.get(id) ?? {}));
  },
  '/batches'(request, kept) {
    const body = bodyOf(request);
    const [id, output] = [newId('batch_'), newId('file-')];
    kept.set(output, {
      id: output,
      object: 'file',
      purpose: 'batch_output',
      filename: 'out.jsonl',
      content: '{"ok":1}\n',
    });
    const state = { status: 'completed', output_file_id: output, error_file_id: null, created_at: 1 };
    kept.set(id, { id, object: 'batch', ...body, ...state });
    // What it will write is known only later.
    return json({ ...kept.get(id), status: 'validating', output_file_id: null });
  },
  '/responses'(request, kept) {
    const body = bodyOf(request);
    const response = responseOf(body);
    if (body['store'] !== false) for (const thing of thingsOf(response)) kept.set(asString(thing['id']) ?? '', thing);
    if (body['stream'] !== true) return json(response);
    const empty = { ...response, status: 'in_progress', output: [] };
    const output = response['output'] as JsonObject[];
    return events(
      { type: 'response.created', sequence_number: 0, response: empty },
      ...output.map((item, at) => ({
        type: 'response.output_item.done',
        sequence_number: at + 1,
        output_index: at,
        item,
      })),
      { type: 'response.completed', sequence_number: output.length + 1, response },
    );
  },
  '/chat/completions'(request, kept) {
    const { model = '', stream, modalities } = bodyOf(request);
    const audio = Array.isArray(modalities)
      ? { id: newId('audio_'), data: '', transcript: 'Hi', expires_at: 9 }
      : undefined;
    if (audio) kept.set(audio.id, audio);
    const shared = { id: newId('chatcmpl-'), created: 1, model };
    const said = { role: 'assistant', content: 'Hi', ...(audio && { audio }) };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    if (stream !== true) {
      const choices = [{ index: 0, message: said, finish_reason: 'stop', logprobs: null }];
      return json({ ...shared, object: 'chat.completion', choices, usage });
    }
    const chunk = { ...shared, object: 'chat.completion.chunk' };
    const chunks = [
      { ...chunk, choices: [{ index: 0, delta: said, finish_reason: null }] },
      { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { ...chunk, choices: [], usage },
    ];
    const frames = chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`);
    return { headers: SSE_HEADERS, chunks: [...frames, 'data: [DONE]\n\n'] };
  },
};

/** A response in whose course code ran, with what a real one repeats of its request. */
function responseOf({
  model = '',
  metadata = {},
  tools = [],
  background = false,
  store = true,
}: JsonObject): JsonObject {
  const ran = Array.isArray(tools) && tools.some((tool) => isJsonObject(tool) && tool['type'] === 'code_interpreter');
  const code = {
    id: newId('ci_'),
    type: 'code_interpreter_call',
    container_id: newId('cntr_'),
    code: '1',
    outputs: [],
  };
  const text = { type: 'output_text', text: 'Hi', annotations: [], logprobs: [] };
  const message = { id: newId('msg_'), type: 'message', role: 'assistant', status: 'completed', content: [text] };
  const usage = {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  };
  return {
    id: newId('resp_'),
    object: 'response',
    created_at: 1,
    status: background === true ? 'queued' : 'completed',
    model,
    metadata,
    tools,
    background,
    store,
    usage,
    error: null,
    incomplete_details: null,
    instructions: null,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    top_p: 1,
    output: ran ? [code, message] : [message],
  };
}

function thingsOf(response: JsonObject): JsonObject[] {
  const output = response['output'] as JsonObject[];
  const containers = output.flatMap(({ container_id: id }) => (id === undefined ? [] : [{ id }]));
  return [response, ...output, ...containers];
}
