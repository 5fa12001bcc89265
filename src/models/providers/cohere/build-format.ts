import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { isHeldSchema } from './held-schema.ts';

export interface BuiltFormat {
  readonly fields: JsonObject;
  /** What the system message has to say. */
  readonly instruction?: string;
}

const ASK = 'Answer with one valid JSON object and nothing else: no words around it and no code fence.';
const BESIDE_TOOLS = 'is asked for in the system message and not enforced: Cohere has no JSON mode beside tools';

/**
 * An answer in JSON. A model that is held to it and not told so may write blanks without end, so it is told.
 * @see https://docs.cohere.com/v2/docs/structured-outputs (checked 2026-11-21)
 */
export function buildFormat(
  translation: Translation,
  capabilities: Capabilities | undefined,
  hasTools: boolean,
): BuiltFormat {
  const { responseFormat: format } = translation.request;
  if (!format) return { fields: {} };
  if (format.type === 'json') {
    if (hasTools) translation.lose('json-object');
    return { fields: hasTools ? {} : JSON_MODE, instruction: ASK };
  }
  const { schema } = format;
  if (!hasTools && capabilities?.jsonSchema !== false && isHeldSchema(schema)) {
    return { fields: { response_format: { type: 'json_object', json_schema: schema } }, instruction: ASK };
  }
  translation.lose('json-schema', hasTools ? BESIDE_TOOLS : undefined);
  const instruction = `${ASK} It has to be valid by this JSON Schema:\n${JSON.stringify(schema)}`;
  const isObject = schema['type'] === 'object';
  return { fields: hasTools || !isObject ? {} : JSON_MODE, instruction };
}

const JSON_MODE: JsonObject = { response_format: { type: 'json_object' } };
