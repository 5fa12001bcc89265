import type { JsonObject } from '../../src/core/json.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { ANTHROPIC_BASE, ANTHROPIC_EXAMPLES } from './anthropic-field-examples.ts';
import type { Crossing } from './crossings.ts';
import { GEMINI_BASE, GEMINI_EXAMPLES } from './gemini-field-examples.ts';
import { OPENAI_BASE, OPENAI_EXAMPLES } from './openai-field-examples.ts';
import { RESPONSES_BASE, RESPONSES_EXAMPLES } from './responses-field-examples.ts';

/** In place of the usual example: where an approximation loses nothing of that, or it makes no request. */
interface Special {
  readonly body?: JsonObject;
  readonly capabilities?: Capabilities;
}

type Specials = Readonly<Record<string, Special>>;

interface Usual {
  readonly base: JsonObject;
  readonly examples: Readonly<Record<string, JsonObject>>;
}

const TEXT: JsonObject = { type: 'text', text: 'a' };
const HELLO: JsonObject = { role: 'user', content: 'hi' };

function fiveTimes(part: JsonObject): JsonObject {
  return { messages: [{ role: 'user', content: [part, part, part, part, part] }] };
}

const CACHED = fiveTimes({ ...TEXT, cache_control: { type: 'ephemeral' } });
const FUNCTION: JsonObject = { name: 'f', input_schema: { type: 'object' } };
const NO_SAMPLING: Special = { capabilities: { sampling: false } };

const FORCED: Specials = {
  'tool_choice (any)': { body: { tools: [FUNCTION], tool_choice: { type: 'any' } } },
  'tool_choice (tool)': { body: { tools: [FUNCTION], tool_choice: { type: 'tool', name: 'f' } } },
};

const OPENAI_TO_ANTHROPIC: Specials = {
  'messages[assistant] as the last': { body: { messages: [HELLO, { role: 'assistant', content: 'I say: ' }] } },
  'messages[].cache_control': { body: CACHED },
  'messages[].content[].cache_control': { body: CACHED },
  'messages[].content[].prompt_cache_breakpoint': {
    body: fiveTimes({ ...TEXT, prompt_cache_breakpoint: { mode: 'explicit' } }),
  },
  'tools[].cache_control': {
    body: {
      tools: ['a', 'b', 'c', 'd', 'e'].map((name) => ({
        type: 'function',
        function: { name },
        cache_control: { type: 'ephemeral' },
      })),
    },
  },
  'messages[].content[file].filename': {
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'file', file: { filename: 't'.repeat(501), file_data: 'data:application/pdf;base64,JVBERi0=' } },
          ],
        },
      ],
    },
  },
  'tools[function].strict': {
    body: {
      tools: [
        {
          type: 'function',
          function: { name: 'f', strict: true, parameters: { type: 'object', additionalProperties: true } },
        },
      ],
    },
  },
  temperature: { body: { temperature: 1.5 } },
  top_p: { body: { temperature: 0.5, top_p: 0.5 } },
  top_k: NO_SAMPLING,
  stop: { body: { stop: ['END', '\n'] } },
  'response_format (json_schema)': { capabilities: { jsonSchema: false } },
  'thinking (enabled) with budget_tokens': {
    body: { max_tokens: 5000, thinking: { type: 'enabled', budget_tokens: 9000 } },
  },
  'reasoning_effort (none)': { capabilities: { reasoningAlways: true } },
  'thinking (disabled)': { capabilities: { reasoningAlways: true } },
};

const ANTHROPIC_TO_OPENAI: Specials = {
  ...FORCED,
  max_tokens: { capabilities: { outputTokens: 4 } },
  temperature: NO_SAMPLING,
  top_p: NO_SAMPLING,
  stop_sequences: { body: { stop_sequences: ['a', 'b', 'c', 'd', 'e'] } },
  'thinking (disabled)': { capabilities: { reasoning: true, efforts: ['low', 'high'] } },
  'output_config.effort': { capabilities: { reasoning: true, efforts: ['low', 'high'] } },
};

const MODEL_BEGINS: JsonObject = { role: 'model', parts: [{ text: 'I say: ' }] };

function generation(generationConfig: JsonObject): JsonObject {
  return { generationConfig };
}

const GEMINI_TO_ANTHROPIC: Specials = {
  'contents[role=model] as the last': { body: { contents: [{ parts: [{ text: 'hi' }] }, MODEL_BEGINS] } },
  'contents[].parts[].inlineData.displayName': {
    body: {
      contents: [
        {
          parts: [{ inlineData: { mimeType: 'application/pdf', data: 'JVBERi0=', displayName: 't'.repeat(501) } }],
        },
      ],
    },
  },
  'generationConfig.temperature': { body: generation({ temperature: 1.5 }) },
  'generationConfig.topP': { body: generation({ temperature: 0.5, topP: 0.5 }) },
  'generationConfig.topK': NO_SAMPLING,
  'generationConfig.stopSequences': { body: generation({ stopSequences: ['END', '\n'] }) },
  'generationConfig.responseSchema': { capabilities: { jsonSchema: false } },
  'generationConfig.responseJsonSchema': { capabilities: { jsonSchema: false } },
  'generationConfig.thinkingConfig.thinkingBudget': {
    body: generation({ maxOutputTokens: 5000, thinkingConfig: { thinkingBudget: 9000 } }),
  },
  'generationConfig.thinkingConfig.thinkingBudget (0)': { capabilities: { reasoningAlways: true } },
};

const GEMINI_TO_OPENAI: Specials = {
  'generationConfig.maxOutputTokens': { capabilities: { outputTokens: 4 } },
  'generationConfig.temperature': NO_SAMPLING,
  'generationConfig.topP': NO_SAMPLING,
  'generationConfig.stopSequences': { body: generation({ stopSequences: ['a', 'b', 'c', 'd', 'e'] }) },
  'generationConfig.frequencyPenalty': NO_SAMPLING,
  'generationConfig.presencePenalty': NO_SAMPLING,
  'generationConfig.thinkingConfig.thinkingBudget (0)': {
    capabilities: { reasoning: true, efforts: ['low', 'high'] },
  },
  'generationConfig.thinkingConfig.thinkingLevel': {
    capabilities: { reasoning: true, efforts: ['medium', 'high'] },
  },
};

/** The usual example with another thing of the same kind in place of one that the target does not take. */
function swapped(body: JsonObject | undefined, from: JsonObject | string, to: JsonObject | string): Special {
  const text = JSON.stringify(body).replaceAll(JSON.stringify(from), JSON.stringify(to));
  return { body: JSON.parse(text) as JsonObject };
}

const PNG_DATA = 'data:image/png;base64,iVBORw0KGgo=';
const withImageData = (body: JsonObject | undefined): Special => swapped(body, 'https://example.com/a.png', PNG_DATA);
const withTextFile = (body: JsonObject | undefined): Special =>
  swapped(body, 'data:application/pdf;base64,JVBERi0=', 'data:text/plain;base64,YQ==');
const withTextBlock = (body: JsonObject | undefined): Special =>
  swapped(
    body,
    { type: 'base64', media_type: 'application/pdf', data: 'AA==' },
    { type: 'text', media_type: 'text/plain', data: 'a' },
  );
const withTextPart = (body: JsonObject | undefined): Special => swapped(body, 'application/pdf', 'text/plain');

function chosen(
  fields: readonly string[],
  examples: Usual['examples'],
  change: (body?: JsonObject) => Special,
): Specials {
  return Object.fromEntries(fields.map((field) => [field, change(examples[field])]));
}

const OPENAI_TO_CONVERSE = chosen(
  ['messages[].content[image_url].detail', 'messages[tool].content[image_url]'],
  OPENAI_EXAMPLES,
  withImageData,
);
const OPENAI_TO_COHERE = chosen(
  ['messages[].content[file].filename', 'messages[tool].content[file]'],
  OPENAI_EXAMPLES,
  withTextFile,
);
const RESPONSES_TO_CONVERSE = chosen(
  ['input[message].content[input_image].detail', 'input[function_call_output].output[input_image]'],
  RESPONSES_EXAMPLES,
  withImageData,
);
const RESPONSES_TO_COHERE = chosen(
  ['input[message].content[input_file].filename', 'input[function_call_output].output[input_file]'],
  RESPONSES_EXAMPLES,
  withTextFile,
);
const ANTHROPIC_TO_CONVERSE: Specials = {
  ...FORCED,
  'messages[].content[tool_result].content[image]': swapped(
    ANTHROPIC_EXAMPLES['messages[].content[tool_result].content[image]'],
    { type: 'url', url: 'u' },
    { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
  ),
  // What another provider sealed is left out.
  'messages[].content[redacted_thinking]': swapped(
    ANTHROPIC_EXAMPLES['messages[].content[redacted_thinking]'],
    'x',
    'converse:x',
  ),
};
const ANTHROPIC_TO_COHERE: Specials = {
  ...FORCED,
  ...chosen(
    [
      'messages[].content[document].title',
      'messages[].content[document].context',
      'messages[].content[document].citations',
      'messages[].content[tool_result].content[document]',
    ],
    ANTHROPIC_EXAMPLES,
    withTextBlock,
  ),
};
const GEMINI_TO_COHERE = chosen(
  ['contents[].parts[].inlineData.displayName', 'contents[].parts[].functionResponse.parts[] (application/pdf)'],
  GEMINI_EXAMPLES,
  withTextPart,
);

const USUAL: Readonly<Record<Crossing['from'], Usual>> = {
  openai: { base: OPENAI_BASE, examples: OPENAI_EXAMPLES },
  responses: { base: RESPONSES_BASE, examples: RESPONSES_EXAMPLES },
  anthropic: { base: ANTHROPIC_BASE, examples: ANTHROPIC_EXAMPLES },
  gemini: { base: GEMINI_BASE, examples: GEMINI_EXAMPLES },
};

type Way = `${Crossing['from']} to ${Crossing['to']}`;

/** Ways on which every approximation has an example that loses something. */
const WITH_LOSSES: Partial<Record<Way, Specials>> = {
  'openai to anthropic': OPENAI_TO_ANTHROPIC,
  'anthropic to openai': ANTHROPIC_TO_OPENAI,
  'gemini to openai': GEMINI_TO_OPENAI,
  'gemini to anthropic': GEMINI_TO_ANTHROPIC,
};

/** Ways on which the target may take as it is what an example has: the test of its table has a loss for each feature. */
const OTHERS: Partial<Record<Way, Specials>> = {
  'openai to converse': OPENAI_TO_CONVERSE,
  'openai to cohere': OPENAI_TO_COHERE,
  'responses to converse': RESPONSES_TO_CONVERSE,
  'responses to cohere': RESPONSES_TO_COHERE,
  'anthropic to gemini': FORCED,
  'anthropic to converse': ANTHROPIC_TO_CONVERSE,
  'anthropic to cohere': ANTHROPIC_TO_COHERE,
  'gemini to cohere': GEMINI_TO_COHERE,
};

export interface CrossingExamples extends Usual {
  readonly special: Specials;
  /** Every approximation has an example in which something is lost. */
  readonly hasLosses: boolean;
}

export function examplesOf({ from, to }: Crossing): CrossingExamples {
  const way: Way = `${from} to ${to}`;
  const lossy = WITH_LOSSES[way];
  return { ...USUAL[from], special: lossy ?? OTHERS[way] ?? {}, hasLosses: lossy !== undefined };
}
