import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../src/core/json.ts';

/** The texts of a request; what is left out is not there. */
export interface GuardTexts {
  readonly user: string;
  readonly system?: string | undefined;
  /** A value in the arguments of an earlier call of a tool. */
  readonly argument?: Json | undefined;
  /** What that call brought. */
  readonly result?: string | undefined;
  readonly retrieved?: string | undefined;
  /** The answer has to be as this says. */
  readonly schema?: JsonObject | undefined;
}

/** What an answer says, in no dialect. */
export interface GuardParts {
  readonly text: string;
  readonly refusal: string;
  /** Arguments of calls, as values. */
  readonly calls: readonly (Json | undefined)[];
  readonly stop: string | undefined;
}

const PARAMETERS = { type: 'object', properties: { value: {} } };
const TOOL = { name: 'send', description: 'Sends.', parameters: PARAMETERS };

/** The objects of a stream of events, or the one body. */
export function objectsIn(raw: string): JsonObject[] {
  if (raw.trimStart().startsWith('{')) return [parseJson(raw)].filter((one) => isJsonObject(one));
  return raw.split(/\r?\n/).flatMap((line) => {
    const json = line.startsWith('data: ') ? parseJson(line.slice(6)) : undefined;
    return isJsonObject(json) ? [json] : [];
  });
}

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
export const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
export const text = (value: Json | undefined): string => asString(value) ?? '';
const parsed = (pieces: Iterable<string>): (Json | undefined)[] => [...pieces].map((piece) => parseJson(piece || '{}'));

function hasTurn({ argument, result }: GuardTexts): boolean {
  return argument !== undefined || result !== undefined;
}

const FIRST = 'Go on.';

export function chatRequest(model: string, texts: GuardTexts, isStream: boolean): JsonObject {
  const { user, system, argument = 'x', result = 'done', schema } = texts;
  const call = {
    id: 'c1',
    type: 'function',
    function: { name: 'send', arguments: JSON.stringify({ value: argument }) },
  };
  return {
    model,
    ...(isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
    messages: [
      ...(system === undefined ? [] : [{ role: 'system', content: system }]),
      ...(hasTurn(texts)
        ? [
            { role: 'user', content: FIRST },
            { role: 'assistant', content: null, tool_calls: [call] },
            { role: 'tool', tool_call_id: 'c1', content: result },
          ]
        : []),
      { role: 'user', content: user },
    ],
    tools: [{ type: 'function', function: TOOL }],
    ...(schema ? { response_format: { type: 'json_schema', json_schema: { name: 's', schema } } } : {}),
  };
}

export function readChat(raw: string): GuardParts {
  const said = { text: '', refusal: '' };
  const calls = new Map<string, string>();
  let stop: string | undefined;
  for (const frame of objectsIn(raw)) {
    for (const choice of list(frame['choices'])) {
      const delta = object(choice['message'] ?? choice['delta']);
      said.text += text(delta['content']) + text(choice['text']);
      said.refusal += text(delta['refusal']);
      for (const [at, call] of list(delta['tool_calls']).entries()) {
        const key = JSON.stringify(call['index'] ?? at);
        calls.set(key, (calls.get(key) ?? '') + text(object(call['function'])['arguments']));
      }
      stop = asString(choice['finish_reason']) ?? stop;
    }
  }
  return { ...said, calls: parsed(calls.values()), stop };
}

export function responsesRequest(model: string, texts: GuardTexts, isStream: boolean): JsonObject {
  const { user, system, argument = 'x', result = 'done', retrieved, schema } = texts;
  const found = { filename: 'a.txt', score: 0.5, text: retrieved ?? '' };
  return {
    model,
    store: false,
    ...(isStream ? { stream: true } : {}),
    ...(system === undefined ? {} : { instructions: system }),
    input: [
      ...(retrieved === undefined
        ? []
        : [{ type: 'file_search_call', id: 's1', status: 'completed', queries: ['q'], results: [found] }]),
      ...(hasTurn(texts)
        ? [
            { role: 'user', content: FIRST },
            { type: 'function_call', call_id: 'c1', name: 'send', arguments: JSON.stringify({ value: argument }) },
            { type: 'function_call_output', call_id: 'c1', output: result },
          ]
        : []),
      { role: 'user', content: [{ type: 'input_text', text: user }] },
    ],
    tools: [{ type: 'function', ...TOOL, strict: false }],
    ...(schema ? { text: { format: { type: 'json_schema', name: 's', schema } } } : {}),
  };
}

const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/** The text as it streamed, the rest as the last event has it. */
export function readResponses(raw: string): GuardParts {
  const frames = objectsIn(raw);
  const isStream = !raw.trimStart().startsWith('{');
  const last = isStream ? object(frames.find(({ type }) => TERMINAL.has(text(type)))?.['response']) : frames[0];
  const parts = list(last?.['output']).flatMap(({ content }) => list(content));
  const deltas = (type: string) => frames.filter((frame) => frame['type'] === type).map(({ delta }) => text(delta));
  const calls = list(last?.['output']).filter(({ type }) => type === 'function_call');
  const reason = asString(object(last?.['incomplete_details'])['reason']);
  return {
    text: isStream
      ? deltas('response.output_text.delta').join('')
      : parts.map((part) => (part['type'] === 'output_text' ? text(part['text']) : '')).join(''),
    refusal: parts.map((part) => text(part['refusal'])).join(''),
    calls: parsed(calls.map((call) => text(call['arguments']))),
    stop: reason ?? asString(last?.['status']),
  };
}

export function messagesRequest(model: string, texts: GuardTexts, isStream: boolean): JsonObject {
  const { user, system, argument = 'x', result = 'done', retrieved, schema } = texts;
  const source = { type: 'text', media_type: 'text/plain', data: retrieved ?? '' };
  return {
    model,
    max_tokens: 100,
    ...(isStream ? { stream: true } : {}),
    ...(system === undefined ? {} : { system }),
    messages: [
      ...(hasTurn(texts)
        ? [
            { role: 'user', content: FIRST },
            { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'send', input: { value: argument } }] },
          ]
        : []),
      {
        role: 'user',
        content: [
          ...(hasTurn(texts) ? [{ type: 'tool_result', tool_use_id: 'c1', content: result }] : []),
          ...(retrieved === undefined ? [] : [{ type: 'document', source }]),
          { type: 'text', text: user },
        ],
      },
    ],
    tools: [{ name: 'send', description: 'Sends.', input_schema: PARAMETERS }],
    ...(schema ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
  };
}

export function readMessages(raw: string): GuardParts {
  const said = { text: '', refusal: '' };
  const calls = new Map<string, string>();
  let stop: string | undefined;
  for (const frame of objectsIn(raw)) {
    const index = JSON.stringify(frame['index'] ?? 0);
    const delta = object(frame['delta']);
    const block = object(frame['content_block']);
    said.text += text(delta['text']);
    if (block['type'] === 'tool_use') calls.set(index, '');
    if (typeof delta['partial_json'] === 'string') calls.set(index, (calls.get(index) ?? '') + delta['partial_json']);
    for (const [at, one] of list(frame['content']).entries()) {
      said.text += text(one['text']);
      if (one['type'] === 'tool_use') calls.set(`${at}`, JSON.stringify(one['input']));
    }
    stop = asString(delta['stop_reason']) ?? asString(frame['stop_reason']) ?? stop;
  }
  return { ...said, calls: parsed(calls.values()), stop };
}

export function geminiRequest(_model: string, texts: GuardTexts): JsonObject {
  const { user, system, argument = 'x', result = 'done', schema } = texts;
  return {
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    contents: [
      ...(hasTurn(texts)
        ? [
            { role: 'user', parts: [{ text: FIRST }] },
            { role: 'model', parts: [{ functionCall: { name: 'send', args: { value: argument } } }] },
            { role: 'user', parts: [{ functionResponse: { name: 'send', response: { output: result } } }] },
          ]
        : []),
      { role: 'user', parts: [{ text: user }] },
    ],
    tools: [{ functionDeclarations: [TOOL] }],
    ...(schema ? { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } } : {}),
  };
}

export function readGemini(raw: string): GuardParts {
  let said = '';
  const calls: (Json | undefined)[] = [];
  let stop: string | undefined;
  for (const frame of objectsIn(raw)) {
    for (const candidate of list(frame['candidates'])) {
      for (const part of list(object(candidate['content'])['parts'])) {
        said += text(part['text']);
        if (isJsonObject(part['functionCall'])) calls.push(part['functionCall']['args']);
      }
      stop = asString(candidate['finishReason']) ?? stop;
    }
  }
  return { text: said, refusal: '', calls, stop };
}
