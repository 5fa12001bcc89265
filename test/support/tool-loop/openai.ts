import { LOOP, type LoopAnswer, argumentsOf, events, finalText, pieces, problemOf, refused, whole } from './script.ts';

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content?: unknown; readonly tool_call_id?: string }[];
}

/** OpenAI's chat completions. @see https://platform.openai.com/docs/api-reference/chat (checked 2026-11-21) */
export function openAiLoop(body: Body): LoopAnswer {
  const said = body.messages.filter(({ role }) => role === 'tool');
  const results = new Map(said.map(({ tool_call_id: id = '', content }) => [id, textOf(content)]));
  const problem = said.length > 0 ? problemOf(results) : undefined;
  if (problem !== undefined) return refused({ error: { message: problem, type: 'invalid_request_error', code: null } });
  const isFirst = said.length === 0;
  const message = isFirst ? FIRST : { role: 'assistant', content: finalText([...results.values()]), refusal: null };
  const finish = isFirst ? 'tool_calls' : 'stop';
  const base = { id: 'chatcmpl-1', created: 1, model: body.model ?? 'm' };
  if (!body.stream) {
    const choices = [{ index: 0, message, finish_reason: finish, logprobs: null }];
    return whole({ ...base, object: 'chat.completion', choices, usage: usageOf(isFirst) });
  }
  const chunk = (delta: object, reason: string | null = null): string =>
    frame({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] });
  const deltas = isFirst
    ? LOOP.calls.flatMap(({ id, city }, index) => [
        { tool_calls: [{ index, id, type: 'function', function: { name: LOOP.tool, arguments: '' } }] },
        ...pieces(argumentsOf(city)).map((text) => ({ tool_calls: [{ index, function: { arguments: text } }] })),
      ])
    : pieces(finalText([...results.values()])).map((content) => ({ content }));
  return events([
    chunk({ role: 'assistant', content: null }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, finish),
    frame({ ...base, object: 'chat.completion.chunk', choices: [], usage: usageOf(isFirst) }),
    'data: [DONE]\n\n',
  ]);
}

const FIRST = {
  role: 'assistant',
  content: null,
  refusal: null,
  tool_calls: LOOP.calls.map(({ id, city }) => {
    return { id, type: 'function', function: { name: LOOP.tool, arguments: argumentsOf(city) } };
  }),
};

function usageOf(isFirst: boolean): object {
  const { input, output } = isFirst ? LOOP.usage : LOOP.usage.final;
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function frame(body: object): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => (part as { text?: string }).text ?? '').join('') : '';
}
