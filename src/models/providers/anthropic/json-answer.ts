import type { ResponseFormat } from '../../../core/inference/request.ts';
import type { Translation } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { strictSchema } from './strict-schema.ts';
import { wireToolName } from './tool-names.ts';

/** How the model is brought to answer in JSON; at most one of them is set. */
export interface JsonAnswer {
  /** `output_config.format`. */
  readonly format?: JsonObject;
  /** A tool whose arguments are the answer. */
  readonly tool?: JsonObject;
  /** What the system prompt says at its end. */
  readonly instruction?: string;
}

const ASK = 'Answer with one valid JSON object and nothing else: no words around it and no code fence.';
const TOOL_NAME = 'json_answer';
const TOOL_DESCRIPTION = 'Gives your whole answer to the user. Call it once, as your last step.';

type SchemaFormat = Extract<ResponseFormat, { type: 'json-schema' }>;

/** @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (checked 2026-11-21) */
export function jsonAnswer(translation: Translation, capabilities: Capabilities | undefined): JsonAnswer {
  const { responseFormat: format } = translation.request;
  if (!format) return {};
  if (format.type === 'json') {
    translation.lose('json-object');
    return { instruction: ASK };
  }
  const strict = capabilities?.jsonSchema === false ? undefined : strictSchema(format.schema);
  if (strict) {
    if (strict.loosened) translation.lose('json-schema');
    return { format: { type: 'json_schema', schema: strict.schema } };
  }
  return loose(format, translation, capabilities);
}

/** Where the schema, or the model, does not go with constrained decoding. */
function loose(format: SchemaFormat, translation: Translation, capabilities: Capabilities | undefined): JsonAnswer {
  const { toolChoice } = translation.request;
  const isObject = format.schema['type'] === 'object';
  // A call that the client demands is the answer; the schema is for a later turn.
  const isCallDemanded = toolChoice?.type === 'required' || toolChoice?.type === 'tool' || isAllowedOnly(toolChoice);
  if (isCallDemanded || !isObject || capabilities?.forcedTools === false || capabilities?.tools === false) {
    translation.lose('json-schema', 'is asked for in the system prompt and not enforced');
    return { instruction: `${ASK} It has to be valid by this JSON Schema:\n${JSON.stringify(format.schema)}` };
  }
  translation.lose('json-schema', 'becomes the parameters of a tool whose call is the answer, and is not enforced');
  const description = [TOOL_DESCRIPTION, format.description].filter(Boolean).join(' ');
  return { tool: { name: freeName(translation), description, input_schema: format.schema } };
}

function isAllowedOnly(choice: { readonly type: string; readonly required?: boolean } | undefined): boolean {
  return choice?.type === 'allowed' && choice.required === true;
}

function freeName({ request }: Translation): string {
  const taken = new Set(request.tools.map(({ name }) => wireToolName(name)));
  let name = TOOL_NAME;
  for (let again = 2; taken.has(name); again += 1) name = `${TOOL_NAME}_${again}`;
  return name;
}
