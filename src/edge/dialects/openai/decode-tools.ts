import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import { refusedField } from '../../../core/inference/translation.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readCache } from './decode-cache.ts';
import { LEFT_OUT, REFUSED, UNKNOWN_TOOL } from './left-out.ts';

type ToolOptions = Pick<InferenceRequest, 'tools' | 'toolChoice' | 'parallelToolCalls'>;

const MODES = ['auto', 'none', 'required'] as const;
const CHOICES =
  'must be "auto", "none", "required", or an object such as {"type": "function", "function": {"name": "f"}}';

/** `tools` with what goes with them, or `functions`, the form before them. */
export function decodeTools(body: Fields): ToolOptions {
  if (body.has('functions')) return decodeFunctions(body);
  body.leaveOut('function_call', LEFT_OUT.function_call);
  const tools = body.objects('tools').map(decodeTool);
  if (tools.length > 0) body.uses('tools', 'tools');
  const parallelToolCalls = body.flag('parallel_tool_calls');
  if (parallelToolCalls !== undefined) body.uses('parallel-tool-calls', 'parallel_tool_calls');
  return { tools, ...given({ toolChoice: decodeChoice(body, tools), parallelToolCalls }) };
}

/** Whether the answer has to be in the form before `tools`, where a message calls one function and has no ids. */
export function usesFunctions({ fields }: Pick<InferenceRequest, 'fields'>): boolean {
  return fields.tools === 'functions';
}

function decodeFunctions(body: Fields): ToolOptions {
  if (body.has('tools')) throw body.invalid('functions', 'is the form before `tools`; send one of the two');
  for (const name of ['tool_choice', 'parallel_tool_calls'] as const) body.leaveOut(name, LEFT_OUT[name]);
  const tools = body.objects('functions').map((fn) => {
    const tool = readFunction(fn);
    fn.close();
    return tool;
  });
  body.uses('tools', 'functions');
  // That form has room for one call.
  body.uses('parallel-tool-calls', 'functions');
  return { tools, parallelToolCalls: false, ...given({ toolChoice: decodeFunctionChoice(body, tools) }) };
}

function decodeTool(tool: Fields): FunctionTool {
  const type = tool.requiredText('type');
  if (type === 'custom') throw tool.refused('custom', REFUSED['tools[].custom']);
  if (type !== 'function') throw refusedField(tool.at('type'), UNKNOWN_TOOL);
  const fn = tool.requiredObject('function');
  const cache = readCache(tool) ?? readCache(fn);
  const decoded = { ...readFunction(fn), ...given({ cache }) };
  fn.close();
  tool.close();
  return decoded;
}

function readFunction(fn: Fields): FunctionTool {
  const name = fn.requiredName('name');
  const description = fn.text('description');
  const parameters = fn.has('parameters') ? fn.requiredJson('parameters') : undefined;
  if (!parameters) fn.uses('tool-without-parameters', 'parameters');
  const strict = fn.flag('strict');
  if (strict) fn.uses('strict-tools', 'strict');
  return { name, ...given({ description, parameters, strict }) };
}

/** @see https://platform.openai.com/docs/guides/function-calling (checked 2026-11-21) */
function decodeChoice(body: Fields, tools: readonly FunctionTool[]): ToolChoice | undefined {
  const choice = body.raw('tool_choice');
  if (choice === undefined || choice === null) return undefined;
  const mode = MODES.find((one) => one === choice);
  if (mode !== undefined) return modeChoice(body, 'tool_choice', mode, tools);
  if (typeof choice === 'string') throw body.invalid('tool_choice', CHOICES);
  const fields = body.requiredObject('tool_choice');
  const decoded = objectChoice(fields, tools);
  fields.close();
  body.uses(decoded.type === 'tool' ? 'tool-choice-named' : 'tool-choice-allowed', 'tool_choice');
  return decoded;
}

function objectChoice(choice: Fields, tools: readonly FunctionTool[]): ToolChoice {
  const type = choice.requiredOneOf('type', ['function', 'allowed_tools', 'custom']);
  if (type === 'custom') throw choice.refused('custom', REFUSED['tool_choice.custom']);
  if (type === 'function') return { type: 'tool', name: readChosen(choice, tools) };
  return allowedTools(choice.requiredObject('allowed_tools'), tools);
}

function allowedTools(allowed: Fields, tools: readonly FunctionTool[]): ToolChoice {
  const mode = allowed.requiredOneOf('mode', ['auto', 'required']);
  const names = allowed.objects('tools').map((tool) => {
    const type = tool.requiredText('type');
    if (type !== 'function') throw refusedField(tool.at('type'), UNKNOWN_TOOL);
    const name = readChosen(tool, tools);
    tool.close();
    return name;
  });
  if (names.length === 0) throw allowed.invalid('tools', 'must name at least one tool');
  allowed.close();
  return { type: 'allowed', names, required: mode === 'required' };
}

/** The name in a `{ type: 'function', function: { name } }`. */
function readChosen(choice: Fields, tools: readonly FunctionTool[]): string {
  const fn = choice.requiredObject('function');
  const name = knownTool(fn, tools);
  // A whole definition may stand here, which says no more than that of the tool itself.
  fn.ignore('description', 'parameters', 'strict');
  fn.close();
  return name;
}

function knownTool(fn: Fields, tools: readonly FunctionTool[]): string {
  const name = fn.requiredText('name');
  if (tools.some((tool) => tool.name === name)) return name;
  throw fn.invalid('name', 'must be the name of a tool of this request');
}

function modeChoice(
  body: Fields,
  field: string,
  mode: (typeof MODES)[number],
  tools: readonly FunctionTool[],
): ToolChoice {
  if (mode === 'required' && tools.length === 0) {
    throw body.invalid(field, 'asks for a tool call, but the request has no tools');
  }
  body.uses(`tool-choice-${mode}`, field);
  return { type: mode };
}

function decodeFunctionChoice(body: Fields, tools: readonly FunctionTool[]): ToolChoice | undefined {
  const choice = body.raw('function_call');
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none') return modeChoice(body, 'function_call', choice, tools);
  if (typeof choice === 'string') {
    throw body.invalid('function_call', 'must be "auto", "none", or an object such as {"name": "f"}');
  }
  const fn = body.requiredObject('function_call');
  const name = knownTool(fn, tools);
  fn.close();
  body.uses('tool-choice-named', 'function_call');
  return { type: 'tool', name };
}
