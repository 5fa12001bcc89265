import { type BodyPatch, patchBytes } from '../../../../core/body-patch.ts';
import type { Call, Target } from '../../../../core/call.ts';
import { type Json, type JsonObject, isJsonObject, parseJson } from '../../../../core/json.ts';
import type { StreamItem } from '../../../../core/reply.ts';
import type { ModelCatalog } from '../../../../models/catalog.ts';
import { SseSplitter } from '../../../../models/transport/sse.ts';

/** Asks for the probabilities of an answer's tokens. */
export const ASK_LOGPROBS: readonly BodyPatch[] = [{ op: 'set', path: '/logprobs', value: true }];

/** Servers write the least probable tokens as -9999 or so; one of them says no more than that it was improbable. */
const LEAST = -20;

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Only of OpenAI's chat: what is translated has none. */
export function mayHaveLogprobs(catalog: ModelCatalog, { dialect, operation }: Call, target: Target): boolean {
  const wire = catalog.provider(target.provider).wire(dialect, operation, target.model);
  return dialect === 'openai' && wire?.dialect === 'openai';
}

export function asksLogprobs({ body }: Call): boolean {
  return body.resolved['logprobs'] === true;
}

/**
 * Reads the probabilities of an answer's tokens as it goes by, and takes them out where the client did not ask for
 * them.
 */
export class TokenLogprobs {
  readonly #takesOut: boolean;
  #sum = 0;
  #tokens = 0;

  constructor(takesOut: boolean) {
    this.#takesOut = takesOut;
  }

  /**
   * How sure the model was of its words, 0 to 1: the geometric mean of its tokens' probabilities, which is the same for
   * short and for long answers. Undefined where it said none.
   */
  get confidence(): number | undefined {
    return this.#tokens === 0 ? undefined : Math.exp(this.#sum / this.#tokens);
  }

  whole(body: Buffer): Buffer {
    return this.#read(body);
  }

  /** Items have whole frames. */
  readonly item = (item: StreamItem): StreamItem => {
    if (!item.bytes) return item;
    const { buffer, byteOffset, byteLength } = item.bytes;
    const source = Buffer.from(buffer, byteOffset, byteLength);
    if (!source.includes('"logprobs"')) return item;
    const { bytes, frames } = new SseSplitter().push(source);
    const shown: Buffer[] = [];
    let isChanged = false;
    let from = 0;
    for (const { start, end } of frames) {
      const open = bytes.indexOf(OPEN_BRACE, start);
      const close = bytes.lastIndexOf(CLOSE_BRACE, end - 1);
      if (open < start || open >= end || close < open) continue;
      const json = bytes.subarray(open, close + 1);
      const read = this.#read(json);
      if (read === json) continue;
      isChanged = true;
      shown.push(bytes.subarray(from, open), read);
      from = close + 1;
    }
    if (!isChanged) return item;
    // What follows the last frame, which is nothing, stays as well.
    return { ...item, bytes: Buffer.concat([...shown, source.subarray(from)]) };
  };

  #read(source: Buffer): Buffer {
    const json = parseJson(source.toString('utf8'));
    const choices = isJsonObject(json) && Array.isArray(json['choices']) ? json['choices'] : [];
    const patches: BodyPatch[] = [];
    for (const [at, choice] of choices.entries()) {
      if (!isJsonObject(choice) || !isJsonObject(choice['logprobs'])) continue;
      if ((choice['index'] ?? 0) === 0) this.#add(choice['logprobs']);
      patches.push({ op: 'set', path: `/choices/${at}/logprobs`, value: null });
    }
    return this.#takesOut && patches.length > 0 ? patchBytes(source, patches) : source;
  }

  /** Newer servers list tokens with what belongs to each, older ones have a list of numbers. */
  #add({ content, refusal, token_logprobs: older }: JsonObject): void {
    for (const list of [content, refusal]) {
      if (Array.isArray(list))
        for (const token of list) this.#token(isJsonObject(token) ? token['logprob'] : undefined);
    }
    if (Array.isArray(older)) for (const logprob of older) this.#token(logprob);
  }

  #token(logprob: Json | undefined): void {
    if (typeof logprob !== 'number' || Number.isNaN(logprob)) return;
    this.#sum += Math.min(0, Math.max(LEAST, logprob));
    this.#tokens += 1;
  }
}
