import type { Needs } from '../../../core/inference/needs.ts';
import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

const THINKING: ReadonlySet<unknown> = new Set(['enabled', 'adaptive', 'between_tools']);

type Found = { -readonly [K in 'vision' | 'documents' | 'parallelTools']: Needs[K] };

/** What a Messages body asks of its target. Looks at the type of each block and at nothing inside, and never throws. */
export function readNeeds(body: JsonObject): Needs {
  const choice = body['tool_choice'];
  const config = body['output_config'];
  const found: Found = {
    vision: false,
    documents: false,
    parallelTools: isJsonObject(choice) && choice['disable_parallel_tool_use'] === false,
  };
  const messages = Array.isArray(body['messages']) ? body['messages'] : [];
  for (const message of messages) if (isJsonObject(message)) readMessage(message, found);
  const last = messages.at(-1);
  return {
    streaming: body['stream'] === true,
    tools: Array.isArray(body['tools']) && body['tools'].length > 0,
    parallelTools: found.parallelTools,
    vision: found.vision,
    documents: found.documents,
    audioInput: false,
    audioOutput: false,
    jsonSchema: isJsonObject(body['output_format']) || (isJsonObject(config) && isJsonObject(config['format'])),
    reasoning: asksToThink(body['thinking']),
    prefill: isJsonObject(last) && last['role'] === 'assistant',
    outputTokens: typeof body['max_tokens'] === 'number' ? body['max_tokens'] : undefined,
  };
}

function asksToThink(thinking: Json | undefined): boolean {
  return isJsonObject(thinking) && THINKING.has(thinking['type']);
}

function readMessage(message: JsonObject, found: Found): void {
  if (readBlocks(message['content'], found) > 1) found.parallelTools = true;
}

/**
 * How many of the blocks are tool calls.
 * @param deeper how many levels of blocks there may be inside: an image in a document in a tool's result, and no more
 */
function readBlocks(blocks: Json | undefined, found: Found, deeper = 2): number {
  if (!Array.isArray(blocks)) return 0;
  let calls = 0;
  for (const block of blocks) {
    if (!isJsonObject(block)) continue;
    switch (block['type']) {
      case 'tool_use':
        calls += 1;
        break;
      case 'image':
        found.vision = true;
        break;
      case 'document':
        found.documents = true;
        // A document that is made of blocks may have images.
        if (deeper > 0 && isJsonObject(block['source'])) readBlocks(block['source']['content'], found, deeper - 1);
        break;
      case 'tool_result':
        if (deeper > 0) readBlocks(block['content'], found, deeper - 1);
        break;
      default:
    }
  }
  return calls;
}
