import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Usage, mergeUsage } from '../../../core/usage.ts';
import type { AnswerContext, AnswerWishes } from '../dialect-adapter.ts';
import { BlockSequence, type BlockSink } from './block-sequence.ts';
import { stopReason } from './finish-reasons.ts';
import { encodeUsage } from './usage.ts';

const REFUSAL = 'refusal';

/**
 * What the events of one answer mean in this dialect: its blocks go to a sink, the rest is kept.
 * A stream and a whole answer are both written from it, so that they say the same.
 */
export class AnswerReader {
  readonly #context: AnswerContext;
  readonly #blocks: BlockSequence;
  readonly #showsReasoning: boolean;
  #id: string | undefined;
  #model: string | undefined;
  #usage: Usage = {};
  #finish: FinishReason | undefined;
  #refused = false;
  #calls = 0;

  constructor(context: AnswerContext, sink: BlockSink) {
    this.#context = context;
    this.#blocks = new BlockSequence(sink);
    this.#showsReasoning = context.rewritten === true || wantsReasoning(context.request);
  }

  get usage(): Usage {
    return this.#usage;
  }

  get stopReason(): string {
    return stopReason(this.#finish, { refused: this.#refused, calledTools: this.#calls > 0 });
  }

  /** The message as far as it is known, around the content that it is given. */
  message(content: JsonObject[], reason: string | null): JsonObject {
    return {
      id: this.#id ?? `msg_${this.#context.requestId}`,
      type: 'message',
      role: 'assistant',
      model: this.#model ?? this.#context.model,
      content,
      stop_reason: reason,
      stop_sequence: null,
      stop_details: null,
      container: null,
      diagnostics: null,
      usage: encodeUsage(this.#usage),
    };
  }

  /** This dialect has one answer, so that only the first choice is read. */
  read(event: StreamEvent): void {
    if ('choice' in event && event.choice !== 0) return;
    switch (event.type) {
      case 'message-start':
        this.#id = event.id ?? this.#id;
        this.#model = event.model ?? this.#model;
        return;
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage);
        return;
      case 'finish':
        this.#finish = event.reason;
        this.#blocks.endAll();
        return;
      default:
        this.#readContent(event);
    }
  }

  /** No event comes any more. */
  end(): void {
    this.#blocks.endAll();
  }

  #readContent(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        return this.#say(`text ${event.index}`, event.text);
      case 'refusal-delta':
        this.#refused = true;
        return this.#say(REFUSAL, event.text);
      case 'reasoning-delta':
      case 'reasoning-signature':
        return this.#showsReasoning ? this.#reason(event) : undefined;
      case 'tool-call-start':
        return this.#call(event);
      case 'tool-call-delta':
        if (event.argumentsText !== '') this.#blocks.add(toolKey(event), event.argumentsText);
        return;
      case 'tool-call-end':
        return this.#blocks.end(toolKey(event));
      default:
    }
  }

  /** An empty text is no block: clients send their history back, and an empty block is refused there. */
  #say(key: string, text: string): void {
    if (text === '') return;
    if (!this.#blocks.has(key)) this.#blocks.begin(key, { type: 'text' });
    this.#blocks.add(key, text);
  }

  #reason(event: Extract<StreamEvent, { type: 'reasoning-delta' | 'reasoning-signature' }>): void {
    const key = `reasoning ${event.index}`;
    if (event.type === 'reasoning-signature' && event.redacted) {
      this.#blocks.begin(key, { type: 'redacted_thinking', data: event.signature });
      this.#blocks.end(key);
      return;
    }
    if (event.type === 'reasoning-delta' && event.text === '') return;
    if (!this.#blocks.has(key)) this.#blocks.begin(key, { type: 'thinking' });
    if (event.type === 'reasoning-delta') this.#blocks.add(key, event.text);
    else this.#blocks.sign(key, event.signature);
  }

  #call(event: Extract<StreamEvent, { type: 'tool-call-start' }>): void {
    this.#calls += 1;
    const id = event.id === '' ? `toolu_${this.#context.requestId}_${this.#calls}` : event.id;
    this.#blocks.begin(toolKey(event), { type: 'tool_use', id, name: event.name });
  }
}

function toolKey({ index }: { readonly index: number }): string {
  return `tool ${index}`;
}

/** Whether thinking was asked for. Clients that did not ask read the first block and expect text there. */
function wantsReasoning({ reasoning }: AnswerWishes): boolean {
  if (!reasoning || reasoning.display === 'omitted' || reasoning.enabled === false) return false;
  return reasoning.enabled !== undefined || reasoning.budgetTokens !== undefined || asksEffort(reasoning.effort);
}

function asksEffort(effort: string | undefined): boolean {
  return effort !== undefined && effort !== 'none';
}
