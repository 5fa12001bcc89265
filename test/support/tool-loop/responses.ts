import { LOOP, type LoopAnswer, argumentsOf, events, finalText, pieces, problemOf, refused, whole } from './script.ts';

interface Item {
  readonly id?: string;
  readonly type?: string;
  readonly call_id?: string;
  readonly output?: unknown;
  readonly encrypted_content?: string | null;
}

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly input?: string | readonly Item[];
  readonly previous_response_id?: string;
}

type Output = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** OpenAI's responses. @see https://platform.openai.com/docs/api-reference/responses (checked 2026-11-21) */
export function responsesLoop(body: Body): LoopAnswer {
  const items = Array.isArray(body.input) ? (body.input as readonly Item[]) : [];
  const said = items.filter(({ type }) => type === 'function_call_output');
  const results = new Map(said.map(({ call_id: id = '', output }) => [id, textOf(output)]));
  const problem = said.length > 0 ? (problemOf(results) ?? proofProblem(body, items)) : undefined;
  if (problem !== undefined) return refused({ error: { message: problem, type: 'invalid_request_error', code: null } });
  const isFirst = said.length === 0;
  const output = isFirst ? FIRST : [messageOf(finalText([...results.values()]))];
  const response = responseOf(body, output, isFirst);
  return body.stream ? streamed(response, output) : whole(response);
}

/** Reasoning items have to come back with the calls that followed them, unless the provider keeps them itself. */
function proofProblem({ previous_response_id: previous }: Body, items: readonly Item[]): string | undefined {
  if (previous !== undefined) return previous === 'resp_first_000001' ? undefined : `there is no response ${previous}`;
  const isThere = items.some(({ type, id, encrypted_content: proof }) => {
    // Where the provider keeps what it said, its id will do.
    return (type === 'item_reference' && id === 'rs_1') || (type === 'reasoning' && proof === LOOP.proof);
  });
  return isThere ? undefined : 'function_call was provided without its required reasoning item';
}

const FIRST: readonly Output[] = [
  {
    id: 'rs_1',
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: LOOP.thought }],
    encrypted_content: LOOP.proof,
  },
  ...LOOP.calls.map(({ id, city }, at) => {
    return {
      id: `fc_${at}`,
      type: 'function_call',
      call_id: id,
      name: LOOP.tool,
      arguments: argumentsOf(city),
      status: 'completed',
    };
  }),
];

function messageOf(text: string): Output {
  const content = [{ type: 'output_text', text, annotations: [], logprobs: [] }];
  return { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content };
}

function responseOf({ model = 'm' }: Body, output: readonly Output[], isFirst: boolean): Record<string, unknown> {
  const { input, output: tokens } = isFirst ? LOOP.usage : LOOP.usage.final;
  return {
    id: isFirst ? 'resp_first_000001' : 'resp_second_000002',
    object: 'response',
    created_at: 1,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: true,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    metadata: {},
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + tokens,
    },
  };
}

function streamed(response: Record<string, unknown>, output: readonly Output[]): LoopAnswer {
  const open = { ...response, status: 'in_progress', output: [], usage: null };
  const bodies: Record<string, unknown>[] = [
    { type: 'response.created', response: open },
    { type: 'response.in_progress', response: open },
    ...output.flatMap((item, at) => itemEvents(item, at)),
    { type: 'response.completed', response },
  ];
  return events(
    bodies.map(
      (body, at) => `event: ${String(body['type'])}\ndata: ${JSON.stringify({ ...body, sequence_number: at })}\n\n`,
    ),
  );
}

function itemEvents(item: Output, at: number): Record<string, unknown>[] {
  const place = { item_id: item.id, output_index: at };
  const added = (open: object): Record<string, unknown> => {
    return { type: 'response.output_item.added', output_index: at, item: { ...item, ...open } };
  };
  const done = { type: 'response.output_item.done', output_index: at, item };
  if (item.type === 'reasoning') return [added({ summary: [] }), ...summaryEvents(place), done];
  if (item.type === 'function_call') {
    const text = String(item['arguments']);
    const deltas = pieces(text).map((delta) => ({ type: 'response.function_call_arguments.delta', ...place, delta }));
    const end = { type: 'response.function_call_arguments.done', ...place, name: LOOP.tool, arguments: text };
    return [added({ arguments: '', status: 'in_progress' }), ...deltas, end, done];
  }
  const [part] = item['content'] as readonly [{ text: string }];
  const within = { ...place, content_index: 0 };
  return [
    added({ content: [], status: 'in_progress' }),
    { type: 'response.content_part.added', ...within, part: { ...part, text: '' } },
    ...pieces(part.text).map((delta) => ({ type: 'response.output_text.delta', ...within, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...within, text: part.text, logprobs: [] },
    { type: 'response.content_part.done', ...within, part },
    done,
  ];
}

function summaryEvents(place: object): Record<string, unknown>[] {
  const within = { ...place, summary_index: 0 };
  const part = { type: 'summary_text', text: LOOP.thought };
  return [
    { type: 'response.reasoning_summary_part.added', ...within, part: { type: 'summary_text', text: '' } },
    { type: 'response.reasoning_summary_text.delta', ...within, delta: LOOP.thought },
    { type: 'response.reasoning_summary_text.done', ...within, text: LOOP.thought },
    { type: 'response.reasoning_summary_part.done', ...within, part },
  ];
}

function textOf(output: unknown): string {
  if (typeof output === 'string') return output;
  return Array.isArray(output) ? output.map((part) => (part as { text?: string }).text ?? '').join('') : '';
}
