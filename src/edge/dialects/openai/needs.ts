import type { Needs } from '../../../core/inference/needs.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

type Found = { -readonly [K in 'vision' | 'documents' | 'audioInput' | 'parallelTools']: Needs[K] };

/** What a chat body asks of its target. Looks at the type of each part and at nothing inside, and never throws. */
export function readNeeds(body: JsonObject): Needs {
  const found: Found = {
    vision: false,
    documents: false,
    audioInput: false,
    parallelTools: body['parallel_tool_calls'] === true,
  };
  const messages = Array.isArray(body['messages']) ? body['messages'] : [];
  for (const message of messages) if (isJsonObject(message)) readMessage(message, found);
  const format = body['response_format'];
  return {
    streaming: body['stream'] === true,
    tools: hasItems(body['tools']) || hasItems(body['functions']),
    parallelTools: found.parallelTools,
    vision: found.vision,
    documents: found.documents,
    audioInput: found.audioInput,
    audioOutput: Array.isArray(body['modalities']) && body['modalities'].includes('audio'),
    jsonSchema: isJsonObject(format) && format['type'] === 'json_schema',
    reasoning: asksToThink(body),
    prefill: isPrefill(messages.at(-1)),
    outputTokens: tokens(body['max_completion_tokens']) ?? tokens(body['max_tokens']),
  };
}

function readMessage(message: JsonObject, found: Found): void {
  const calls = message['tool_calls'];
  if (Array.isArray(calls) && calls.length > 1) found.parallelTools = true;
  const content = message['content'];
  if (!Array.isArray(content)) return;
  for (const part of content) {
    if (!isJsonObject(part)) continue;
    switch (part['type']) {
      case 'image_url':
        found.vision = true;
        break;
      case 'file':
        found.documents = true;
        break;
      case 'input_audio':
        found.audioInput = true;
        break;
      default:
    }
  }
}

function asksToThink(body: JsonObject): boolean {
  const effort = body['reasoning_effort'];
  if (typeof effort === 'string') return effort !== 'none';
  const thinking = body['thinking'];
  return isJsonObject(thinking) && (thinking['type'] === 'enabled' || thinking['type'] === 'adaptive');
}

/** The assistant's, and not one that only waits for the results of its calls. */
function isPrefill(last: Json | undefined): boolean {
  return (
    isJsonObject(last) &&
    last['role'] === 'assistant' &&
    !hasItems(last['tool_calls']) &&
    !isJsonObject(last['function_call'])
  );
}

function hasItems(list: Json | undefined): boolean {
  return Array.isArray(list) && list.length > 0;
}

function tokens(value: Json | undefined): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
