import type { Call } from '../../../core/call.ts';
import { readTexts } from './read-texts.ts';

/** What is looked at of a request to tell how demanding it is. Lengths are in UTF-16 code units. */
export interface ComplexityQuestion {
  /** What the user said last; of a long text the beginning and the end. */
  readonly asked: string;
  /** How long that is as a whole. */
  readonly askedChars: number;
  /** The beginning of what the model is told to be. */
  readonly system: string;
  readonly systemChars: number;
  /** Messages of the user. */
  readonly turns: number;
  /** All messages. */
  readonly messages: number;
  /** Of all texts. Beyond 2,000 messages those in the middle are not counted. */
  readonly chars: number;
  /** Tools are offered. */
  readonly tools: boolean;
  /** The last message is what a tool said. */
  readonly isToolResult: boolean;
  /** Images, documents or audio are in it. */
  readonly media: boolean;
  /** The answer is held to a JSON Schema. */
  readonly schema: boolean;
  /** The client asks the model to think first. */
  readonly asksToThink: boolean;
  /** The most tokens that the answer may have; undefined where the client does not say. */
  readonly outputTokens: number | undefined;
}

/**
 * Reads a chat request of any dialect, without decoding it. The work is that of walking over at most 2,000 messages;
 * texts are measured and only a few thousand characters of them copied.
 * @throws request_invalid where the body is not one JSON object
 */
export function questionOf(call: Call): ComplexityQuestion {
  const { needs } = call;
  return {
    ...readTexts(call.dialect, call.body.resolved),
    tools: needs.tools,
    media: needs.vision || needs.documents || needs.audioInput,
    schema: needs.jsonSchema,
    asksToThink: needs.reasoning,
    outputTokens: needs.outputTokens,
  };
}

/** A question that is nothing but a text. */
export function questionOfText(text: string): ComplexityQuestion {
  return {
    ...readTexts('openai', { messages: [{ role: 'user', content: text }] }),
    tools: false,
    media: false,
    schema: false,
    asksToThink: false,
    outputTokens: undefined,
  };
}
