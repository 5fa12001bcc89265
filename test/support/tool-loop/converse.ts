import { EVENT_STREAM_HEADERS, eventFrame } from '../event-stream.ts';
import { LOOP, type LoopAnswer, argumentsOf, finalText, pieces, problemOf, refused, whole } from './script.ts';

interface Block {
  readonly toolResult?: { readonly toolUseId: string; readonly content: readonly { text?: string; json?: unknown }[] };
  readonly reasoningContent?: { readonly reasoningText?: { readonly signature?: string } };
}

interface Body {
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly additionalModelRequestFields?: { readonly thinking?: { readonly type: string } };
}

/** Bedrock's Converse. @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (checked 2026-11-21) */
export function converseLoop(body: Body, stream: boolean): LoopAnswer {
  const blocks = body.messages.flatMap(({ content }) => content);
  const said = blocks.flatMap(({ toolResult }) => toolResult ?? []);
  const results = new Map(said.map(({ toolUseId, content }) => [toolUseId, textOf(content)]));
  const thinks = body.additionalModelRequestFields?.thinking !== undefined;
  const problem = said.length > 0 ? (problemOf(results) ?? (thinks ? proofProblem(blocks) : undefined)) : undefined;
  if (problem !== undefined) return refused({ message: problem, __type: 'ValidationException' });
  const isFirst = said.length === 0;
  const content: readonly object[] = isFirst ? firstBlocks(thinks) : [{ text: finalText([...results.values()]) }];
  const stopReason = isFirst ? 'tool_use' : 'end_turn';
  const usage = usageOf(isFirst);
  if (!stream)
    return whole({ output: { message: { role: 'assistant', content } }, stopReason, usage, metrics: { latencyMs: 1 } });
  const frames = [
    { messageStart: { role: 'assistant' } },
    ...content.flatMap((block, contentBlockIndex) => blockEvents(block, contentBlockIndex)),
    { messageStop: { stopReason } },
    { metadata: { usage, metrics: { latencyMs: 1 } } },
  ];
  return {
    headers: EVENT_STREAM_HEADERS,
    chunks: frames.flatMap((frame) =>
      Object.entries(frame).map(([type, payload]) => eventFrame(type, payload as object)),
    ),
  };
}

function firstBlocks(thinks: boolean): object[] {
  const calls = LOOP.calls.map(({ id, city }) => ({ toolUse: { toolUseId: id, name: LOOP.tool, input: { city } } }));
  const reasoning = { reasoningContent: { reasoningText: { text: LOOP.thought, signature: LOOP.proof } } };
  return thinks ? [reasoning, ...calls] : calls;
}

function proofProblem(blocks: readonly Block[]): string | undefined {
  const isThere = blocks.some((block) => block.reasoningContent?.reasoningText?.signature === LOOP.proof);
  return isThere ? undefined : 'a turn with tool use must start with its reasoning';
}

function usageOf(isFirst: boolean): object {
  const { input, output } = isFirst ? LOOP.usage : LOOP.usage.final;
  return { inputTokens: input, outputTokens: output, totalTokens: input + output };
}

function blockEvents(block: object, contentBlockIndex: number): object[] {
  const delta = (said: object): object => ({ contentBlockDelta: { contentBlockIndex, delta: said } });
  const stop = { contentBlockStop: { contentBlockIndex } };
  if ('toolUse' in block) {
    const { toolUseId, name, input } = block.toolUse as { toolUseId: string; name: string; input: { city: string } };
    const start = { contentBlockStart: { contentBlockIndex, start: { toolUse: { toolUseId, name } } } };
    return [start, ...pieces(argumentsOf(input.city)).map((text) => delta({ toolUse: { input: text } })), stop];
  }
  if ('text' in block) return [...pieces(String(block.text)).map((text) => delta({ text })), stop];
  return [
    delta({ reasoningContent: { text: LOOP.thought } }),
    delta({ reasoningContent: { signature: LOOP.proof } }),
    stop,
  ];
}

function textOf(content: readonly { text?: string; json?: unknown }[]): string {
  return content.map(({ text, json }) => text ?? JSON.stringify(json)).join('');
}
