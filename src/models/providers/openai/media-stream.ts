import type { Operation } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import { type JsonObject, asString, isJsonObject, parseJson } from '../../../core/json.ts';
import type { FrameReading, SseFrame, StreamReader } from '../provider.ts';
import { mapErrorObject } from './map-error.ts';
import { mediaUsageIn } from './map-media-usage.ts';

/** Content that is no text: a piece of audio, an image that is not finished, a speaker's segment. */
const PIECES: ReadonlySet<string> = new Set([
  'speech.audio.delta',
  'transcript.text.segment',
  'image_generation.partial_image',
  'image_edit.partial_image',
]);

const IMAGES: ReadonlySet<string> = new Set(['image_generation.completed', 'image_edit.completed']);

/** By which an answer is complete. The second of the transcripts is Mistral's. */
const LAST: ReadonlySet<string> = new Set([
  'speech.audio.done',
  'transcript.text.done',
  'transcription.done',
  ...IMAGES,
]);

/**
 * Reads the streams of speech, transcriptions and images. They end with an event of their own, after which some
 * servers say `[DONE]` and others nothing.
 *
 * @see https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event (checked 2026-11-21)
 * @see https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event (checked 2026-11-21)
 * @see https://platform.openai.com/docs/api-reference/images-streaming (checked 2026-11-21)
 * @see https://github.com/mistralai/client-python/blob/main/src/mistralai/client/models/transcriptionstreamdone.py (checked 2026-11-21)
 */
export class MediaStreamReader implements StreamReader {
  readonly #operation: Operation;
  #images = 0;
  #complete = false;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  get complete(): boolean {
    return this.#complete;
  }

  step(frame: SseFrame): FrameReading {
    if (frame.data === '[DONE]') return this.#done();
    const body = parseJson(frame.data);
    if (!isJsonObject(body)) return shown([{ type: 'error', error: new GatewayError('provider_bad_response') }]);
    const type = asString(body['type']) ?? frame.event ?? '';
    const error = errorIn(body, type);
    return shown(error === undefined ? this.#read(type, body) : [{ type: 'error', error: mapErrorObject(error) }]);
  }

  #read(type: string, body: JsonObject): StreamEvent[] {
    const text = textIn(type, body);
    if (text) return [{ type: 'text-delta', choice: 0, index: 0, text }];
    if (PIECES.has(type)) return [{ type: 'other-content', choice: 0 }];
    if (LAST.has(type)) return this.#last(type, body);
    return chunkEvents(body);
  }

  /** Where several images are made, each has such an event. */
  #last(type: string, body: JsonObject): StreamEvent[] {
    this.#complete = true;
    const isImage = IMAGES.has(type);
    if (isImage) this.#images += 1;
    const usage = mediaUsageIn(this.#operation, body, isImage ? this.#images : undefined);
    return [{ type: 'other-content', choice: 0 }, ...(usage ? [{ type: 'usage', usage } as const] : [])];
  }

  #done(): FrameReading {
    this.#complete = true;
    return shown([{ type: 'end' }]);
  }
}

/** The second name is Mistral's. */
function textIn(type: string, body: JsonObject): string | undefined {
  if (type === 'transcript.text.delta') return asString(body['delta']);
  return type === 'transcription.text.delta' ? asString(body['text']) : undefined;
}

/** vLLM sends transcriptions in chunks as of a chat, and `[DONE]` at their end. */
function chunkEvents({ choices }: JsonObject): StreamEvent[] {
  return (Array.isArray(choices) ? choices : []).flatMap((choice): StreamEvent[] => {
    const delta = isJsonObject(choice) && isJsonObject(choice['delta']) ? choice['delta'] : {};
    const text = asString(delta['content']);
    return text ? [{ type: 'text-delta', choice: 0, index: 0, text }] : [];
  });
}

function errorIn(body: JsonObject, type: string): unknown {
  if (body['error'] !== undefined && body['error'] !== null) return body['error'];
  return type === 'error' ? body : undefined;
}

function shown(events: readonly StreamEvent[]): FrameReading {
  return { events, hidden: false };
}
