import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type CallForm, finishReason } from './finish-reasons.ts';
import { REASONING_ENTRIES } from '../../../core/inference/reasoning-entries.ts';
import { ReasoningLog } from './reasoning-entries.ts';

/** What is added to one choice of an answer, or its end. */
export interface ChoiceDelta {
  readonly choice: number;
  readonly delta: JsonObject;
  /** `finish_reason`; null until the choice ends. */
  readonly finish: string | null;
}

export type ChoiceEvent = Extract<StreamEvent, { readonly choice: number }>;

interface ChoiceOptions {
  readonly choice: number;
  readonly form: CallForm;
  /** For calls without an id, which this API cannot have: the number of the call in this choice follows it. */
  readonly idPrefix: string;
  readonly emit: (delta: ChoiceDelta) => void;
}

interface OpenCall {
  /** Its place in `tool_calls`; -1 where it is the one `function_call`. */
  readonly place: number;
  /** It has no arguments yet but whitespace. */
  empty: boolean;
}

/** What the events of one choice are in this dialect. A stream and a whole answer are both made of these deltas. */
export class ChoiceDeltas {
  readonly #options: ChoiceOptions;
  readonly #reasoning = new ReasoningLog();
  /** By content index. */
  readonly #calls = new Map<number, OpenCall>();
  #started = false;
  #finished = false;
  /** It has something that a reader of OpenAI's own fields can see. */
  #said = false;
  #called = 0;

  constructor(options: ChoiceOptions) {
    this.#options = options;
  }

  read(event: ChoiceEvent): void {
    switch (event.type) {
      case 'text-delta':
        return this.#say({ content: event.text });
      case 'refusal-delta':
        return this.#say({ refusal: event.text });
      case 'reasoning-delta':
        this.#reasoning.add(event.index, event.text);
        return this.#add({ reasoning_content: event.text });
      case 'reasoning-signature':
        return this.#reasoning.prove(event.index, event.signature, event.redacted);
      case 'tool-call-start':
        return this.#startCall(event.index, event.id, event.name);
      case 'tool-call-delta':
        return this.#growCall(event.index, event.argumentsText);
      case 'tool-call-end':
        return this.#endCall(event.index);
      case 'finish':
        return this.finish(event.reason);
      case 'other-content':
    }
  }

  /** Nothing happens where it has ended already: the first reason counts. */
  finish(reason: FinishReason): void {
    for (const index of this.#calls.keys()) this.#endCall(index);
    if (this.#finished) return;
    this.#finished = true;
    // In one piece and once, so that clients that collect lists and clients that replace them both end up with it.
    const entries = this.#reasoning.entries;
    if (entries) this.#add({ [REASONING_ENTRIES]: entries });
    if (!this.#said) this.#sayNothing();
    this.#emit({}, finishReason(reason, this.#called > 0, this.#options.form));
  }

  #say(delta: JsonObject): void {
    this.#said = true;
    this.#add(delta);
  }

  /** An empty text rather than none: readers look at the content where nothing was called or refused. */
  #sayNothing(): void {
    if (this.#started) this.#emit({ content: '' });
    else this.#start('');
  }

  /** The role goes ahead, with an empty text where text follows, as OpenAI has it. */
  #add(delta: JsonObject): void {
    if (!this.#started) this.#start(delta['content'] === undefined ? null : '');
    this.#emit(delta);
  }

  #start(content: '' | null): void {
    this.#started = true;
    this.#emit({ role: 'assistant', content, refusal: null });
  }

  #startCall(index: number, givenId: string, name: string): void {
    this.#endCall(index);
    // In the older form there is room for one; what is over is shown in the newer.
    const isOld = this.#options.form === 'function_call';
    const place = isOld ? this.#called - 1 : this.#called;
    const id = givenId === '' ? `${this.#options.idPrefix}${this.#called}` : givenId;
    this.#called += 1;
    this.#calls.set(index, { place, empty: true });
    const fn = { name, arguments: '' };
    this.#say(
      place < 0 ? { function_call: fn } : { tool_calls: [{ index: place, id, type: 'function', function: fn }] },
    );
  }

  #growCall(index: number, text: string): void {
    const call = this.#calls.get(index);
    if (!call || text === '') return;
    if (text.trim() !== '') call.empty = false;
    const fn = { arguments: text };
    this.#say(call.place < 0 ? { function_call: fn } : { tool_calls: [{ index: call.place, function: fn }] });
  }

  /** Clients parse arguments as JSON, so none at all are an empty object. */
  #endCall(index: number): void {
    if (this.#calls.get(index)?.empty) this.#growCall(index, '{}');
    this.#calls.delete(index);
  }

  #emit(delta: JsonObject, finish: string | null = null): void {
    this.#options.emit({ choice: this.#options.choice, delta, finish });
  }
}
