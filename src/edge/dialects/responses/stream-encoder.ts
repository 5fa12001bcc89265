import type { GatewayError } from '../../../core/errors.ts';
import type { StreamEvent } from '../../../core/events.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { AnswerContext, StreamEncoder } from '../dialect-adapter.ts';
import { AnswerReader } from './answer-reader.ts';
import { contentPart, idOf, openItem, summaryPart, wholeItem } from './encode-item.ts';
import { errorFrame } from './error-event.ts';
import type { EndedItem, Item, ItemSink } from './item-sequence.ts';

/** What does not begin the response yet, so that it can say which model answers. */
const BEFORE_START: ReadonlySet<StreamEvent['type']> = new Set(['message-start', 'usage', 'error', 'end']);

/**
 * Writes the events of a response, numbered from 0.
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (checked 2026-11-21)
 */
export class ResponsesStreamEncoder implements StreamEncoder, ItemSink {
  readonly #requestId: string;
  readonly #answer: AnswerReader;
  readonly #output: JsonObject[] = [];
  #written = '';
  #number = 0;
  #started = false;
  /** The summary of the open reasoning item has begun. */
  #summarizes = false;

  constructor(context: AnswerContext) {
    this.#requestId = context.requestId;
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
    const type = this.#answer.incompleteReason === null ? 'response.completed' : 'response.incomplete';
    this.#frame(type, { response: this.#answer.ended(this.#output) });
    return this.#take();
  }

  /** As OpenAI has it: the error, and then the response that failed, if one had begun. */
  fail(error: GatewayError): string {
    this.#frame('error', errorFrame(error));
    if (this.#started) this.#frame('response.failed', { response: this.#answer.failed(this.#output, error) });
    return this.#take();
  }

  open(at: number, item: Item): void {
    const id = idOf(item, this.#requestId, at);
    this.#summarizes = false;
    this.#frame('response.output_item.added', { output_index: at, item: openItem(item, id) });
    if (item.type !== 'message') return;
    const part = contentPart(item.part, '');
    this.#frame('response.content_part.added', { item_id: id, output_index: at, content_index: 0, part });
  }

  fill(at: number, item: Item, delta: string): void {
    const place = { item_id: idOf(item, this.#requestId, at), output_index: at };
    switch (item.type) {
      case 'message':
        return this.#growMessage(item.part, { ...place, content_index: 0, delta });
      case 'reasoning':
        return this.#growSummary({ ...place, summary_index: 0 }, delta);
      default:
        this.#frame('response.function_call_arguments.delta', { ...place, delta });
    }
  }

  close(at: number, item: Item, ended: EndedItem): void {
    const id = idOf(item, this.#requestId, at);
    this.#closeParts({ item_id: id, output_index: at }, item, ended.text);
    const whole = wholeItem(item, id, ended, this.#answer.incompleteReason !== null);
    this.#output.push(whole);
    this.#frame('response.output_item.done', { output_index: at, item: whole });
  }

  #growMessage(part: 'output_text' | 'refusal', fields: JsonObject): void {
    if (part === 'refusal') this.#frame('response.refusal.delta', fields);
    else this.#frame('response.output_text.delta', { ...fields, logprobs: [] });
  }

  #growSummary(place: JsonObject, delta: string): void {
    if (!this.#summarizes) this.#frame('response.reasoning_summary_part.added', { ...place, part: summaryPart('') });
    this.#summarizes = true;
    this.#frame('response.reasoning_summary_text.delta', { ...place, delta });
  }

  #closeParts(place: JsonObject, item: Item, text: string): void {
    switch (item.type) {
      case 'message':
        return this.#closeMessage(item.part, { ...place, content_index: 0 }, text);
      case 'reasoning':
        if (this.#summarizes) this.#closeSummary({ ...place, summary_index: 0 }, text);
        return;
      default:
        this.#frame('response.function_call_arguments.done', { ...place, name: item.name, arguments: text });
    }
  }

  #closeMessage(part: 'output_text' | 'refusal', place: JsonObject, text: string): void {
    if (part === 'refusal') this.#frame('response.refusal.done', { ...place, refusal: text });
    else this.#frame('response.output_text.done', { ...place, text, logprobs: [] });
    this.#frame('response.content_part.done', { ...place, part: contentPart(part, text) });
  }

  #closeSummary(place: JsonObject, text: string): void {
    this.#frame('response.reasoning_summary_text.done', { ...place, text });
    this.#frame('response.reasoning_summary_part.done', { ...place, part: summaryPart(text) });
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    const response = this.#answer.inProgress();
    this.#frame('response.created', { response });
    this.#frame('response.in_progress', { response });
  }

  #frame(type: string, fields: JsonObject): void {
    const frame = { type, sequence_number: this.#number, ...fields };
    this.#number += 1;
    this.#written += `event: ${type}\ndata: ${JSON.stringify(frame)}\n\n`;
  }

  #take(): string {
    const written = this.#written;
    this.#written = '';
    return written;
  }
}
