import type { GatewayError } from '../../../core/errors.ts';
import type { FinishReason, StreamEvent } from '../../../core/events.ts';
import { responseId } from '../../../core/inference/response-ids.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type Usage, mergeUsage } from '../../../core/usage.ts';
import type { AnswerContext } from '../dialect-adapter.ts';
import { echoOf } from './echo.ts';
import { encodeUsage } from './encode-usage.ts';
import { failure } from './error-event.ts';
import { incompleteReason } from './finish-reasons.ts';
import { type ItemSink, ItemSequence } from './item-sequence.ts';

const TEXT = 'text';
const REFUSAL = 'refusal';

/**
 * What the events of one answer mean in this dialect: its items go to a sink, the rest is kept.
 * A stream and a whole response are both written from it, so that they say the same.
 */
export class AnswerReader {
  readonly #context: AnswerContext;
  readonly #items: ItemSequence;
  readonly #callIds = new Set<string>();
  #echo: JsonObject | undefined;
  #model: string | undefined;
  #usage: Usage = {};
  #finish: FinishReason | undefined;
  #refused = false;

  constructor(context: AnswerContext, sink: ItemSink) {
    this.#context = context;
    this.#items = new ItemSequence(sink);
  }

  /** Why the answer is not complete; null where it is. */
  get incompleteReason(): string | null {
    return incompleteReason(this.#finish, this.#refused);
  }

  /** The response while its answer is made. */
  inProgress(): JsonObject {
    return this.#response('in_progress', [], {});
  }

  /** The response once its answer is over. */
  ended(output: JsonObject[]): JsonObject {
    const { now } = this.#context;
    const reason = this.incompleteReason;
    if (reason !== null) return this.#response('incomplete', output, { incomplete_details: { reason } });
    return this.#response('completed', output, now ? { completed_at: Math.floor(now() / 1000) } : {});
  }

  /** The response with as much of its answer as there is. */
  failed(output: JsonObject[], error: GatewayError): JsonObject {
    return this.#response('failed', output, { error: failure(error) });
  }

  /** This dialect has one answer, so that only the first choice is read. */
  read(event: StreamEvent): void {
    if ('choice' in event && event.choice !== 0) return;
    switch (event.type) {
      case 'message-start':
        this.#model = event.model ?? this.#model;
        return;
      case 'usage':
        this.#usage = mergeUsage(this.#usage, event.usage);
        return;
      case 'finish':
        this.#finish = event.reason;
        this.#items.endAll();
        return;
      default:
        this.#readContent(event);
    }
  }

  /** No event comes any more. */
  end(): void {
    this.#items.endAll();
  }

  #readContent(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        return this.#say(TEXT, 'output_text', event.text);
      case 'refusal-delta':
        this.#refused = true;
        return this.#say(REFUSAL, 'refusal', event.text);
      case 'reasoning-delta':
      case 'reasoning-signature':
        return this.#reason(event);
      case 'tool-call-start':
        return this.#call(event);
      case 'tool-call-delta':
        if (event.argumentsText !== '') this.#items.add(callKey(event), event.argumentsText);
        return;
      case 'tool-call-end':
        return this.#items.end(callKey(event));
      default:
    }
  }

  /** Texts that follow each other are one: many clients read the last message, or the first part of one, alone. */
  #say(key: string, part: 'output_text' | 'refusal', text: string): void {
    if (text === '') return;
    if (!this.#items.has(key)) this.#items.begin(key, { type: 'message', part });
    this.#items.add(key, text);
  }

  #reason(event: Extract<StreamEvent, { type: 'reasoning-delta' | 'reasoning-signature' }>): void {
    const key = `reasoning ${event.index}`;
    if (event.type === 'reasoning-signature' && event.redacted) {
      this.#items.begin(key, { type: 'reasoning', redacted: event.signature });
      this.#items.end(key);
      return;
    }
    if (event.type === 'reasoning-delta' && event.text === '') return;
    if (!this.#items.has(key)) this.#items.begin(key, { type: 'reasoning', redacted: undefined });
    if (event.type === 'reasoning-delta') this.#items.add(key, event.text);
    else this.#items.sign(key, event.signature);
  }

  #call(event: Extract<StreamEvent, { type: 'tool-call-start' }>): void {
    // What the provider runs itself has its result in the answer already.
    if (event.served) return;
    this.#items.begin(callKey(event), { type: 'function_call', callId: this.#callId(event.id), name: event.name });
  }

  /** Clients tell calls apart by their ids and refuse a response that has one twice. */
  #callId(given: string): string {
    const isUsable = given !== '' && !this.#callIds.has(given);
    const id = isUsable ? given : `call_${this.#context.requestId}_${this.#callIds.size}`;
    this.#callIds.add(id);
    return id;
  }

  #response(status: string, output: JsonObject[], said: JsonObject): JsonObject {
    const { requestId, createdAt, model, body } = this.#context;
    this.#echo ??= echoOf(body ?? {});
    const usage = encodeUsage(this.#usage);
    return {
      id: responseId(requestId),
      object: 'response',
      created_at: Math.floor(createdAt / 1000),
      status,
      error: null,
      incomplete_details: null,
      model: this.#model ?? model,
      output,
      ...this.#echo,
      ...(usage && status !== 'in_progress' ? { usage } : {}),
      ...said,
    };
  }
}

function callKey({ index }: { readonly index: number }): string {
  return `call ${index}`;
}
