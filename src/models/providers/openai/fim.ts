import { GatewayError } from '../../../core/errors.ts';
import { type Json, type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { FrameBatch, FrameSplitter, PlacedFrame } from '../../transport/frames.ts';
import { SseSplitter } from '../../transport/sse.ts';

/**
 * A chat answer, whole or a chunk of it, as a text completion: Mistral completes text (`/fim/completions`) with
 * requests as OpenAI's completions have them, and answers as to a chat.
 *
 * @see https://github.com/mistralai/client-python/blob/main/src/mistralai/client/models/fimcompletionresponse.py (checked 2026-11-21)
 * @throws provider_bad_response
 */
export function completionOf(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw new GatewayError('provider_bad_response');
  const { choices } = body;
  if (!Array.isArray(choices)) return body;
  return { ...body, object: 'text_completion', choices: choices.map(completionChoice) };
}

function completionChoice(choice: Json): Json {
  if (!isJsonObject(choice)) return choice;
  const { message, delta, finish_reason: reason, ...rest } = choice;
  const said = isJsonObject(message) ? message : isJsonObject(delta) ? delta : {};
  return {
    ...rest,
    text: textOf(said['content']),
    logprobs: null,
    finish_reason: reason === 'model_length' ? 'length' : (reason ?? null),
  };
}

/** A text, or parts of one. */
function textOf(content: Json | undefined): string {
  if (!Array.isArray(content)) return asString(content) ?? '';
  return content.map((part) => (isJsonObject(part) ? (asString(part['text']) ?? '') : '')).join('');
}

/** Cuts a stream into events, and writes each as the chunk of a text completion. */
export class FimSplitter implements FrameSplitter {
  readonly #events = new SseSplitter();

  push(chunk: Buffer): FrameBatch {
    return rewritten(this.#events.push(chunk));
  }

  flush(): FrameBatch {
    return rewritten(this.#events.flush());
  }
}

function rewritten({ bytes, frames }: FrameBatch): FrameBatch {
  const pieces: Buffer[] = [];
  const placed: PlacedFrame[] = [];
  let start = 0;
  for (const frame of frames) {
    const data = rewrittenData(frame);
    const piece = data === frame.data ? bytes.subarray(frame.start, frame.end) : Buffer.from(`data: ${data}\n\n`);
    pieces.push(piece);
    placed.push({ start, end: start + piece.length, event: frame.event, data });
    start += piece.length;
  }
  return { bytes: Buffer.concat(pieces), frames: placed };
}

/** `[DONE]` and errors stay as they are. */
function rewrittenData({ data }: PlacedFrame): string | undefined {
  const body = data === undefined ? undefined : parseJson(data);
  return isJsonObject(body) && Array.isArray(body['choices']) ? JSON.stringify(completionOf(body)) : data;
}
