import type { FunctionTool, InferenceRequest, ToolChoice } from '../../../core/inference/request.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { jsonSchemaOf } from './decode-schema.ts';
import { LOSSES } from './losses.ts';
import { objectsOf } from './objects.ts';

const MODES = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'] as const;

/** Functions that the client declares; tools of Google's own are refused. */
export function decodeTools(body: Fields): FunctionTool[] {
  const tools = objectsOf(body, 'tools').flatMap(decodeTool);
  if (tools.length > 0) body.uses('tools', 'tools');
  return tools;
}

function decodeTool(tool: Fields): FunctionTool[] {
  const functions = objectsOf(tool, 'functionDeclarations').map(decodeFunction);
  for (const name of tool.unread) if (tool.has(name)) throw tool.refused(name, LOSSES.builtInTool);
  return functions;
}

function decodeFunction(declared: Fields): FunctionTool {
  for (const name of ['response', 'responseJsonSchema']) declared.leaveOut(name, LOSSES.response);
  const behavior = declared.text('behavior');
  if (behavior !== undefined && behavior !== 'BLOCKING') declared.leaveOut('behavior', LOSSES.behavior);
  const description = declared.text('description');
  const tool: FunctionTool = {
    name: declared.requiredName('name'),
    ...given({ description, parameters: readParameters(declared) }),
  };
  declared.close();
  return tool;
}

function readParameters(declared: Fields): JsonObject | undefined {
  if (declared.has('parametersJsonSchema')) {
    if (declared.has('parameters')) {
      throw declared.invalid('parametersJsonSchema', 'cannot stand beside `parameters`');
    }
    return declared.requiredJson('parametersJsonSchema');
  }
  if (declared.has('parameters')) return jsonSchemaOf(declared.requiredJson('parameters'));
  declared.decoding.uses('tool-without-parameters', declared.path);
  return undefined;
}

/** `toolConfig`. */
export function decodeToolChoice(body: Fields): Pick<InferenceRequest, 'toolChoice'> {
  const config = body.object('toolConfig');
  if (!config) return {};
  config.leaveOut('retrievalConfig', LOSSES.retrieval);
  if (config.flag('includeServerSideToolInvocations'))
    config.note('includeServerSideToolInvocations', LOSSES.retrieval);
  const calling = config.object('functionCallingConfig');
  const toolChoice = calling && readChoice(calling);
  calling?.close();
  config.close();
  return given({ toolChoice });
}

function readChoice(calling: Fields): ToolChoice | undefined {
  if (calling.flag('streamFunctionCallArguments')) calling.note('streamFunctionCallArguments', LOSSES.pieces);
  const mode = calling.oneOf('mode', MODES);
  const names = readNames(calling);
  switch (mode) {
    case 'NONE':
      calling.uses('tool-choice-none', 'mode');
      return { type: 'none' };
    case 'ANY':
      return readRequired(calling, names);
    default:
      if (mode === 'VALIDATED') calling.note('mode', `(VALIDATED) ${LOSSES.validated}`);
      return readFree(calling, names, mode);
  }
}

function readRequired(calling: Fields, names: readonly string[]): ToolChoice {
  const [name] = names;
  if (name === undefined) {
    calling.uses('tool-choice-required', 'mode');
    return { type: 'required' };
  }
  if (names.length === 1) {
    calling.uses('tool-choice-named', 'allowedFunctionNames');
    return { type: 'tool', name };
  }
  calling.uses('tool-choice-allowed', 'allowedFunctionNames');
  return { type: 'allowed', names, required: true };
}

function readFree(
  calling: Fields,
  names: readonly string[],
  mode: (typeof MODES)[number] | undefined,
): ToolChoice | undefined {
  if (names.length > 0) {
    calling.uses('tool-choice-allowed', 'allowedFunctionNames');
    return { type: 'allowed', names, required: false };
  }
  if (mode === undefined || mode === 'MODE_UNSPECIFIED') return undefined;
  calling.uses('tool-choice-auto', 'mode');
  return { type: 'auto' };
}

function readNames(calling: Fields): readonly string[] {
  return (calling.list('allowedFunctionNames') ?? []).map((name, at) => {
    if (typeof name === 'string') return name;
    throw calling.invalid(`allowedFunctionNames[${at}]`, 'must be a string');
  });
}
