import type { Json, JsonObject } from '../../src/core/json.ts';
import type { TextSlot } from '../../src/pipeline/guards/slots/slot.ts';

export type Planted = Pick<TextSlot, 'place' | 'role' | 'message' | 'text'>;
/** A text of the test for a place in a request. */
export type Planter = (place: Planted['place'], role: Planted['role'], message: number) => string;

function schema(plant: Planter): JsonObject {
  return {
    type: 'object',
    description: plant('input', 'none', -1),
    properties: {
      one: { type: 'string', description: plant('input', 'none', -1), enum: [plant('input', 'none', -1)] },
      many: { type: 'array', items: { anyOf: [{ type: 'string', title: plant('input', 'none', -1) }] } },
    },
    $defs: { two: { const: plant('input', 'none', -1) } },
  };
}

export function openAiChat(plant: Planter): JsonObject {
  const argued = (): string =>
    JSON.stringify({ deep: [{ [plant('tool-arguments', 'assistant', 2)]: plant('tool-arguments', 'assistant', 2) }] });
  return {
    model: 'm',
    messages: [
      { role: 'developer', content: [{ type: 'text', text: plant('input', 'system', 0) }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: plant('input', 'user', 1) },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'text', text: plant('input', 'user', 1) },
        ],
      },
      {
        role: 'assistant',
        content: plant('input', 'assistant', 2),
        refusal: plant('input', 'assistant', 2),
        reasoning_content: plant('input', 'assistant', 2),
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: {
              name: 'f',
              arguments: argued(),
              parsed_arguments: { a: plant('tool-arguments', 'assistant', 2) },
            },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: plant('tool-results', 'tool', 3) },
      { role: 'user', content: plant('input', 'user', 4) },
    ],
    tools: [
      { type: 'function', function: { name: 'f', description: plant('input', 'none', -1), parameters: schema(plant) } },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 's', description: plant('input', 'none', -1), schema: schema(plant) },
    },
    prediction: { type: 'content', content: plant('input', 'none', -1) },
  };
}

export function openAiFunctions(plant: Planter): JsonObject {
  return {
    model: 'm',
    messages: [
      { role: 'system', content: plant('input', 'system', 0) },
      { role: 'user', content: plant('input', 'user', 1) },
      {
        role: 'assistant',
        content: null,
        function_call: { name: 'f', arguments: `{"a":${JSON.stringify(plant('tool-arguments', 'assistant', 2))}}` },
      },
      { role: 'function', name: 'f', content: plant('tool-results', 'tool', 3) },
    ],
    functions: [{ name: 'f', description: plant('input', 'none', -1), parameters: schema(plant) }],
  };
}

/** What only providers of OpenAI's own API are sent. */
export function openAiRelayed(plant: Planter): JsonObject {
  return {
    model: 'm',
    messages: [
      { role: 'user', content: [{ type: 'file', file: { file_id: 'f', filename: plant('input', 'user', 0) } }] },
      {
        role: 'assistant',
        content: [{ type: 'refusal', refusal: plant('input', 'assistant', 1) }],
        tool_calls: [
          { id: 'c1', type: 'custom', custom: { name: 'c', input: plant('tool-arguments', 'assistant', 1) } },
          // Cut off, as a model that came to its limit leaves it.
          {
            id: 'c2',
            type: 'function',
            function: {
              name: 'f',
              arguments: `{"a": "${plant('tool-arguments', 'assistant', 1).replaceAll(/["\\]/g, '')}`,
            },
          },
        ],
        parsed: { a: [plant('input', 'assistant', 1)] },
      },
      { role: 'user', content: 'x' },
    ],
    tools: [{ type: 'custom', custom: { name: 'c', description: plant('input', 'none', -1) } }],
  };
}

export function responses(plant: Planter): JsonObject {
  return {
    model: 'm',
    instructions: plant('input', 'system', -1),
    input: [
      { role: 'developer', content: plant('input', 'system', 0) },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: plant('input', 'user', 1) }] },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: plant('input', 'assistant', 2) }] },
      {
        type: 'function_call',
        call_id: 'c1',
        name: 'f',
        arguments: JSON.stringify({ a: plant('tool-arguments', 'assistant', 3) }),
      },
      { type: 'function_call_output', call_id: 'c1', output: plant('tool-results', 'tool', 4) },
      { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{}' },
      {
        type: 'function_call_output',
        call_id: 'c2',
        output: [{ type: 'input_text', text: plant('tool-results', 'tool', 6) }],
      },
      { role: 'assistant', content: [{ type: 'output_text', text: plant('input', 'assistant', 7) }] },
      { role: 'user', content: plant('input', 'user', 8) },
    ],
    tools: [{ type: 'function', name: 'f', description: plant('input', 'none', -1), parameters: schema(plant) }],
    text: { format: { type: 'json_schema', name: 's', schema: schema(plant) } },
  };
}

export function responsesRelayed(plant: Planter): JsonObject {
  return {
    model: 'm',
    input: [
      { type: 'custom_tool_call', call_id: 'c1', name: 'c', input: plant('tool-arguments', 'assistant', 0) },
      { type: 'custom_tool_call_output', call_id: 'c1', output: plant('tool-results', 'tool', 1) },
      {
        type: 'mcp_call',
        id: 'm1',
        name: 'f',
        arguments: JSON.stringify([plant('tool-arguments', 'assistant', 2)]),
        output: plant('tool-results', 'tool', 2),
      },
      {
        type: 'file_search_call',
        id: 's1',
        queries: [plant('tool-arguments', 'assistant', 3)],
        results: [{ file_id: 'f', text: plant('retrieved', 'tool', 3) }],
      },
      {
        type: 'shell_call_output',
        call_id: 'c2',
        output: [{ stdout: plant('tool-results', 'tool', 4), outcome: { type: 'exit' } }],
      },
      { role: 'user', content: [{ type: 'input_file', filename: plant('input', 'user', 5), file_id: 'f' }] },
    ],
  };
}

export function anthropic(plant: Planter): JsonObject {
  return {
    model: 'm',
    max_tokens: 5,
    system: [{ type: 'text', text: plant('input', 'system', -1) }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: plant('input', 'user', 0) },
          {
            type: 'document',
            title: plant('retrieved', 'tool', 0),
            context: plant('retrieved', 'tool', 0),
            source: { type: 'text', media_type: 'text/plain', data: plant('retrieved', 'tool', 0) },
          },
          {
            type: 'document',
            source: { type: 'content', content: [{ type: 'text', text: plant('retrieved', 'tool', 0) }] },
          },
          {
            type: 'search_result',
            title: plant('retrieved', 'tool', 0),
            source: plant('retrieved', 'tool', 0),
            content: [{ type: 'text', text: plant('retrieved', 'tool', 0) }],
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: plant('input', 'assistant', 1), signature: '' },
          { type: 'text', text: plant('input', 'assistant', 1) },
          {
            type: 'tool_use',
            id: 't1',
            name: 'f',
            input: { [plant('tool-arguments', 'assistant', 1)]: [{ a: plant('tool-arguments', 'assistant', 1) }] },
          },
          {
            type: 'server_tool_use',
            id: 't2',
            name: 'web_search',
            input: { query: plant('tool-arguments', 'assistant', 1) },
          },
          {
            type: 'mcp_tool_result',
            tool_use_id: 't2',
            is_error: false,
            content: [{ type: 'text', text: plant('tool-results', 'tool', 1) }],
          },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 't1',
            content: [
              { type: 'text', text: plant('tool-results', 'tool', 2) },
              {
                type: 'search_result',
                title: 't',
                source: 's',
                content: [{ type: 'text', text: plant('retrieved', 'tool', 2) }],
              },
            ],
          },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't3', name: 'f', input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't3', content: plant('tool-results', 'tool', 4) }],
      },
      { role: 'user', content: plant('input', 'user', 5) },
    ],
    tools: [
      {
        name: 'f',
        description: plant('input', 'none', -1),
        input_schema: schema(plant),
        input_examples: [{ a: plant('input', 'none', -1) }],
      },
    ],
  };
}

export function gemini(plant: Planter): JsonObject {
  return {
    systemInstruction: { parts: [{ text: plant('input', 'system', -1) }] },
    contents: [
      {
        role: 'user',
        parts: [{ text: plant('input', 'user', 0) }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
      },
      {
        role: 'model',
        parts: [
          { text: plant('input', 'assistant', 1), thought: true },
          { text: plant('input', 'assistant', 1) },
          { functionCall: { name: 'f', args: { deep: { a: [plant('tool-arguments', 'assistant', 1)] } } } },
        ],
      },
      {
        role: 'user',
        parts: [{ functionResponse: { name: 'f', response: { output: plant('tool-results', 'tool', 2) } } }],
      },
      { parts: { text: plant('input', 'user', 3) } },
    ],
    tools: [
      {
        functionDeclarations: [
          { name: 'f', description: plant('input', 'none', -1), parametersJsonSchema: schema(plant) },
        ],
      },
    ],
    generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema(plant) },
  };
}

/** The other form of every name. */
export function snakeGemini(plant: Planter): JsonObject {
  return {
    system_instruction: { parts: [{ text: plant('input', 'system', -1) }] },
    contents: [
      { role: 'user', parts: [{ text: plant('input', 'user', 0) }] },
      {
        role: 'model',
        parts: [{ function_call: { name: 'f', args: { a: plant('tool-arguments', 'assistant', 1) } } }],
      },
      {
        role: 'user',
        parts: [{ function_response: { name: 'f', response: { b: plant('tool-results', 'tool', 2) } } }],
      },
    ],
    tools: {
      function_declarations: {
        name: 'f',
        description: plant('input', 'none', -1),
        parameters_json_schema: schema(plant),
      },
    },
    generation_config: { response_mime_type: 'application/json', response_json_schema: schema(plant) },
  };
}

export function embedded(plant: Planter): Json[] {
  return [
    { content: { parts: [{ text: plant('input', 'none', -1) }] }, title: plant('input', 'none', -1) },
    { content: { parts: { text: plant('input', 'none', -1) } } },
  ];
}
