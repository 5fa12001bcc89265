import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { HOSTED_TOOL, LEFT_OUT, REFUSED } from './left-out.ts';

type ToolOptions = Pick<InferenceRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

const MODES = ['auto', 'none', 'required'] as const;
const CHOICES = 'must be "auto", "none", "required", or an object such as {"type": "function", "name": "f"}';

/** @see https://platform.openai.com/docs/guides/function-calling?api-mode=responses (checked 2026-11-21) */
export function decodeTools(body: Fields): ToolOptions {
  const tools = body.objects('tools').map(decodeTool);
  if (tools.length > 0) body.uses('tools', 'tools');
  const parallelToolCalls = body.flag('parallel_tool_calls');
  if (parallelToolCalls !== undefined) body.uses('parallel-tool-calls', 'parallel_tool_calls');
  return { tools, ...given({ toolChoice: decodeChoice(body, tools), parallelToolCalls }) };
}

function decodeTool(tool: Fields): FunctionTool {
  const type = tool.requiredText('type');
  if (type === 'custom') throw refusedField(tool.at('type'), REFUSED['tools[custom]']);
  if (type !== 'function') throw refusedField(tool.at('type'), HOSTED_TOOL);
  const name = tool.requiredName('name');
  const description = tool.text('description');
  const parameters = tool.has('parameters') ? tool.requiredJson('parameters') : undefined;
  if (!parameters) tool.uses('tool-without-parameters', 'parameters');
  const strict = tool.flag('strict');
  if (strict) tool.uses('strict-tools', 'strict');
  leaveOut(tool);
  tool.close();
  return { name, ...given({ description, parameters, strict }) };
}

function leaveOut(tool: Fields): void {
  tool.leaveOut('output_schema', LEFT_OUT['tools[].output_schema']);
  if (tool.flag('defer_loading')) tool.note('defer_loading', LEFT_OUT['tools[].defer_loading']);
  if (tool.list('allowed_callers')?.some((caller) => caller !== 'direct')) {
    tool.note('allowed_callers', LEFT_OUT['tools[].allowed_callers']);
  }
}

function decodeChoice(body: Fields, tools: readonly FunctionTool[]): ToolChoice | undefined {
  const choice = body.raw('tool_choice');
  if (choice === undefined || choice === null) return undefined;
  const mode = MODES.find((one) => one === choice);
  if (mode !== undefined) return modeChoice(body, mode, tools);
  if (typeof choice === 'string') throw body.invalid('tool_choice', CHOICES);
  const fields = body.requiredObject('tool_choice');
  const decoded = objectChoice(fields, tools);
  fields.close();
  body.uses(decoded.type === 'tool' ? 'tool-choice-named' : 'tool-choice-allowed', 'tool_choice');
  return decoded;
}

function modeChoice(body: Fields, mode: (typeof MODES)[number], tools: readonly FunctionTool[]): ToolChoice {
  if (mode === 'required' && tools.length === 0) {
    throw body.invalid('tool_choice', 'asks for a tool call, but the request has no tools');
  }
  body.uses(`tool-choice-${mode}`, 'tool_choice');
  return { type: mode };
}

function objectChoice(choice: Fields, tools: readonly FunctionTool[]): ToolChoice {
  const type = choice.requiredText('type');
  switch (type) {
    case 'function':
      return { type: 'tool', name: knownTool(choice, tools) };
    case 'allowed_tools':
      return allowedTools(choice, tools);
    case 'custom':
      throw refusedField(choice.at('type'), REFUSED['tool_choice[custom]']);
    default:
      throw refusedField(choice.at('type'), HOSTED_TOOL);
  }
}

function allowedTools(allowed: Fields, tools: readonly FunctionTool[]): ToolChoice {
  const mode = allowed.requiredOneOf('mode', ['auto', 'required']);
  const names = allowed.objects('tools').map((tool) => {
    const type = tool.requiredText('type');
    if (type !== 'function') throw refusedField(tool.at('type'), HOSTED_TOOL);
    const name = knownTool(tool, tools);
    // A whole definition may stand here, which says no more than that of the tool itself.
    tool.ignore('description', 'parameters', 'strict');
    tool.close();
    return name;
  });
  if (names.length === 0) throw allowed.invalid('tools', 'must name at least one tool');
  return { type: 'allowed', names, required: mode === 'required' };
}

function knownTool(named: Fields, tools: readonly FunctionTool[]): string {
  const name = named.requiredText('name');
  if (tools.some((tool) => tool.name === name)) return name;
  throw named.invalid('name', 'must be the name of a tool of this request');
}
