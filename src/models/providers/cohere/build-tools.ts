import { demandOf, noTools } from '../../../core/inference/demanded-tools.ts';
import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { type Translation, refusedField } from '../../../core/inference/translation.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import { wireToolName } from './tool-names.ts';

export interface BuiltTools {
  /** The fields of the body. */
  readonly fields: JsonObject;
  readonly offered: boolean;
  /** Names that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** @throws request_invalid, capability_unsupported where a call is demanded of no tool, or of a model that refuses it */
export function buildTools(translation: Translation, capabilities: Capabilities | undefined): BuiltTools {
  const { request } = translation;
  const { toolChoice: choice } = request;
  const tools = offeredTools(request);
  const isForced = isDemand(choice);
  if (isForced && tools.length === 0) throw noTools(request);
  if (isForced && capabilities?.forcedTools === false) {
    throw refusedField(demandOf(request), 'demands a tool call, which this model cannot be made to do');
  }
  if (tools.length === 0) return { fields: {}, offered: false, renamed: new Map() };
  if (request.parallelToolCalls === false && capabilities?.parallelTools !== false) {
    translation.lose('parallel-tool-calls');
  }
  const toolChoice = isForced ? 'REQUIRED' : choice?.type === 'none' ? 'NONE' : undefined;
  return {
    fields: {
      tools: tools.map(buildTool),
      ...(toolChoice === undefined ? {} : { tool_choice: toolChoice }),
      ...(isStrict(tools, translation) ? { strict_tools: true } : {}),
    },
    offered: true,
    renamed: renamedTools(tools),
  };
}

/** A choice among some of the tools leaves the others out: Cohere cannot be made to call a certain one. */
function offeredTools({ tools, toolChoice: choice }: InferenceRequest): readonly FunctionTool[] {
  if (choice?.type === 'tool') return tools.filter(({ name }) => name === choice.name);
  return choice?.type === 'allowed' ? tools.filter(({ name }) => choice.names.includes(name)) : tools;
}

function isDemand(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'required' || choice?.type === 'tool' || (choice?.type === 'allowed' && choice.required);
}

function buildTool({ name, description, parameters }: FunctionTool): JsonObject {
  return {
    type: 'function',
    function: {
      name: wireToolName(name),
      ...(description === undefined ? {} : { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  };
}

/** @see https://docs.cohere.com/v2/docs/structured-outputs (Structured Outputs (Tools); checked 2026-11-21) */
function isStrict(tools: readonly FunctionTool[], translation: Translation): boolean {
  if (!tools.some(({ strict }) => strict)) return false;
  const isTaken = tools.every(({ strict, parameters }) => {
    const required = parameters?.['required'];
    return strict && Array.isArray(required) && required.length > 0;
  });
  if (!isTaken) translation.lose('strict-tools');
  return isTaken;
}

function renamedTools(tools: readonly FunctionTool[]): ReadonlyMap<string, string> {
  return new Map(
    tools.flatMap(({ name }): [string, string][] => (wireToolName(name) === name ? [] : [[wireToolName(name), name]])),
  );
}
