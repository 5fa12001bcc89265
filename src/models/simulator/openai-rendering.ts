import type { JsonObject } from '../../core/json.ts';
import type { AnswerPart, Choice, Finish } from './answer.ts';
import { type Frame, FrameList, type Rendering } from './rendering.ts';

const FINISH_REASONS: Record<Finish, string> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
};
const FINGERPRINT = 'fp_causeway_sim';

/** A whole chat completion. @see https://platform.openai.com/docs/api-reference/chat/object (checked 2026-11-21) */
export function renderOpenAiWhole(rendering: Rendering): string {
  const { idLetters, created, prompt, answer } = rendering;
  return JSON.stringify({
    id: `chatcmpl-${idLetters}`,
    object: 'chat.completion',
    created,
    model: prompt.model,
    choices: answer.choices.map((choice, index) => ({
      index,
      message: messageOf(choice, index, idLetters),
      logprobs: null,
      finish_reason: FINISH_REASONS[choice.finish],
    })),
    usage: usageOf(rendering),
    service_tier: 'default',
    system_fingerprint: FINGERPRINT,
  });
}

function messageOf({ parts }: Choice, index: number, letters: string): JsonObject {
  const [first] = parts;
  const isCall = first?.kind === 'tool-call';
  const message = { role: 'assistant', content: isCall ? null : (first?.tokens.join('') ?? ''), refusal: null };
  if (!isCall) return { ...message, annotations: [] };
  const calls = parts.map((part, at) => ({
    id: callId(letters, index, at),
    type: 'function',
    function: { name: part.kind === 'tool-call' ? part.name : '', arguments: part.tokens.join('') },
  }));
  return { ...message, tool_calls: calls, annotations: [] };
}

function callId(letters: string, choice: number, call: number): string {
  return `call_${letters.slice(0, 20)}${choice.toString(36)}${call.toString(36).padStart(2, '0')}`;
}

/** Cached tokens stand inside `prompt_tokens`, reasoning inside `completion_tokens`. */
function usageOf({ prompt, answer, cached }: Rendering): JsonObject {
  return {
    prompt_tokens: prompt.tokens,
    completion_tokens: answer.outputTokens,
    total_tokens: prompt.tokens + answer.outputTokens,
    prompt_tokens_details: { cached_tokens: cached.read, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: answer.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** The chunks of a stream with `[DONE]` at its end; choices take turns. */
export function renderOpenAiStream(rendering: Rendering): Frame[] {
  const { prompt, answer } = rendering;
  const chunk = chunkWriter(rendering);
  const choices = answer.choices.map((choice, index) => choiceFrames(choice, index, rendering.idLetters, chunk));
  const end = new FrameList(Math.max(...choices.map(({ said }) => said)));
  end.close();
  answer.choices.forEach(({ finish }, index) => end.add(chunk(index, '{}', FINISH_REASONS[finish])));
  if (prompt.includeUsage) end.add(chunk(undefined, JSON.stringify(usageOf(rendering))));
  end.add('data: [DONE]\n\n');
  return [...inTurns(choices), ...end.frames];
}

function inTurns(choices: readonly FrameList[]): Frame[] {
  const longest = Math.max(...choices.map(({ frames }) => frames.length));
  return Array.from({ length: longest }, (_, turn) => choices.flatMap(({ frames }) => frames[turn] ?? [])).flat();
}

/** Writes a chunk from the JSON text of a choice's delta, or (without a choice) of the usage. */
type ChunkWriter = (choice: number | undefined, json: string, finish?: string) => string;

/** All chunks of a stream begin alike, so that is written once. */
function chunkWriter({ idLetters, created, prompt }: Rendering): ChunkWriter {
  const head =
    `data: {"id":"chatcmpl-${idLetters}","object":"chat.completion.chunk","created":${created},` +
    `"model":${JSON.stringify(prompt.model)},"service_tier":"default","system_fingerprint":"${FINGERPRINT}","choices":[`;
  const noUsage = prompt.includeUsage ? ',"usage":null' : '';
  return (choice, json, finish) => {
    if (choice === undefined) return `${head}],"usage":${json}}\n\n`;
    const reason = finish === undefined ? 'null' : `"${finish}"`;
    return `${head}{"index":${choice},"delta":${json},"logprobs":null,"finish_reason":${reason}}]${noUsage}}\n\n`;
  };
}

function choiceFrames({ parts }: Choice, index: number, letters: string, chunk: ChunkWriter): FrameList {
  const content = parts[0]?.kind === 'tool-call' ? 'null' : '""';
  const list = new FrameList();
  list.add(chunk(index, `{"role":"assistant","content":${content},"refusal":null}`));
  parts.forEach((part, at) => {
    for (const delta of partDeltas(part, at, callId(letters, index, at))) list.say(chunk(index, delta));
  });
  return list;
}

/** The JSON texts of the deltas, one a token. */
function* partDeltas(part: AnswerPart, at: number, id: string): Generator<string> {
  if (part.kind !== 'tool-call') {
    for (const token of part.tokens) yield `{"content":${JSON.stringify(token)}}`;
    return;
  }
  const name = JSON.stringify(part.name);
  yield `{"tool_calls":[{"index":${at},"id":"${id}","type":"function","function":{"name":${name},"arguments":""}}]}`;
  for (const token of part.tokens) {
    yield `{"tool_calls":[{"index":${at},"function":{"arguments":${JSON.stringify(token)}}}]}`;
  }
}
