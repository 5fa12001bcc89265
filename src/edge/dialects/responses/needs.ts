import type { Needs } from '../../../core/inference/needs.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

type Found = { -readonly [K in 'vision' | 'documents' | 'audioInput' | 'parallelTools']: Needs[K] };

/** What a request for a response asks of its target. Looks at the types of items and parts, and never throws. */
export function readNeeds(body: JsonObject): Needs {
  const found: Found = {
    vision: false,
    documents: false,
    audioInput: false,
    // OpenAI's own default is that calls may be parallel, so that only saying it asks for it.
    parallelTools: body['parallel_tool_calls'] === true,
  };
  const items = Array.isArray(body['input']) ? body['input'] : [];
  readItems(items, found);
  return {
    streaming: body['stream'] === true,
    tools: Array.isArray(body['tools']) && body['tools'].length > 0,
    parallelTools: found.parallelTools,
    vision: found.vision,
    documents: found.documents,
    audioInput: found.audioInput,
    audioOutput: false,
    jsonSchema: asksForSchema(body['text']),
    reasoning: asksToThink(body['reasoning']),
    prefill: isPrefill(items.at(-1)),
    outputTokens: tokens(body['max_output_tokens']),
  };
}

function readItems(items: readonly Json[], found: Found): void {
  let calls = 0;
  for (const item of items) {
    if (!isJsonObject(item)) continue;
    const type = item['type'];
    calls = type === 'function_call' ? calls + 1 : 0;
    if (calls > 1) found.parallelTools = true;
    readParts(type === 'function_call_output' ? item['output'] : item['content'], found);
  }
}

function readParts(content: Json | undefined, found: Found): void {
  if (!Array.isArray(content)) return;
  for (const part of content) {
    if (!isJsonObject(part)) continue;
    switch (part['type']) {
      case 'input_image':
        found.vision = true;
        break;
      case 'input_file':
        found.documents = true;
        break;
      case 'input_audio':
        found.audioInput = true;
        break;
      default:
    }
  }
}

function asksForSchema(text: Json | undefined): boolean {
  const format = isJsonObject(text) ? text['format'] : undefined;
  return isJsonObject(format) && format['type'] === 'json_schema';
}

function asksToThink(reasoning: Json | undefined): boolean {
  const effort = isJsonObject(reasoning) ? reasoning['effort'] : undefined;
  return typeof effort === 'string' && effort !== 'none';
}

/** A message of the assistant that is to be continued. */
function isPrefill(last: Json | undefined): boolean {
  return isJsonObject(last) && last['role'] === 'assistant';
}

function tokens(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
