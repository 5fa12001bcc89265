import type { StreamEvent } from '../../../core/events.ts';
import { parseArguments } from '../../../core/inference/tool-arguments.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Block, BlockSink } from './block-sequence.ts';

/**
 * A message in one piece. `JSON.stringify` of it writes the long numbers of a tool's input as the model wrote them.
 * Arguments that are no JSON object stand whole under `RAW_ARGUMENTS`.
 *
 * @see https://docs.anthropic.com/en/api/messages (checked 2026-11-21)
 */
export function encodeAnswer(events: readonly StreamEvent[], context: AnswerContext): JsonObject {
  const content = new ContentList();
  const answer = new AnswerReader(context, content);
  for (const event of events) answer.read(event);
  answer.end();
  return answer.message(content.blocks, answer.stopReason);
}

class ContentList implements BlockSink {
  readonly blocks: JsonObject[] = [];
  #text = '';

  open(): void {
    this.#text = '';
  }

  fill(_index: number, _block: Block, text: string): void {
    this.#text += text;
  }

  close(_index: number, block: Block, signature = UNSIGNED): void {
    this.blocks.push(wholeBlock(block, this.#text, signature));
  }
}

function wholeBlock(block: Block, text: string, signature: string): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text, citations: null };
    case 'thinking':
      return { type: 'thinking', thinking: text, signature };
    case 'redacted_thinking':
      return { ...block };
    default:
      return { ...block, input: parseArguments(text).input, caller: { type: 'direct' } };
  }
}
