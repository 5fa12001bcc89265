import { LOOP, type LoopAnswer, argumentsOf, events, finalText, pieces, problemOf, refused, whole } from './script.ts';

interface Block {
  readonly type: string;
  readonly tool_use_id?: string;
  readonly content?: unknown;
  readonly signature?: string;
}

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly thinking?: { readonly type: string };
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Block[] }[];
}

/** Anthropic's messages. @see https://docs.anthropic.com/en/api/messages (checked 2026-11-21) */
export function anthropicLoop(body: Body): LoopAnswer {
  const blocks = body.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const said = blocks.filter(({ type }) => type === 'tool_result');
  const results = new Map(said.map(({ tool_use_id: id = '', content }) => [id, textOf(content)]));
  const thinks = body.thinking !== undefined && body.thinking.type !== 'disabled';
  const problem = said.length > 0 ? (problemOf(results) ?? (thinks ? proofProblem(blocks) : undefined)) : undefined;
  if (problem !== undefined)
    return refused({ type: 'error', error: { type: 'invalid_request_error', message: problem } });
  const isFirst = said.length === 0;
  const content = isFirst ? firstBlocks(thinks) : [{ type: 'text', text: finalText([...results.values()]) }];
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: body.model ?? 'm',
    content,
    stop_reason: isFirst ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: usageOf(isFirst),
  };
  return body.stream ? streamed(message) : whole(message);
}

function proofProblem(blocks: readonly Block[]): string | undefined {
  const isThere = blocks.some((block) => block.type === 'thinking' && block.signature === LOOP.proof);
  return isThere ? undefined : 'a turn with tool_use must start with a thinking block';
}

type Content = { readonly type: string } & Readonly<Record<string, unknown>>;

function firstBlocks(thinks: boolean): Content[] {
  const calls = LOOP.calls.map(({ id, city }) => ({ type: 'tool_use', id, name: LOOP.tool, input: { city } }));
  const thinking = { type: 'thinking', thinking: LOOP.thought, signature: LOOP.proof };
  return thinks ? [thinking, ...calls] : calls;
}

function usageOf(isFirst: boolean): object {
  const { input, output } = isFirst ? LOOP.usage : LOOP.usage.final;
  return { input_tokens: input, output_tokens: output };
}

function streamed(message: { content: readonly Content[]; stop_reason: string; usage: object }): LoopAnswer {
  const { content, stop_reason: reason, usage } = message;
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  const bodies = [
    { type: 'message_start', message: start },
    ...content.flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: opened(block) },
      ...deltasOf(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  return events(bodies.map((body) => `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`));
}

function opened(block: Content): object {
  if (block.type === 'thinking') return { ...block, thinking: '', signature: '' };
  return block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} };
}

function deltasOf(block: Content): object[] {
  if (block.type === 'text') return pieces(String(block['text'])).map((text) => ({ type: 'text_delta', text }));
  if (block.type === 'thinking') {
    return [
      { type: 'thinking_delta', thinking: LOOP.thought },
      { type: 'signature_delta', signature: LOOP.proof },
    ];
  }
  const { city } = block['input'] as { city: string };
  return pieces(argumentsOf(city)).map((text) => ({ type: 'input_json_delta', partial_json: text }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => (part as { text?: string }).text ?? '').join('') : '';
}
