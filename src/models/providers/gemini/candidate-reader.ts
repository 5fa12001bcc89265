import type { StreamEvent } from '../../../core/events.ts';
import { markedSignature } from '../../../core/inference/signatures.ts';
import { type JsonObject, asString, isJsonObject } from '../../../core/json.ts';
import { mapFinishReason } from './map-finish-reason.ts';
import { PartialArguments } from './partial-arguments.ts';

interface OpenCall {
  readonly index: number;
  readonly partial: PartialArguments;
}

/** Reads one of the answers of a response, chunk by chunk. */
export class CandidateReader {
  readonly #choice: number;
  /** The index of the last part that began, and what it is. */
  #part = -1;
  #kind: 'text' | 'reasoning' | undefined;
  /** A call whose arguments still come. */
  #open: OpenCall | undefined;
  #calls = 0;
  #finished = false;

  constructor(choice: number) {
    this.#choice = choice;
  }

  get finished(): boolean {
    return this.#finished;
  }

  /** @throws provider_bad_response */
  read(candidate: JsonObject, responseId: string): StreamEvent[] {
    const content = isJsonObject(candidate['content']) ? candidate['content'] : {};
    const parts = Array.isArray(content['parts']) ? content['parts'].filter(isJsonObject) : [];
    const events = parts.flatMap((part) => this.#readPart(part, responseId));
    if (isJsonObject(candidate['groundingMetadata'])) events.push(this.#other());
    return [...events, ...this.#finish(asString(candidate['finishReason']))];
  }

  #readPart(part: JsonObject, responseId: string): StreamEvent[] {
    const { text, thought, functionCall } = part;
    const signature = asString(part['thoughtSignature']);
    if (thought === true) return [...this.#reason(asString(text) ?? ''), ...this.#prove(signature, true)];
    const proof = this.#prove(signature, false);
    if (isJsonObject(functionCall)) return [...proof, ...this.#call(functionCall, responseId)];
    if (typeof text === 'string') return [...proof, ...this.#say(text)];
    // A signature may come alone.
    return Object.keys(part).every((key) => key === 'thoughtSignature') ? proof : [...proof, this.#other()];
  }

  #say(text: string): StreamEvent[] {
    return text === '' ? [] : [{ type: 'text-delta', choice: this.#choice, index: this.#partOf('text'), text }];
  }

  #reason(text: string): StreamEvent[] {
    if (text === '') return [];
    return [{ type: 'reasoning-delta', choice: this.#choice, index: this.#partOf('reasoning'), text }];
  }

  /** Of a thought it is the proof; any other belongs to the part behind it, and is a part of its own. */
  #prove(signature: string | undefined, isOfThought: boolean): StreamEvent[] {
    if (signature === undefined || signature === '') return [];
    const index = isOfThought ? this.#partOf('reasoning') : this.#next();
    const marked = markedSignature('gemini', signature);
    return [{ type: 'reasoning-signature', choice: this.#choice, index, signature: marked, redacted: false }];
  }

  /** Arguments come whole, or piece by piece behind a call without them. */
  #call(call: JsonObject, responseId: string): StreamEvent[] {
    const name = asString(call['name']);
    const began = name === undefined ? [] : this.#start(call, name, responseId);
    const open = this.#open;
    if (!open) return began;
    if (isJsonObject(call['args'])) open.partial.merge(call['args']);
    const pieces = Array.isArray(call['partialArgs']) ? call['partialArgs'].filter(isJsonObject) : [];
    for (const piece of pieces) open.partial.add(piece);
    return call['willContinue'] === true ? began : [...began, ...this.#end()];
  }

  #start(call: JsonObject, name: string, responseId: string): StreamEvent[] {
    const unended = this.#end();
    const index = this.#next();
    const id = asString(call['id']) ?? `call_${responseId}_${this.#choice}_${this.#calls}`;
    this.#calls += 1;
    this.#open = { index, partial: new PartialArguments() };
    return [...unended, { type: 'tool-call-start', choice: this.#choice, index, id, name }];
  }

  #end(): StreamEvent[] {
    const open = this.#open;
    if (!open) return [];
    this.#open = undefined;
    const part = { choice: this.#choice, index: open.index };
    return [
      { type: 'tool-call-delta', ...part, argumentsText: open.partial.text },
      { type: 'tool-call-end', ...part },
    ];
  }

  #finish(raw: string | undefined): StreamEvent[] {
    if (raw === undefined || raw === 'FINISH_REASON_UNSPECIFIED' || this.#finished) return [];
    this.#finished = true;
    const reason = mapFinishReason(raw, this.#calls > 0);
    return [...this.#end(), { type: 'finish', choice: this.#choice, reason, raw }];
  }

  #other(): StreamEvent {
    this.#kind = undefined;
    return { type: 'other-content', choice: this.#choice };
  }

  #partOf(kind: 'text' | 'reasoning'): number {
    if (this.#kind !== kind) {
      this.#next();
      this.#kind = kind;
    }
    return this.#part;
  }

  #next(): number {
    this.#kind = undefined;
    this.#part += 1;
    return this.#part;
  }
}
