import { EFFORTS, type ReasoningRequest, type ResponseFormat } from '../../../core/inference/request.ts';
import { type Fields, given } from '../decoding/fields.ts';

/** @see https://platform.openai.com/docs/guides/structured-outputs (checked 2026-11-21) */
export function decodeFormat(body: Fields): ResponseFormat | undefined {
  const format = body.object('response_format');
  if (!format) return undefined;
  const type = format.requiredOneOf('type', ['text', 'json_object', 'json_schema']);
  const decoded = type === 'json_schema' ? schemaFormat(format.requiredObject('json_schema')) : plainFormat(type);
  format.close();
  if (decoded) body.uses(decoded.type === 'json' ? 'json-object' : 'json-schema', 'response_format');
  return decoded;
}

function plainFormat(type: 'text' | 'json_object'): ResponseFormat | undefined {
  return type === 'text' ? undefined : { type: 'json' };
}

/** Without a schema it asks for JSON of any shape. */
function schemaFormat(described: Fields): ResponseFormat {
  const name = described.requiredText('name');
  const description = described.text('description');
  const strict = described.flag('strict');
  const schema = described.has('schema') ? described.requiredJson('schema') : undefined;
  described.close();
  return schema ? { type: 'json-schema', name, schema, ...given({ description, strict }) } : { type: 'json' };
}

/**
 * `reasoning_effort`, and `thinking` as clients of this API send it to models that are told a budget.
 * @see https://platform.openai.com/docs/guides/reasoning (checked 2026-11-21)
 */
export function decodeReasoning(body: Fields): ReasoningRequest | undefined {
  const thinking = readThinking(body);
  const effort = body.oneOf('reasoning_effort', EFFORTS);
  if (effort === 'none') {
    body.uses('reasoning-off', 'reasoning_effort');
    return { enabled: false };
  }
  if (effort !== undefined) body.uses('reasoning-effort', 'reasoning_effort');
  return thinking || effort !== undefined ? { ...thinking, ...given({ effort }) } : undefined;
}

function readThinking(body: Fields): ReasoningRequest | undefined {
  const thinking = body.object('thinking');
  if (!thinking) return undefined;
  const type = thinking.requiredOneOf('type', ['enabled', 'disabled', 'adaptive']);
  const budgetTokens = type === 'enabled' ? thinking.count('budget_tokens') : undefined;
  thinking.close();
  if (type === 'disabled') {
    thinking.uses('reasoning-off', 'type');
    return { enabled: false };
  }
  if (budgetTokens !== undefined) {
    thinking.uses('reasoning-budget', 'budget_tokens');
    return { enabled: true, budgetTokens };
  }
  // Without a budget it is the model that decides.
  thinking.uses('reasoning-adaptive', 'type');
  return { enabled: 'adaptive' };
}
