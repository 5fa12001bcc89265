import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { readCache } from './decode-cache.ts';
import { type Fields, given } from './fields.ts';

const NO_EXAMPLES = "is left out: other providers take no examples of a tool's input; put them into its description";
const NOT_DEFERRED = 'is left out: the tool is given to the model at once';
const NO_CALLERS = 'is left out: the model calls the tool itself, never from code that runs at Anthropic';
const NOT_EAGER = 'is left out: arguments stream as the provider of the model streams them';
const BUILT_IN =
  "cannot be used: it is a tool of Anthropic's own, which this model does not have. " +
  'Define it as a custom tool with an `input_schema`, or ask a Claude model';

/** Tools that the client defines; those of Anthropic's own are refused. */
export function decodeTools(fields: Fields): FunctionTool[] {
  const tools = fields.objects('tools');
  if (tools.length > 0) fields.uses('tools', 'tools');
  return tools.map(decodeTool);
}

function decodeTool(tool: Fields): FunctionTool {
  const type = tool.text('type') ?? 'custom';
  if (type !== 'custom') throw tool.refused('type', `(${type}) ${BUILT_IN}`);
  const strict = tool.flag('strict');
  if (strict !== undefined) tool.uses('strict-tools', 'strict');
  if ((tool.list('input_examples') ?? []).length > 0) tool.note('input_examples', NO_EXAMPLES);
  if (tool.flag('defer_loading')) tool.note('defer_loading', NOT_DEFERRED);
  if (tool.flag('eager_input_streaming')) tool.note('eager_input_streaming', NOT_EAGER);
  if ((tool.list('allowed_callers') ?? []).some((caller) => caller !== 'direct')) {
    tool.note('allowed_callers', NO_CALLERS);
  }
  const decoded: FunctionTool = {
    name: tool.requiredText('name'),
    ...given({ description: tool.text('description'), strict, cache: readCache(tool) }),
    parameters: tool.requiredJson('input_schema'),
  };
  tool.close();
  return decoded;
}

export function decodeToolChoice(fields: Fields): Pick<InferenceRequest, 'toolChoice' | 'parallelToolCalls'> {
  const choice = fields.object('tool_choice');
  if (!choice) return {};
  const toolChoice = readChoice(fields, choice);
  const oneAtATime = choice.flag('disable_parallel_tool_use');
  if (oneAtATime !== undefined) choice.uses('parallel-tool-calls', 'disable_parallel_tool_use');
  choice.close();
  return { toolChoice, ...given({ parallelToolCalls: oneAtATime === undefined ? undefined : !oneAtATime }) };
}

function readChoice(fields: Fields, choice: Fields): ToolChoice {
  switch (choice.requiredOneOf('type', ['auto', 'any', 'tool', 'none'])) {
    case 'auto':
      fields.uses('tool-choice-auto', 'tool_choice');
      return { type: 'auto' };
    case 'any':
      fields.uses('tool-choice-required', 'tool_choice');
      return { type: 'required' };
    case 'none':
      fields.uses('tool-choice-none', 'tool_choice');
      return { type: 'none' };
    default:
      fields.uses('tool-choice-named', 'tool_choice');
      return { type: 'tool', name: choice.requiredText('name') };
  }
}
