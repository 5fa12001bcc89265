import { noTools } from '../../../core/inference/demanded-tools.ts';
import type { FunctionTool, InferenceRequest } from '../../../core/inference/request.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Building } from './building.ts';
import { jsonSchema } from './json-schema.ts';
import { wireToolName } from './tool-names.ts';

export interface BuiltTools {
  /** `tools` and `toolConfig`. */
  readonly fields: JsonObject;
  readonly offered: boolean;
  /** The answer has to begin with a tool call. */
  readonly forced: boolean;
  /** Names that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * @throws capability_unsupported
 * @throws request_invalid where a call is demanded and there is no tool
 */
export function buildTools({ translation }: Building): BuiltTools {
  const { request } = translation;
  const offered = offeredTools(request);
  if (request.parallelToolCalls === false && offered.length > 0) translation.lose('parallel-tool-calls');
  const config = callingConfig(request, offered);
  const fields: JsonObject =
    offered.length === 0
      ? {}
      : {
          tools: [{ functionDeclarations: offered.map((tool) => declaration(tool, request)) }],
          ...(config ? { toolConfig: { functionCallingConfig: config } } : {}),
        };
  return {
    fields,
    offered: offered.length > 0,
    forced: config?.['mode'] === 'ANY',
    renamed: new Map(offered.flatMap(({ name }) => (wireToolName(name) === name ? [] : [[wireToolName(name), name]]))),
  };
}

/** A choice among some of the tools, of which none has to be called, leaves the others out. */
function offeredTools({ tools, toolChoice }: InferenceRequest): readonly FunctionTool[] {
  if (toolChoice?.type !== 'allowed') return tools;
  const names = new Set(toolChoice.names);
  const allowed = tools.filter(({ name }) => names.has(name));
  return toolChoice.required && allowed.length > 0 ? tools : allowed;
}

function declaration({ name, description, parameters }: FunctionTool, { fields }: InferenceRequest): JsonObject {
  if (parameters?.['type'] !== undefined && parameters['type'] !== 'object') {
    throw refusedField(
      fields.tools ?? 'tools',
      `has the tool "${name}", whose parameters are not an object; Gemini takes objects`,
    );
  }
  return {
    name: wireToolName(name),
    ...(description === undefined ? {} : { description }),
    // A function that takes nothing has no schema.
    ...(parameters && Object.keys(parameters).length > 0
      ? { parametersJsonSchema: jsonSchema({ type: 'object', ...parameters }).schema }
      : {}),
  };
}

/** `VALIDATED` holds calls to their schema and demands none. */
function callingConfig(request: InferenceRequest, offered: readonly FunctionTool[]): JsonObject | undefined {
  const { toolChoice } = request;
  const demanded = demandedNames(request);
  if (offered.length === 0) {
    if (demanded) throw noTools(request);
    return undefined;
  }
  if (demanded) return { mode: 'ANY', ...(demanded.length === 0 ? {} : { allowedFunctionNames: [...demanded] }) };
  if (toolChoice?.type === 'none') return { mode: 'NONE' };
  if (offered.some(({ strict }) => strict)) return { mode: 'VALIDATED' };
  return toolChoice ? { mode: 'AUTO' } : undefined;
}

/** Undefined where no call is demanded, empty where any will do. */
function demandedNames({ toolChoice }: InferenceRequest): readonly string[] | undefined {
  switch (toolChoice?.type) {
    case 'required':
      return [];
    case 'tool':
      return [wireToolName(toolChoice.name)];
    case 'allowed':
      return toolChoice.required ? toolChoice.names.map(wireToolName) : undefined;
    default:
      return undefined;
  }
}
