import type { ToolCallPart } from '../../../core/inference/content.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import { type Fields, given } from '../decoding/fields.ts';
import { readCache } from './decode-cache.ts';
import { REFUSED } from './left-out.ts';

/**
 * The calls of an assistant's turn: `tool_calls`, or the one `function_call` of the form before them, which has no id.
 * @param functionCalls where the ids that are made for calls without one are kept, by the function's name
 */
export function decodeCalls(message: Fields, functionCalls: Map<string, string>): readonly ToolCallPart[] {
  const calls = message.objects('tool_calls').map(decodeCall);
  const older = decodeFunctionCall(message, functionCalls);
  return older ? [...calls, older] : calls;
}

function decodeCall(call: Fields): ToolCallPart {
  const type = call.oneOf('type', ['function', 'custom']) ?? 'function';
  if (type === 'custom') throw call.refused('custom', REFUSED['messages[].tool_calls[].custom']);
  const id = call.requiredName('id');
  call.uses('tool-call-id', 'id');
  const part: ToolCallPart = {
    type: 'tool-call',
    id,
    ...readFunction(call.requiredObject('function')),
    ...given({ cache: readCache(call) }),
  };
  // The place in a stream, which clients that collect one leave on it.
  call.ignore('index');
  call.close();
  return part;
}

function decodeFunctionCall(message: Fields, functionCalls: Map<string, string>): ToolCallPart | undefined {
  const call = message.object('function_call');
  if (!call) return undefined;
  const called = readFunction(call);
  // Made of the message's place, so that the same conversation has the same ids every time.
  const id = `call_function_${message.path.replaceAll(/\D/g, '')}`;
  functionCalls.set(called.name, id);
  return { type: 'tool-call', id, ...called };
}

function readFunction(fn: Fields): Pick<ToolCallPart, 'name' | 'argumentsText'> {
  const name = fn.requiredName('name');
  const argumentsText = fn.text('arguments') ?? '';
  if (!parseArguments(argumentsText).exact) fn.uses('tool-arguments-not-json', 'arguments');
  // The SDK's helpers leave it on the calls that they parsed.
  fn.ignore('parsed_arguments');
  fn.close();
  return { name, argumentsText };
}
