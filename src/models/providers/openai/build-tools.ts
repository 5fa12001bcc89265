import { GatewayError } from '../../../core/errors.ts';
import type { FunctionTool, InferenceRequest } from '../../../core/inference/request.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { cacheControl } from './build-content.ts';
import type { Building } from './building.ts';
import { wireToolName } from './tool-names.ts';

export interface BuiltTools {
  /** The fields of the body. */
  readonly fields: JsonObject;
  /** Names that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** @throws request_invalid where a call is demanded and there is no tool */
export function buildTools(building: Building): BuiltTools {
  const { request } = building;
  const tools = offeredTools(request);
  const choice = toolChoice(building);
  if (tools.length === 0) {
    if (choice !== undefined && choice !== 'auto' && choice !== 'none') throw noTools(request);
    return { fields: {}, renamed: new Map() };
  }
  const { parallelToolCalls } = request;
  const isParallelTaken = parallelToolCalls !== undefined && !building.loseUntaken('parallel-tool-calls');
  return {
    fields: {
      tools: tools.map((tool) => buildTool(tool, building)),
      ...(choice === undefined ? {} : { tool_choice: choice }),
      ...(isParallelTaken ? { parallel_tool_calls: parallelToolCalls } : {}),
    },
    renamed: new Map(
      tools.flatMap(({ name }): [string, string][] =>
        wireToolName(name) === name ? [] : [[wireToolName(name), name]],
      ),
    ),
  };
}

/** A choice among some of the tools leaves the others out, which every server understands. */
function offeredTools({ tools, toolChoice: choice }: InferenceRequest): readonly FunctionTool[] {
  if (choice?.type !== 'allowed') return tools;
  const names = new Set(choice.names);
  return tools.filter(({ name }) => names.has(name));
}

function buildTool({ name, description, parameters, strict, cache }: FunctionTool, building: Building): JsonObject {
  const isStrictTaken = strict !== undefined && !building.loseUntaken('strict-tools');
  return {
    type: 'function',
    function: {
      name: wireToolName(name),
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(isStrictTaken ? { strict } : {}),
    },
    ...cacheControl(cache, building),
  };
}

function toolChoice(building: Building): Json | undefined {
  const choice = building.request.toolChoice;
  if (!choice) return undefined;
  switch (choice.type) {
    case 'allowed':
      return choice.required ? required(building, 'tool-choice-allowed') : 'auto';
    case 'required':
      return required(building, 'tool-choice-required');
    case 'tool':
      if (building.loseUntaken('tool-choice-named')) return undefined;
      return { type: 'function', function: { name: wireToolName(choice.name) } };
    default:
      return choice.type;
  }
}

function required(building: Building, feature: 'tool-choice-allowed' | 'tool-choice-required'): string | undefined {
  if (!building.quirks.untaken.includes('tool-choice-required')) return 'required';
  building.note(feature, 'is left out: this provider cannot be made to call a tool');
  return undefined;
}

function noTools({ fields }: InferenceRequest): GatewayError {
  const param = fields['tool-choice-required'] ?? fields['tool-choice-named'] ?? fields['tool-choice-allowed'];
  const field = param ?? 'tool_choice';
  return new GatewayError('request_invalid', {
    message: `\`${field}\` demands a tool call, but the request has no such tool.`,
    param: field,
  });
}
