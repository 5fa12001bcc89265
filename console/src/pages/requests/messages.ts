import { isRecord } from '../../format/is-record.ts';

/** A piece of what was said, whatever API it was said in. */
export type Part =
  | { readonly kind: 'text' | 'reasoning' | 'refusal'; readonly text: string }
  | { readonly kind: 'media'; readonly what: string; readonly from: string | undefined }
  | { readonly kind: 'tool-call'; readonly id: string | undefined; readonly name: string; readonly value: unknown }
  | { readonly kind: 'tool-result'; readonly id: string | undefined; readonly value: unknown }
  | { readonly kind: 'other'; readonly value: unknown };

export interface Message {
  readonly role: string;
  readonly parts: readonly Part[];
}

type Fields = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const firstText = (...values: readonly unknown[]): string | undefined =>
  values.map(text).find((one) => one !== undefined);
const textPart = (value: string): readonly Part[] => (value === '' ? [] : [{ kind: 'text', text: value }]);

/** What was asked, as a conversation; undefined where it is none, which is then shown as it stands. */
export function readInput(input: unknown): readonly Message[] | undefined {
  if (Array.isArray(input)) return input.length > 0 && input.every(isMessage) ? input.flatMap(readMessage) : undefined;
  if (!isRecord(input)) return undefined;
  const said = [input['messages'], input['contents'], input['input'], input['prompt']].find((one) => one !== undefined);
  const messages = typeof said === 'string' ? [{ role: 'user', content: said }] : said;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) return undefined;
  return [...instructionsOf(input), ...messages.flatMap(readMessage)];
}

/** What was answered; one message for each of several answers. */
export function readOutput(output: unknown): readonly Message[] | undefined {
  if (Array.isArray(output)) {
    return output.length > 0 && output.every(isAnswer) ? output.flatMap((one) => answer(one)) : undefined;
  }
  if (!isRecord(output)) return undefined;
  const { choices, candidates, content, output: items } = output;
  if (Array.isArray(choices)) return choices.filter(isRecord).flatMap(readChoice);
  if (Array.isArray(candidates)) {
    return candidates
      .filter(isRecord)
      .flatMap((one) => readMessage({ role: 'model', parts: [], ...asFields(one['content']) }));
  }
  if (Array.isArray(items)) return items.flatMap(readMessage);
  return Array.isArray(content) ? answer(output) : undefined;
}

function isAnswer(value: unknown): value is Fields {
  return isRecord(value) && typeof value['content'] === 'string';
}

function asFields(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

const answer = (fields: Fields): readonly Message[] => readMessage({ ...fields, role: 'assistant' });

function readChoice({ message, text: completion }: Fields): readonly Message[] {
  return answer(isRecord(message) ? message : { content: completion });
}

function instructionsOf({
  system,
  systemInstruction,
  system_instruction: snake,
  instructions,
}: Fields): readonly Message[] {
  const said = system ?? systemInstruction ?? snake ?? instructions;
  if (said === undefined || said === null) return [];
  if (isRecord(said)) return readMessage({ ...said, role: 'system' });
  return readMessage({ role: 'system', content: said });
}

function isMessage(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const isItem = typeof value['type'] === 'string' && value['object'] === undefined;
  return 'role' in value || Array.isArray(value['parts']) || isItem;
}

function readMessage(value: unknown): readonly Message[] {
  if (!isRecord(value)) return [{ role: 'user', parts: [{ kind: 'other', value }] }];
  const role = firstText(value['role']);
  if (role === undefined && typeof value['type'] === 'string' && value['type'] !== 'message') return [readItem(value)];
  const { content, parts, tool_call_id: callId } = value;
  if (role === 'tool' || role === 'function') {
    return [{ role: 'tool', parts: [{ kind: 'tool-result', id: text(callId), value: resultOf(content) }] }];
  }
  const said = Array.isArray(parts) ? parts.flatMap(readGeminiPart) : readContent(content);
  return [
    {
      role: roleNamed(role ?? 'user'),
      parts: [...reasoningOf(value), ...said, ...refusalOf(value), ...callsOf(value)],
    },
  ];
}

function roleNamed(role: string): string {
  return role === 'model' ? 'assistant' : role;
}

function reasoningOf({ reasoning, reasoning_content: content }: Fields): readonly Part[] {
  const said = firstText(content, reasoning);
  return said === undefined || said === '' ? [] : [{ kind: 'reasoning', text: said }];
}

function refusalOf({ refusal }: Fields): readonly Part[] {
  return typeof refusal === 'string' && refusal !== '' ? [{ kind: 'refusal', text: refusal }] : [];
}

function callsOf({ tool_calls: calls }: Fields): readonly Part[] {
  if (!Array.isArray(calls)) return [];
  return calls.filter(isRecord).map((call) => {
    const called = { ...call, ...asFields(call['function']), ...asFields(call['custom']) };
    return toolCall(call['id'], called['name'], called['arguments'] ?? called['input']);
  });
}

function toolCall(id: unknown, name: unknown, value: unknown): Part {
  return { kind: 'tool-call', id: text(id), name: text(name) ?? '?', value: parsed(value) };
}

/** Arguments and results are often JSON in a text. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function resultOf(value: unknown): unknown {
  const blocks = Array.isArray(value) ? value.filter(isRecord) : [];
  const [only] = blocks;
  const isOneText = blocks.length === 1 && only !== undefined && typeof only['text'] === 'string';
  return parsed(isOneText ? only['text'] : value);
}

/** Items of the responses API that are no messages. */
function readItem(item: Fields): Message {
  const { type, call_id: id, name, arguments: given, input, output } = item;
  if (type === 'function_call' || type === 'custom_tool_call') {
    return { role: 'assistant', parts: [toolCall(id, name, given ?? input)] };
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    return { role: 'tool', parts: [{ kind: 'tool-result', id: text(id), value: resultOf(output) }] };
  }
  if (type === 'reasoning') return { role: 'assistant', parts: [{ kind: 'reasoning', text: summaryOf(item) }] };
  return { role: String(type).endsWith('_call') ? 'assistant' : 'user', parts: readBlock(item) };
}

function summaryOf({ summary, content }: Fields): string {
  const pieces = [summary, content].flatMap((one) => (Array.isArray(one) ? one : [])).filter(isRecord);
  return pieces.flatMap((piece) => text(piece['text']) ?? []).join('\n\n');
}

function readContent(content: unknown): readonly Part[] {
  if (typeof content === 'string') return textPart(content);
  if (Array.isArray(content)) return content.flatMap(readBlock);
  return content === undefined || content === null ? [] : [{ kind: 'other', value: content }];
}

const MEDIA = new Set([
  'image',
  'image_url',
  'input_image',
  'input_audio',
  'file',
  'input_file',
  'document',
  'video_url',
]);

function readBlock(block: unknown): readonly Part[] {
  if (typeof block === 'string') return textPart(block);
  if (!isRecord(block)) return [{ kind: 'other', value: block }];
  const type = text(block['type']);
  if (type === 'text' || type === 'input_text' || type === 'output_text') return textPart(text(block['text']) ?? '');
  if (type === 'refusal') return refusalOf(block);
  if (type === 'thinking') return [{ kind: 'reasoning', text: text(block['thinking']) ?? '' }];
  if (type === 'tool_use') return [toolCall(block['id'], block['name'], block['input'])];
  if (type === 'tool_result') {
    return [{ kind: 'tool-result', id: text(block['tool_use_id']), value: resultOf(block['content']) }];
  }
  if (type !== undefined && MEDIA.has(type)) return [mediaOf(type, block)];
  return [{ kind: 'other', value: block }];
}

function readGeminiPart(part: unknown): readonly Part[] {
  if (!isRecord(part)) return [{ kind: 'other', value: part }];
  const { text: said, thought, functionCall: call, functionResponse: response } = part;
  if (typeof said === 'string') return thought === true ? [{ kind: 'reasoning', text: said }] : textPart(said);
  if (isRecord(call)) return [toolCall(call['id'] ?? call['name'], call['name'], call['args'])];
  if (isRecord(response)) {
    return [{ kind: 'tool-result', id: firstText(response['id'], response['name']), value: response['response'] }];
  }
  const media = part['inlineData'] ?? part['inline_data'] ?? part['fileData'] ?? part['file_data'];
  return isRecord(media) ? [mediaOf('file', media)] : [{ kind: 'other', value: part }];
}

const DATA_URL = /^data:([^;,]{1,100})[;,]/;

/** What it is and where from; never the bytes, and nothing is loaded. */
function mediaOf(type: string, block: Fields): Part {
  const inner = {
    ...block,
    ...asFields(block['image_url']),
    ...asFields(block['source']),
    ...asFields(block['file']),
    ...asFields(block['input_audio']),
  };
  const url = firstText(
    inner['url'],
    inner['image_url'],
    inner['file_data'],
    inner['fileUri'],
    inner['file_uri'],
    inner['file_id'],
    inner['filename'],
  );
  const data = firstText(inner['data']);
  const named = firstText(inner['media_type'], inner['mimeType'], inner['mime_type'], inner['format']);
  const what = named ?? DATA_URL.exec(url ?? '')?.[1] ?? type.replace(/^input_|_url$/g, '');
  const bytes = data ?? (url?.startsWith('data:') === true ? url : undefined);
  return { kind: 'media', what, from: bytes === undefined ? url : `${Math.ceil((bytes.length * 3) / 4 / 1024)} KiB` };
}

/** Messages as lines, to hold them against others. */
export function asText(messages: readonly Message[]): string {
  return messages.map(({ role, parts }) => [`# ${role}`, ...parts.map(partText)].join('\n')).join('\n\n');
}

function partText(part: Part): string {
  if ('text' in part) return part.kind === 'text' ? part.text : `(${part.kind}) ${part.text}`;
  if (part.kind === 'media') return `(${part.what}${part.from === undefined ? '' : `, ${part.from}`})`;
  const value = typeof part.value === 'string' ? part.value : (JSON.stringify(part.value, undefined, 2) ?? '');
  return part.kind === 'tool-call' ? `→ ${part.name} ${value}` : part.kind === 'tool-result' ? `← ${value}` : value;
}
