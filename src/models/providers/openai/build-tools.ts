import { noTools } from '../../../core/inference/demanded-tools.ts';
import type { FunctionTool, ToolChoice } from '../../../core/inference/request.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { cacheControl } from './build-content.ts';
import type { Building } from './building.ts';
import { isStrictSchema } from './strict-schema.ts';
import { wireToolName } from './tool-names.ts';

export interface BuiltTools {
  /** The fields of the body. */
  readonly fields: JsonObject;
  readonly offered: boolean;
  /** The answer has to call a tool. */
  readonly forced: boolean;
  /** Names that had to be replaced: the wire's → the client's. */
  readonly renamed: ReadonlyMap<string, string>;
}

const NO_TOOLS: BuiltTools = { fields: {}, offered: false, forced: false, renamed: new Map() };
const UNFORCED = 'is left out: this provider cannot be made to call a tool';

/** What an effective choice leaves of the tools, and says about them. */
interface Offer {
  readonly tools: readonly FunctionTool[];
  readonly choice: Json | undefined;
}

/** @throws request_invalid where a call is demanded and there is no tool */
export function buildTools(building: Building): BuiltTools {
  const { tools, choice } = offer(building);
  if (tools.length === 0) return NO_TOOLS;
  return {
    fields: {
      tools: tools.map((tool) => buildTool(tool, building)),
      ...(choice === undefined ? {} : { tool_choice: choice }),
      ...parallel(building),
    },
    offered: true,
    forced: choice !== undefined && choice !== 'auto' && choice !== 'none',
    renamed: renamedTools(tools, building),
  };
}

function renamedTools(tools: readonly FunctionTool[], { quirks }: Building): ReadonlyMap<string, string> {
  return new Map(
    tools.flatMap(({ name }): [string, string][] => {
      const wire = wireToolName(name, quirks);
      return wire === name ? [] : [[wire, name]];
    }),
  );
}

/** A choice among some of the tools leaves the others out, which every server understands. */
function offer(building: Building): Offer {
  const { tools: all, toolChoice: choice } = building.request;
  const tools = choice?.type === 'allowed' ? all.filter(({ name }) => choice.names.includes(name)) : all;
  if (isDemand(choice)) return demand(choice, tools, building);
  if (choice?.type === 'none') {
    return building.takes('tool-choice-none') ? { tools, choice: 'none' } : { tools: [], choice: undefined };
  }
  return { tools, choice: choice && building.takes('tool-choice-auto') ? 'auto' : undefined };
}

type Demand = Extract<ToolChoice, { type: 'required' | 'tool' | 'allowed' }>;

function isDemand(choice: ToolChoice | undefined): choice is Demand {
  return choice?.type === 'required' || choice?.type === 'tool' || (choice?.type === 'allowed' && choice.required);
}

/** Some servers can be made to call a certain tool, some to call any of them, and some neither. */
function demand(choice: Demand, tools: readonly FunctionTool[], building: Building): Offer {
  const wanted = choice.type === 'tool' ? tools.filter(({ name }) => name === choice.name) : tools;
  const [only, ...others] = wanted;
  if (!only) throw noTools(building.request);
  if (building.capabilities?.forcedTools === false) {
    throw building.refused(featureOf(choice), 'demands a tool call, which this model cannot be made to do');
  }
  const isNamed = building.takes('tool-choice-named');
  const isRequired = building.takes('tool-choice-required');
  if (isNamed && (choice.type === 'tool' || (!isRequired && others.length === 0))) {
    return { tools, choice: { type: 'function', function: { name: wireToolName(only.name, building.quirks) } } };
  }
  if (isRequired) return { tools: wanted, choice: 'required' };
  building.note(featureOf(choice), UNFORCED);
  return { tools: wanted, choice: undefined };
}

function featureOf({ type }: Demand): 'tool-choice-named' | 'tool-choice-required' | 'tool-choice-allowed' {
  return type === 'tool' ? 'tool-choice-named' : `tool-choice-${type}`;
}

function parallel(building: Building): JsonObject {
  const { parallelToolCalls: asked } = building.request;
  const wanted = asked ?? (building.quirks.oneCallByDefault ? true : undefined);
  if (wanted === undefined) return {};
  // A model that calls one tool at a time anyway does what is asked.
  if (asked === false && building.capabilities?.parallelTools === false) return {};
  if (asked !== undefined && building.loseUntaken('parallel-tool-calls')) return {};
  return { parallel_tool_calls: wanted };
}

function buildTool({ name, description, parameters, strict, cache }: FunctionTool, building: Building): JsonObject {
  return {
    type: 'function',
    function: {
      name: wireToolName(name, building.quirks),
      ...(description === undefined ? {} : { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
      ...(strict && isStrictTaken(parameters, building) ? { strict } : {}),
    },
    ...cacheControl(cache, building),
  };
}

function isStrictTaken(parameters: JsonObject | undefined, building: Building): boolean {
  if (building.loseUntaken('strict-tools')) return false;
  const isTaken = parameters !== undefined && isStrictSchema(parameters);
  if (!isTaken) building.translation.lose('strict-tools');
  return isTaken;
}
