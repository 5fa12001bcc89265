import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { ReasoningPart } from '../../../core/inference/content.ts';
import { sealForGemini } from '../../../core/inference/gemini-seal.ts';
import { signatureFor } from '../../../core/inference/signatures.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import type { JsonObject } from '../../../core/json.ts';
import { finishReason } from './finish-reasons.ts';

export type ChoiceEvent = Extract<StreamEvent, { readonly choice: number }>;
type Reasoning = Extract<ChoiceEvent, { type: 'reasoning-delta' | 'reasoning-signature' }>;

interface ChoiceOptions {
  /** For calls without an id: the number of the call in this choice follows it. */
  readonly idPrefix: string;
  /** The client asked for thoughts. */
  readonly showsThoughts: boolean;
  readonly emit: (part: JsonObject) => void;
}

/** A part that is ready, or a call whose arguments still come. */
interface Queued {
  readonly part: JsonObject;
  readonly call: OpenCall | undefined;
}

interface OpenCall {
  argumentsText: string;
  ended: boolean;
}

type Thought = { -readonly [K in keyof ReasoningPart]: ReasoningPart[K] };

/**
 * What the events of one choice are in this dialect: parts, each whole but for texts, in the order in which they began.
 * A stream and a whole answer are both made of them.
 */
export class ChoiceParts {
  readonly #options: ChoiceOptions;
  readonly #queue: Queued[] = [];
  /** By content index. */
  readonly #calls = new Map<number, OpenCall>();
  /** What was thought since the last part that is no thought, by content index. */
  readonly #thoughts = new Map<number, Thought>();
  /** A signature of Gemini's own that waits for its part. */
  #own: string | undefined;
  #called = 0;
  #finish: FinishReason = 'other';
  #refused = false;

  constructor(options: ChoiceOptions) {
    this.#options = options;
  }

  get finishReason(): string {
    return finishReason(this.#finish, this.#refused);
  }

  read(event: ChoiceEvent): void {
    switch (event.type) {
      case 'text-delta':
        return this.#say(event.text);
      case 'refusal-delta':
        this.#refused = true;
        return this.#say(event.text);
      case 'reasoning-delta':
      case 'reasoning-signature':
        return this.#think(event);
      case 'tool-call-start':
        return this.#startCall(event);
      case 'tool-call-delta':
        return this.#growCall(event.index, event.argumentsText);
      case 'tool-call-end':
        return this.#endCall(event.index);
      case 'finish':
        this.#finish = event.reason;
        return this.endCalls();
      default:
    }
  }

  /** No arguments come any more. */
  endCalls(): void {
    for (const index of this.#calls.keys()) this.#endCall(index);
  }

  /**
   * The part that goes with the reason why the answer ended, as Gemini has it: an empty text, with the proof of what was
   * thought and not said. Clients drop a turn with content that has no part.
   */
  lastPart(): JsonObject {
    return this.#signed({ text: '' });
  }

  #say(text: string): void {
    if (text !== '') this.#put(this.#signed({ text }));
  }

  #think(event: Reasoning): void {
    const thought = this.#thoughts.get(event.index) ?? { type: 'reasoning', text: '' };
    this.#thoughts.set(event.index, thought);
    if (event.type === 'reasoning-delta') {
      thought.text += event.text;
      if (this.#options.showsThoughts && event.text !== '') this.#put({ text: event.text, thought: true });
    } else if (event.redacted) thought.redacted = event.signature;
    else this.#prove(event.index, thought, event.signature);
  }

  #prove(index: number, thought: Thought, signature: string): void {
    const own = signatureFor('gemini', signature);
    if (own === undefined) {
      thought.signature = signature;
      return;
    }
    const isShown = this.#options.showsThoughts && thought.text !== '';
    this.#thoughts.delete(index);
    if (isShown) this.#put({ text: '', thought: true, thoughtSignature: own });
    else {
      this.#flushOwn();
      this.#own = own;
    }
  }

  #startCall({ index, id: given, name, served }: Extract<ChoiceEvent, { type: 'tool-call-start' }>): void {
    // What the provider runs itself is not for the client to run.
    if (served) return;
    this.#endCall(index);
    this.#called += 1;
    const id = given === '' ? `${this.#options.idPrefix}${this.#called}` : given;
    const part = this.#signed({ functionCall: { id, name } });
    const call: OpenCall = { argumentsText: '', ended: false };
    this.#calls.set(index, call);
    this.#queue.push({ part, call });
  }

  #growCall(index: number, text: string): void {
    const call = this.#calls.get(index);
    if (call) call.argumentsText += text;
  }

  #endCall(index: number): void {
    const call = this.#calls.get(index);
    if (!call) return;
    call.ended = true;
    this.#calls.delete(index);
    this.#advance();
  }

  /** With the proof of what was thought before it: Gemini's own as it is, others' sealed with the thoughts. */
  #signed(part: JsonObject): JsonObject {
    const thoughts = [...this.#thoughts.values()];
    this.#thoughts.clear();
    if (thoughts.some(isProven)) {
      this.#flushOwn();
      return { ...part, thoughtSignature: sealForGemini(thoughts) };
    }
    const own = this.#own;
    this.#own = undefined;
    return own === undefined ? part : { ...part, thoughtSignature: own };
  }

  /** A part has room for one signature. */
  #flushOwn(): void {
    if (this.#own !== undefined) this.#put({ text: '', thoughtSignature: this.#own });
    this.#own = undefined;
  }

  #put(part: JsonObject): void {
    this.#queue.push({ part, call: undefined });
    this.#advance();
  }

  #advance(): void {
    for (let next = this.#queue[0]; next && next.call?.ended !== false; next = this.#queue[0]) {
      this.#queue.shift();
      this.#options.emit(next.call ? withArguments(next.part, next.call.argumentsText) : next.part);
    }
  }
}

function isProven({ signature, redacted }: Thought): boolean {
  return signature !== undefined || redacted !== undefined;
}

/** This API has arguments as an object; what is none stands whole under `RAW_ARGUMENTS`. */
function withArguments({ functionCall, ...rest }: JsonObject, argumentsText: string): JsonObject {
  const call = functionCall as JsonObject;
  return { functionCall: { ...call, args: parseArguments(argumentsText).input }, ...rest };
}
