import { GatewayError } from '../../core/errors.ts';
import { isJsonObject, parseJson } from '../../core/json.ts';
import type { WholeReply } from '../../core/reply.ts';
import { causewayHeaders, costHeader } from '../../core/reply-headers.ts';
import { type AttemptContext, closeBilled, closeUnbilled } from './settle.ts';

/** An answer larger than this is not kept in memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Gathers an answer in one piece and reads what it says. */
export class WholeAnswer {
  readonly #context: AttemptContext;
  readonly #status: number;
  readonly #headers: Record<string, string>;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(context: AttemptContext, status: number, headers: Record<string, string>) {
    this.#context = context;
    this.#status = status;
    this.#headers = headers;
  }

  /** @throws provider_bad_response where the answer is over 64 MB */
  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BYTES) {
      throw new GatewayError('provider_bad_response', { message: "The provider's answer is over 64 MB." });
    }
    this.#chunks.push(chunk);
  }

  /**
   * The reply, with the attempt closed.
   * @throws the provider's refusal, or provider_bad_response where the body is not an answer
   */
  finish(): WholeReply {
    const [first] = this.#chunks;
    const body = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    if (this.#status >= 300) throw this.#refusal(body);
    return this.#answer(body);
  }

  #refusal(body: Buffer): GatewayError {
    const { provider, wire } = this.#context;
    const shown = pickHeaders(this.#headers, provider.passedHeaders);
    const contentType = this.#headers['content-type'];
    if (contentType !== undefined) shown['content-type'] = contentType;
    const error =
      this.#status < 400 ? badResponse(`a redirect (${this.#status})`) : wire.readError(this.#status, shown, body);
    closeUnbilled(this.#context, 'failed', error.code);
    return error;
  }

  #answer(body: Buffer): WholeReply {
    const { call, wire, provider, attempt } = this.#context;
    const json = call.facts.stream ? undefined : parseJson(body.toString('utf8'));
    if (!isJsonObject(json)) throw this.#unreadable(call.facts.stream);
    const reading = wire.readWhole(call.operation, json);
    if (reading.error) {
      closeUnbilled(this.#context, 'failed', reading.error.code);
      throw reading.error;
    }
    attempt.responseModel = reading.responseModel;
    closeBilled(this.#context, 'completed', { reported: reading.usage, final: true, answerChars: body.length });
    return {
      kind: 'whole',
      status: this.#status,
      headers: {
        'content-type': this.#headers['content-type'] ?? 'application/json',
        ...pickHeaders(this.#headers, provider.passedHeaders),
        ...causewayHeaders(call),
        ...costHeader(call),
      },
      body,
      terminal: { kind: 'completed', finishReason: reading.finishReason, usage: reading.usage },
    };
  }

  #unreadable(streamAsked: boolean): GatewayError {
    const shape = streamAsked ? 'something that is not an event stream' : 'something that is not a JSON object';
    const error = badResponse(shape);
    // It answered, so it may bill; what it used is not known.
    closeBilled(this.#context, 'failed', { reported: undefined, final: false, answerChars: 0 }, error.code);
    return error;
  }
}

function badResponse(shape: string): GatewayError {
  return new GatewayError('provider_bad_response', { message: `The provider answered with ${shape}.` });
}

export function pickHeaders(headers: Record<string, string>, names: ReadonlySet<string>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && names.has(name)) picked[name] = value;
  }
  return picked;
}
