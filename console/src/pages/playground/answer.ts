import { isRecord } from '../../format/is-record.ts';
import type { Dialect, ToolCall } from './draft.ts';

type Fields = Readonly<Record<string, unknown>>;

/** In the provider's own words; undefined: not told. */
interface Usage {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly cached?: number | undefined;
  readonly reasoning?: number | undefined;
}

interface CallPart extends ToolCall {
  /** Where the stream says that it belongs. */
  readonly at: string;
}

/** What came until now, of whatever API. */
export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly CallPart[];
  readonly usage: Usage;
  readonly finish: string | undefined;
  /** A failure that was told in the stream. */
  readonly error: string | undefined;
}

export const NO_ANSWER: Answer = {
  text: '',
  reasoning: '',
  calls: [],
  usage: {},
  finish: undefined,
  error: undefined,
};

const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const placeOf = (value: unknown): string => (typeof value === 'number' ? String(value) : '0');
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Whether anything of the answer itself has come. */
export function hasBegun({ text, reasoning, calls }: Answer): boolean {
  return text !== '' || reasoning !== '' || calls.length > 0;
}

/** The answer with one more event of its stream. */
export function withEvent(answer: Answer, dialect: Dialect, data: unknown): Answer {
  const event = fieldsOf(data);
  const { error } = event;
  if (error !== undefined && error !== null) return { ...answer, error: errorText(error) };
  if (dialect === 'chat') return withChunk(answer, event);
  return dialect === 'messages' ? withMessagesEvent(answer, event) : withResponsesEvent(answer, event);
}

function errorText(error: unknown): string {
  const { message } = fieldsOf(error);
  return typeof message === 'string' ? message : JSON.stringify(error);
}

/** Adds to a call that is there, or begins it. */
function withCall(answer: Answer, at: string, part: Partial<ToolCall>): Answer {
  const known = answer.calls.find((call) => call.at === at);
  if (!known) {
    const call = { at, id: part.id ?? '', name: part.name ?? '', arguments: part.arguments ?? '' };
    return { ...answer, calls: [...answer.calls, call] };
  }
  const more = {
    ...known,
    id: known.id || (part.id ?? ''),
    name: known.name || (part.name ?? ''),
    arguments: known.arguments + (part.arguments ?? ''),
  };
  return { ...answer, calls: answer.calls.map((call) => (call.at === at ? more : call)) };
}

function withUsage(answer: Answer, usage: Usage): Answer {
  const told = Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
  return { ...answer, usage: { ...answer.usage, ...told } };
}

function withChunk(answer: Answer, event: Fields): Answer {
  const { choices, usage } = event;
  const counted = isRecord(usage) ? withUsage(answer, chatUsage(usage)) : answer;
  const choice = fieldsOf(Array.isArray(choices) ? choices[0] : undefined);
  const delta = fieldsOf(choice['delta']);
  const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'].filter(isRecord) : [];
  const said = {
    ...counted,
    text: counted.text + textOf(delta['content']) + textOf(delta['refusal']),
    reasoning: counted.reasoning + (textOf(delta['reasoning_content']) || textOf(delta['reasoning'])),
    finish: textOf(choice['finish_reason']) || counted.finish,
  };
  return calls.reduce((all: Answer, call) => {
    const { name, arguments: args } = fieldsOf(call['function']);
    return withCall(all, placeOf(call['index']), {
      id: textOf(call['id']),
      name: textOf(name),
      arguments: textOf(args),
    });
  }, said);
}

function chatUsage(usage: Fields): Usage {
  return {
    input: numberOf(usage['prompt_tokens']),
    output: numberOf(usage['completion_tokens']),
    cached: numberOf(fieldsOf(usage['prompt_tokens_details'])['cached_tokens']),
    reasoning: numberOf(fieldsOf(usage['completion_tokens_details'])['reasoning_tokens']),
  };
}

function messagesUsage(usage: Fields): Usage {
  const parts = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];
  const [plain, read, written] = parts.map((name) => numberOf(usage[name]));
  return {
    // What was cached is counted beside; elsewhere it is a part.
    input: plain === undefined ? undefined : plain + (read ?? 0) + (written ?? 0),
    cached: read,
    output: numberOf(usage['output_tokens']),
  };
}

function withMessagesEvent(answer: Answer, event: Fields): Answer {
  const at = placeOf(event['index']);
  const delta = fieldsOf(event['delta']);
  switch (event['type']) {
    case 'message_start':
      return withUsage(answer, messagesUsage(fieldsOf(fieldsOf(event['message'])['usage'])));
    case 'content_block_start': {
      const block = fieldsOf(event['content_block']);
      if (block['type'] !== 'tool_use') return { ...answer, text: answer.text + textOf(block['text']) };
      return withCall(answer, at, { id: textOf(block['id']), name: textOf(block['name']) });
    }
    case 'content_block_delta':
      if (delta['type'] === 'input_json_delta') {
        return withCall(answer, at, { arguments: textOf(delta['partial_json']) });
      }
      return {
        ...answer,
        text: answer.text + textOf(delta['text']),
        reasoning: answer.reasoning + textOf(delta['thinking']),
      };
    case 'message_delta': {
      const finish = textOf(delta['stop_reason']) || answer.finish;
      return withUsage({ ...answer, finish }, messagesUsage(fieldsOf(event['usage'])));
    }
    default:
      return answer;
  }
}

function withResponsesEvent(answer: Answer, event: Fields): Answer {
  const at = placeOf(event['output_index']);
  const delta = textOf(event['delta']);
  switch (event['type']) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { ...answer, text: answer.text + delta };
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return { ...answer, reasoning: answer.reasoning + delta };
    case 'response.output_item.added': {
      const item = fieldsOf(event['item']);
      if (item['type'] !== 'function_call') return answer;
      return withCall(answer, at, { id: textOf(item['call_id']), name: textOf(item['name']) });
    }
    case 'response.function_call_arguments.delta':
      return withCall(answer, at, { arguments: delta });
    case 'error':
      return { ...answer, error: textOf(event['message']) || 'error' };
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return responsesEnd(answer, fieldsOf(event['response']));
    default:
      return answer;
  }
}

function responsesEnd(answer: Answer, response: Fields): Answer {
  const usage = fieldsOf(response['usage']);
  const { error } = response;
  const reason = textOf(fieldsOf(response['incomplete_details'])['reason']);
  const ended = {
    ...answer,
    finish: reason || textOf(response['status']) || answer.finish,
    error: isRecord(error) ? errorText(error) : answer.error,
  };
  return withUsage(ended, {
    input: numberOf(usage['input_tokens']),
    output: numberOf(usage['output_tokens']),
    cached: numberOf(fieldsOf(usage['input_tokens_details'])['cached_tokens']),
    reasoning: numberOf(fieldsOf(usage['output_tokens_details'])['reasoning_tokens']),
  });
}
