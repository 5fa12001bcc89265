import type { ResponseFormat } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';
import { isStrictSchema } from './strict-schema.ts';

export interface BuiltFormat {
  readonly fields: JsonObject;
  /** What the system prompt has to say, where the server cannot be told otherwise. */
  readonly instruction?: string;
}

const SCHEMA_NAME = 'answer';
const ASK = 'Answer with one valid JSON object and nothing else: no words around it and no code fence.';
const BY_INSTRUCTION = 'is asked for in the system prompt and not enforced: this provider takes no schema';
const WITHOUT_MODE = 'is asked for in the system prompt and not enforced: this provider has no JSON mode';

/** An answer in JSON. */
export function buildFormat(building: Building): BuiltFormat {
  const { responseFormat: format } = building.request;
  if (!format) return { fields: {} };
  return format.type === 'json' ? jsonMode(building) : bySchema(format, building);
}

function jsonMode(building: Building): BuiltFormat {
  if (building.quirks.jsonObject) return { fields: { response_format: { type: 'json_object' } } };
  building.note('json-object', WITHOUT_MODE);
  return { fields: {}, instruction: ASK };
}

function bySchema(format: Extract<ResponseFormat, { type: 'json-schema' }>, building: Building): BuiltFormat {
  const { name = SCHEMA_NAME, description, schema, strict = true } = format;
  const { jsonSchema, jsonObject } = building.quirks;
  if (jsonSchema === 'json-object-value') {
    return { fields: { response_format: { type: 'json_object', value: schema } } };
  }
  if (jsonSchema === 'json-object' || building.capabilities?.jsonSchema === false) {
    building.note('json-schema', BY_INSTRUCTION);
    const instruction = `${ASK} It has to be valid by this JSON Schema:\n${JSON.stringify(schema)}`;
    return { fields: jsonObject ? { response_format: { type: 'json_object' } } : {}, instruction };
  }
  const isHeld = strict && isStrictSchema(schema);
  if (strict && !isHeld) building.translation.lose('json-schema');
  const body = { name, ...(description === undefined ? {} : { description }), schema, ...(isHeld ? { strict } : {}) };
  return { fields: { response_format: { type: 'json_schema', json_schema: body } } };
}
