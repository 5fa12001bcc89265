import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { readCache } from './decode-cache.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { LOSSES } from './losses.ts';

/** Tools that the client defines; those of Anthropic's own are refused. */
export function decodeTools(fields: Fields): FunctionTool[] {
  const tools = fields.objects('tools');
  if (tools.length > 0) fields.uses('tools', 'tools');
  return tools.map(decodeTool);
}

function decodeTool(tool: Fields): FunctionTool {
  const type = tool.text('type') ?? 'custom';
  if (type !== 'custom') throw tool.refused('type', `(${type}) ${LOSSES.builtInTool}`);
  const strict = tool.flag('strict');
  if (strict !== undefined) tool.uses('strict-tools', 'strict');
  if ((tool.list('input_examples') ?? []).length > 0) tool.note('input_examples', LOSSES.examples);
  if (tool.flag('defer_loading')) tool.note('defer_loading', LOSSES.deferred);
  if (tool.flag('eager_input_streaming')) tool.note('eager_input_streaming', LOSSES.eager);
  if ((tool.list('allowed_callers') ?? []).some((caller) => caller !== 'direct')) {
    tool.note('allowed_callers', LOSSES.callers);
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
