import type { JsonObject } from '../../../core/json.ts';
import type { BuiltTools } from './build-tools.ts';
import type { Building } from './building.ts';
import { jsonSchema } from './json-schema.ts';

export interface BuiltFormat {
  /** Of `generationConfig`. */
  readonly fields: JsonObject;
  /** What the system instruction has to say. */
  readonly instruction?: string;
}

const ASK = 'Answer with one valid JSON object and nothing else: no words around it and no code fence.';
const BESIDE_TOOLS =
  'is asked for in the system instruction and not enforced: this model does not go with that beside these tools';

/**
 * An answer in JSON. Before Gemini 3 that is refused beside tools, and later where a call of one is demanded.
 * @see https://ai.google.dev/gemini-api/docs/structured-output (read in @ai-sdk/google 4.0.121, checked 2026-11-21)
 */
export function buildFormat({ translation, traits, capabilities }: Building, tools: BuiltTools): BuiltFormat {
  const { responseFormat: format } = translation.request;
  if (!format) return { fields: {} };
  const isTaken = !tools.offered || (traits.generation === 'from-3' && !tools.forced);
  if (format.type === 'json') {
    if (isTaken) return { fields: { responseMimeType: 'application/json' } };
    translation.lose('json-object');
    return { fields: {}, instruction: ASK };
  }
  const { schema, loosened } = jsonSchema(format.schema);
  if (isTaken && capabilities?.jsonSchema !== false) {
    if (loosened) translation.lose('json-schema');
    return { fields: { responseMimeType: 'application/json', responseJsonSchema: schema } };
  }
  translation.lose('json-schema', BESIDE_TOOLS);
  return {
    fields: {},
    instruction: `${ASK} It has to be valid by this JSON Schema:\n${JSON.stringify(format.schema)}`,
  };
}
