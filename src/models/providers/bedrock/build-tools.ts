import { demandOf, noTools } from '../../../core/inference/demanded-tools.ts';
import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type JsonObject, asString } from '../../../core/json.ts';
import { strictSchema } from '../anthropic/strict-schema.ts';
import type { Building } from './building.ts';
import { wireToolName } from './tool-names.ts';

/** The tools of a request on the wire. */
export interface BuiltTools {
  /** `toolConfig.tools`. */
  readonly tools: JsonObject[];
  /** `toolConfig.toolChoice`. */
  readonly choice: JsonObject | undefined;
  /** What goes with it in the model's own words. */
  readonly fields: JsonObject;
  /** The answer has to begin with a tool call. */
  readonly forced: boolean;
  /** Names that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** In Converse's words; what is not said is `auto`. */
type Choice = { readonly type: 'auto' | 'any' } | { readonly type: 'tool'; readonly name: string };

const STILL_NAMED =
  'is not held to: Bedrock asks for the tools of the calls before, and has no way of saying that none is to be called';

/**
 * @param answerTool a tool by which the model is made to answer, where there is one: its name, description and schema
 * @throws capability_unsupported, request_invalid
 */
export function buildTools(building: Building, answerTool: JsonObject | undefined): BuiltTools {
  const { request } = building.translation;
  const offered = offeredTools(request, answerTool !== undefined);
  const tools: JsonObject[] = [];
  for (const tool of offered) {
    tools.push(toolSpec(tool, building));
    building.cachePoints.mark(tools, tool.cache, 'tools');
  }
  const choice = answerTool ? answerChoice(answerTool, offered) : wireChoice(building, offered);
  if (answerTool) tools.push(answerSpec(answerTool));
  else if (tools.length === 0) tools.push(...calledTools(building));
  const isSingle = isOneAtATime(building, tools, answerTool !== undefined && offered.length === 0);
  return {
    tools,
    choice: isSingle || choice.type === 'auto' ? undefined : converseChoice(choice),
    fields: isSingle ? { tool_choice: { ...choice, disable_parallel_tool_use: true } } : {},
    forced: choice.type !== 'auto',
    renamed: renamedTools(offered),
  };
}

/** A choice among some of the tools, or of none, leaves the others out. */
function offeredTools({ tools, toolChoice }: InferenceRequest, hasAnswer: boolean): readonly FunctionTool[] {
  if (toolChoice?.type === 'none' || (hasAnswer && toolChoice === undefined && tools.length === 0)) return [];
  if (toolChoice?.type !== 'allowed') return tools;
  const names = new Set(toolChoice.names);
  return tools.filter(({ name }) => names.has(name));
}

function toolSpec(tool: FunctionTool, building: Building): JsonObject {
  const { description, parameters } = tool;
  if (parameters?.['type'] !== undefined && parameters['type'] !== 'object') {
    const field = building.translation.request.fields.tools ?? 'tools';
    throw refusedField(field, `has the tool "${tool.name}", whose parameters are not an object; Bedrock takes objects`);
  }
  const strict = tool.strict ? strictParameters(tool, building) : undefined;
  return {
    toolSpec: {
      name: wireToolName(tool.name),
      ...(description === undefined || description.trim() === '' ? {} : { description }),
      inputSchema: { json: strict ?? { type: 'object', properties: {}, ...parameters } },
      ...(strict ? { strict: true } : {}),
    },
  };
}

/** Undefined where the tool goes without being strict. */
function strictParameters({ parameters }: FunctionTool, { translation, traits }: Building): JsonObject | undefined {
  const empty: JsonObject = { type: 'object', properties: {}, additionalProperties: false };
  const strict = traits.capabilities.jsonSchema ? strictSchema({ ...empty, ...parameters }) : undefined;
  if (!strict) {
    translation.lose('strict-tools');
    return undefined;
  }
  if (strict.loosened) translation.lose('strict-tools', 'does not enforce every rule of the schema');
  return strict.schema;
}

function answerSpec({ name, description, input_schema: json }: JsonObject): JsonObject {
  return { toolSpec: { name, description, inputSchema: { json } } };
}

/** @throws request_invalid, capability_unsupported where a call is demanded of no tool, or of a model that refuses it */
function wireChoice({ translation, traits }: Building, offered: readonly FunctionTool[]): Choice {
  const { request } = translation;
  const choice = choiceOf(request.toolChoice);
  if (choice.type === 'auto') return choice;
  if (offered.length === 0) throw noTools(request);
  if (traits.capabilities.forcedTools === false) {
    throw refusedField(demandOf(request), 'demands a tool call, which this model cannot be made to do');
  }
  return choice;
}

function choiceOf(choice: ToolChoice | undefined): Choice {
  switch (choice?.type) {
    case 'required':
      return { type: 'any' };
    case 'allowed':
      return { type: choice.required ? 'any' : 'auto' };
    case 'tool':
      return { type: 'tool', name: wireToolName(choice.name) };
    default:
      return { type: 'auto' };
  }
}

/** The model either calls one of the client's tools, or answers by calling the answer's. */
function answerChoice({ name }: JsonObject, offered: readonly FunctionTool[]): Choice {
  return offered.length === 0 ? { type: 'tool', name: asString(name) ?? '' } : { type: 'any' };
}

function converseChoice(choice: Choice): JsonObject {
  return choice.type === 'tool' ? { tool: { name: choice.name } } : { [choice.type]: {} };
}

/** Only Claude can be told, in its own words, which then say the choice too. */
function isOneAtATime({ translation, traits }: Building, tools: readonly JsonObject[], isAnswer: boolean): boolean {
  if (tools.length === 0 || (translation.request.parallelToolCalls !== false && !isAnswer)) return false;
  if (traits.maker === 'anthropic') return true;
  if (!isAnswer) translation.lose('parallel-tool-calls');
  return false;
}

/** Calls in the history need definitions of their tools, even where no tool is offered any more. */
function calledTools({ translation, notes }: Building): JsonObject[] {
  const { tools, toolChoice, messages, fields } = translation.request;
  const calls = messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? [part] : [])));
  const names = new Set(calls.map(({ name }) => wireToolName(name)));
  if (names.size === 0) return [];
  if (toolChoice?.type === 'none') translation.lose('tool-choice-none', STILL_NAMED);
  else notes.push({ field: fields.tools ?? 'tools', says: `are named again, and the model may call them: ${WHY}` });
  const known = new Map(tools.map((tool) => [wireToolName(tool.name), tool]));
  return [...names].map((name) => {
    const { description, parameters } = known.get(name) ?? {};
    const json = { type: 'object', properties: {}, ...parameters };
    return { toolSpec: { name, ...(description ? { description } : {}), inputSchema: { json } } };
  });
}

const WHY = 'Bedrock asks for the tools of the calls before';

function renamedTools(tools: readonly FunctionTool[]): ReadonlyMap<string, string> {
  return new Map(
    tools.flatMap(({ name }): [string, string][] => (wireToolName(name) === name ? [] : [[wireToolName(name), name]])),
  );
}
