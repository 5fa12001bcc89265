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
   */
  readonly encoding: 'plain' | 'json';
}
