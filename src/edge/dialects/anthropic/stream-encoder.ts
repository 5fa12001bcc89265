import type { StreamEvent } from '../../../core/events.ts';
import { UNSIGNED } from '../../../core/inference/unsigned.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext, StreamEncoder } from '../dialect-adapter.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Block, BlockSink } from './block-sequence.ts';
import { encodeCounts } from './usage.ts';

/** What does not begin the message yet, so that it can say what is known of its input. */
const BEFORE_START: ReadonlySet<StreamEvent['type']> = new Set(['message-start', 'usage', 'error', 'end']);

/**
 * Writes Anthropic's message events.
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming (checked 2026-11-21)
 */
export class AnthropicStreamEncoder implements StreamEncoder, BlockSink {
  readonly #answer: AnswerReader;
  #written = '';
  #started = false;

  constructor(context: AnswerContext) {
    this.#answer = new AnswerReader(context, this);
  }

  push(events: readonly StreamEvent[]): string {
    for (const event of events) {
      if (!BEFORE_START.has(event.type)) this.#start();
      this.#answer.read(event);
    }
    return this.#take();
  }

  end(): string {
    this.#start();
    this.#answer.end();
    const { stopReason, usage } = this.#answer;
    this.#frame('message_delta', {
      delta: { stop_reason: stopReason, stop_sequence: null, stop_details: null, container: null },
      usage: encodeCounts(usage),
    });
    this.#frame('message_stop', {});
    return this.#take();
  }

  open(index: number, block: Block): void {
    this.#frame('content_block_start', { index, content_block: emptyBlock(block) });
  }

  fill(index: number, block: Block, text: string): void {
    this.#frame('content_block_delta', { index, delta: deltaOf(block, text) });
  }

  close(index: number, block: Block, signature = UNSIGNED): void {
    if (block.type === 'thinking') {
      this.#frame('content_block_delta', { index, delta: { type: 'signature_delta', signature } });
    }
    this.#frame('content_block_stop', { index });
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#frame('message_start', { message: this.#answer.message([], null) });
  }

  #frame(type: string, fields: JsonObject): void {
    this.#written += `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  }

  #take(): string {
    const written = this.#written;
    this.#written = '';
    return written;
  }
}

function emptyBlock(block: Block): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: '', citations: null };
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'redacted_thinking':
      return { ...block };
    default:
      return { ...block, input: {}, caller: { type: 'direct' } };
  }
}

function deltaOf({ type }: Block, text: string): JsonObject {
  switch (type) {
    case 'thinking':
      return { type: 'thinking_delta', thinking: text };
    case 'tool_use':
      return { type: 'input_json_delta', partial_json: text };
    default:
      return { type: 'text_delta', text };
  }
}
