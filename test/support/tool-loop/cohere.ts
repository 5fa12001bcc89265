import { LOOP, type LoopAnswer, argumentsOf, events, finalText, pieces, problemOf, refused, whole } from './script.ts';

interface Body {
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content?: unknown; readonly tool_call_id?: string }[];
}

interface CohereEvent {
  readonly type: string;
  readonly index?: number;
  readonly delta?: object;
}

/** Cohere's chat, version 2. @see https://docs.cohere.com/reference/chat (checked 2026-11-21) */
export function cohereLoop(body: Body): LoopAnswer {
  const said = body.messages.filter(({ role }) => role === 'tool');
  const results = new Map(said.map(({ tool_call_id: id = '', content }) => [id, textOf(content)]));
  const problem = said.length > 0 ? problemOf(results) : undefined;
  if (problem !== undefined) return refused({ id: 'x', message: problem });
  const isFirst = said.length === 0;
  const text = finalText([...results.values()]);
  const message = isFirst ? FIRST : { role: 'assistant', content: [{ type: 'text', text }] };
  const finish = isFirst ? 'TOOL_CALL' : 'COMPLETE';
  if (!body.stream) return whole({ id: 'c1', message, finish_reason: finish, usage: usageOf(isFirst) });
  const bodies = [
    { type: 'message-start', id: 'c1', delta: { message: { role: 'assistant' } } },
    ...(isFirst ? callEvents() : textEvents(text)),
    { type: 'message-end', delta: { finish_reason: finish, usage: usageOf(isFirst) } },
  ];
  return events(bodies.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`));
}

const FIRST = {
  role: 'assistant',
  tool_plan: LOOP.thought,
  tool_calls: LOOP.calls.map(({ id, city }) => {
    return { id, type: 'function', function: { name: LOOP.tool, arguments: argumentsOf(city) } };
  }),
};

function callEvents(): CohereEvent[] {
  const plan = { type: 'tool-plan-delta', delta: { message: { tool_plan: LOOP.thought } } };
  const calls = LOOP.calls.flatMap(({ id, city }, index) => [
    {
      type: 'tool-call-start',
      index,
      delta: { message: { tool_calls: { id, type: 'function', function: { name: LOOP.tool, arguments: '' } } } },
    },
    ...pieces(argumentsOf(city)).map((text) => {
      return { type: 'tool-call-delta', index, delta: { message: { tool_calls: { function: { arguments: text } } } } };
    }),
    { type: 'tool-call-end', index },
  ]);
  return [plan, ...calls];
}

function textEvents(text: string): CohereEvent[] {
  const opened = { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } };
  const deltas = pieces(text).map((piece) => {
    return { type: 'content-delta', index: 0, delta: { message: { content: { text: piece } } } };
  });
  return [opened, ...deltas, { type: 'content-end', index: 0 }];
}

function usageOf(isFirst: boolean): object {
  const { input, output } = isFirst ? LOOP.usage : LOOP.usage.final;
  const tokens = { input_tokens: input, output_tokens: output };
  return { billed_units: tokens, tokens };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (part as { text?: string; document?: { data: unknown } }).text ?? JSON.stringify(part))
    .join('');
}
