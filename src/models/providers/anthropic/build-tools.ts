import { demandOf, noTools } from '../../../core/inference/demanded-tools.ts';
import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { type Translation, refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { cacheControl } from './build-blocks.ts';
import { strictSchema } from './strict-schema.ts';
import { wireToolName } from './tool-names.ts';

/** The tools of a request on the wire. */
export interface BuiltTools {
  readonly tools: JsonObject[];
  readonly choice: JsonObject | undefined;
  /** The answer has to begin with a tool call. */
  readonly forced: boolean;
  /** Names that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * @param answerTool a tool by which the model is made to answer, where there is one
 * @throws capability_unsupported, request_invalid
 */
export function buildTools(
  translation: Translation,
  capabilities: Capabilities | undefined,
  answerTool: JsonObject | undefined,
): BuiltTools {
  const { request } = translation;
  const offered = offeredTools(request);
  const tools = offered.map((tool) => buildTool(tool, translation, capabilities));
  const choice = answerTool ? answerChoice(answerTool, tools, request) : buildChoice(request, tools, capabilities);
  if (answerTool) tools.push(answerTool);
  else if (tools.length === 0) tools.push(...calledTools(request));
  return {
    tools,
    choice: choice ?? (offered.length === 0 && tools.length > 0 ? { type: 'none' } : undefined),
    forced: choice?.['type'] === 'any' || choice?.['type'] === 'tool',
    renamed: renamedTools(offered),
  };
}

/** A choice among some of the tools leaves the others out. */
function offeredTools({ tools, toolChoice }: InferenceRequest): readonly FunctionTool[] {
  if (toolChoice?.type !== 'allowed') return tools;
  const names = new Set(toolChoice.names);
  return tools.filter(({ name }) => names.has(name));
}

function buildTool(tool: FunctionTool, translation: Translation, capabilities: Capabilities | undefined): JsonObject {
  const { description, parameters, cache } = tool;
  if (parameters?.['type'] !== undefined && parameters['type'] !== 'object') {
    const field = translation.request.fields.tools ?? 'tools';
    throw refusedField(
      field,
      `has the tool "${tool.name}", whose parameters are not an object; Anthropic takes objects`,
    );
  }
  const strict = tool.strict ? strictTool(tool, translation, capabilities) : undefined;
  return {
    name: wireToolName(tool.name),
    ...(description === undefined ? {} : { description }),
    input_schema: strict ?? { type: 'object', properties: {}, ...parameters },
    ...(strict ? { strict: true } : {}),
    ...cacheControl(cache),
  };
}

/** Undefined where the tool goes without being strict. */
function strictTool(
  { parameters }: FunctionTool,
  translation: Translation,
  capabilities: Capabilities | undefined,
): JsonObject | undefined {
  const empty: JsonObject = { type: 'object', properties: {}, additionalProperties: false };
  const strict = strictSchema({ ...empty, ...parameters });
  if (!strict || capabilities?.jsonSchema === false) {
    translation.lose('strict-tools');
    return undefined;
  }
  if (strict.loosened) translation.lose('strict-tools', 'does not enforce every rule of the schema');
  return strict.schema;
}

/** @throws request_invalid, capability_unsupported where a call is demanded of no tool, or of a model that refuses it */
function buildChoice(
  request: InferenceRequest,
  tools: readonly JsonObject[],
  capabilities: Capabilities | undefined,
): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const type = wireChoice(toolChoice);
  if (tools.length === 0) {
    if (type === 'any' || type === 'tool') throw noTools(request);
    return undefined;
  }
  if (type === 'none') return { type };
  if ((type === 'any' || type === 'tool') && capabilities?.forcedTools === false) {
    throw refusedField(demandOf(request), 'demands a tool call, which this model cannot be made to do');
  }
  if (toolChoice?.type === 'tool') return { type: 'tool', name: wireToolName(toolChoice.name), ...single };
  if (type !== undefined) return { type, ...single };
  return parallelToolCalls === false ? { type: 'auto', ...single } : undefined;
}

function wireChoice(choice: ToolChoice | undefined): 'auto' | 'any' | 'tool' | 'none' | undefined {
  switch (choice?.type) {
    case 'required':
      return 'any';
    case 'allowed':
      return choice.required ? 'any' : 'auto';
    default:
      return choice?.type;
  }
}

/** The model either calls one of the client's tools, or answers by calling the answer's. */
function answerChoice(answer: JsonObject, tools: readonly JsonObject[], request: InferenceRequest): JsonObject {
  const alone = tools.length === 0 || request.toolChoice?.type === 'none';
  if (alone) return { type: 'tool', name: answer['name'], disable_parallel_tool_use: true };
  return { type: 'any', ...(request.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {}) };
}

/** Calls in the history need definitions of their tools, even where no tool is offered any more. */
function calledTools({ messages }: InferenceRequest): JsonObject[] {
  const names = new Set<string>();
  for (const { content } of messages) {
    for (const part of content) if (part.type === 'tool-call') names.add(wireToolName(part.name));
  }
  return [...names].map((name) => ({ name, input_schema: { type: 'object', properties: {} } }));
}

function renamedTools(tools: readonly FunctionTool[]): ReadonlyMap<string, string> {
  return new Map(
    tools.flatMap(({ name }): [string, string][] => (wireToolName(name) === name ? [] : [[wireToolName(name), name]])),
  );
}
