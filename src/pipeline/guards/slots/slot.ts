import type { Json } from '../../../core/json.ts';
import type { Place } from '../../../core/screening.ts';

/** Who says a text. `none`: nobody of a conversation, as of a text to embed, or of the description of a tool. */
export type Role = 'system' | 'user' | 'assistant' | 'tool' | 'none';

/** One text of a request, and where it stands in the client's body. */
export interface TextSlot {
  /** A JSON pointer into `call.body.resolved`. */
  readonly path: string;
  readonly place: Exclude<Place, 'output'>;
  readonly role: Role;
  /** Which message it is of, from 0; texts of no message have -1. */
  readonly message: number;
  readonly text: string;
  /**
   * `json`: the text is itself JSON, as the arguments of OpenAI's tool calls are. What is looked at and changed are the
   * texts within it. Text that should be JSON and is none is `plain`.
   * `value`: what stands there is no text but a value, as the input of Anthropic's tool calls is, and `text` is that
   * value as JSON.
   */
  readonly encoding: 'plain' | 'json' | 'value';
  /**
   * Of a thought with a proof, which holds only as long as nothing of it is changed: what comes in the place of the proof
   * where something is. Where the proof has the text within, it stands at the same path.
   */
  readonly proof?: { readonly path: string; readonly value: Json } | undefined;
}

/** What requests have that guards cannot read. `reasoning`: a model's thoughts, which only its provider can read. */
export type UnreadKind = 'image' | 'audio' | 'video' | 'file' | 'tokens' | 'reasoning' | 'other';
