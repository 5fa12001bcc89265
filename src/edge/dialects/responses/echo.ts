import { type Json, type JsonObject, isJsonObject } from '../../../core/json.ts';

/**
 * What a response repeats of its request, with what the API says of fields that the request does not have. Null stands
 * where that would be the default of a model that is not OpenAI's.
 */
export function echoOf(body: JsonObject): JsonObject {
  const { user } = body;
  return {
    background: false,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: body['max_tool_calls'] ?? null,
    metadata: body['metadata'] ?? {},
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    prompt_cache_retention: body['prompt_cache_retention'] ?? null,
    reasoning: { effort: null, summary: null, ...objectOf(body['reasoning']) },
    safety_identifier: body['safety_identifier'] ?? null,
    service_tier: body['service_tier'] ?? 'auto',
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? null,
    text: { format: { type: 'text' }, ...objectOf(body['text']) },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: toolsOf(body['tools']),
    top_logprobs: body['top_logprobs'] ?? 0,
    top_p: body['top_p'] ?? null,
    truncation: body['truncation'] ?? 'disabled',
    ...(typeof user === 'string' ? { user } : {}),
  };
}

/** Fields that a tool may leave out and its echo has. */
function toolsOf(tools: Json | undefined): Json[] {
  const given = Array.isArray(tools) ? tools : [];
  return given.map((tool) =>
    isJsonObject(tool) ? { description: null, parameters: null, strict: null, ...tool } : tool,
  );
}

/** Without what is null, as for "not set". */
function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) : {};
}
