import { AttemptLedger } from '../../core/attempts.ts';
import type { CacheOutcome, PromptCaching, Saving } from '../../core/caching.ts';
import type { CallBody } from '../../core/call-body.ts';
import type { Assignment, Call, Dialect, Operation, Principal, RequestFacts, Target } from '../../core/call.ts';
import { Cancellation } from '../../core/cancellation.ts';
import type { EmbeddingRequest } from '../../core/inference/embedding.ts';
import type { Needs } from '../../core/inference/needs.ts';
import type { InferenceRequest } from '../../core/inference/request.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RoutingDecision } from '../../core/routing.ts';
import { SpanLedger } from '../../core/spans.ts';
import type { Spending } from '../../core/spending.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { type RecordedText, textOf } from './recorded-texts.ts';

/** Makes a call of a request as a client would send it. @throws request_invalid where no such request can be sent */
export type CallMaker = (path: string, body: JsonObject, headers: Readonly<Record<string, string>>) => Call;

/** Gemini's paths name the model and what is done with it. */
const GEMINI = /^\/v1beta\/models:(\w+)$/;

/**
 * A recorded request as a call: who asked, when, and what, as far as that was kept. Where the text was not, one as long
 * that says nothing stands in.
 * @throws request_invalid where it is none that can be sent again, such as a form
 */
export function recordedCall(request: RecordedRequest, make: CallMaker): RecordedCall {
  const text = textOf(request.input);
  const model = request.model ?? '';
  const action = GEMINI.exec(request.endpoint)?.[1];
  const path = action === undefined ? request.endpoint : `/v1beta/models/${model}:${action}`;
  const body = text.body ?? blankBody(request, text.bytes);
  return new RecordedCall(request, text, make(path, body, headersOf(request)));
}

/** Longer texts are of no use to anybody here. */
const LONGEST_BLANK = 1_000_000;

function blankBody({ dialect, operation, model, streamed }: RecordedRequest, bytes = 1): JsonObject {
  const text = '-'.repeat(Math.min(Math.max(1, bytes), LONGEST_BLANK));
  if (dialect === 'gemini') {
    const content = { role: 'user', parts: [{ text }] };
    return operation === 'embeddings' ? { content } : { contents: [content] };
  }
  const asked = { model: model ?? '', stream: streamed };
  if (dialect === 'responses') return { ...asked, input: text };
  if (operation === 'rerank') return { model: model ?? '', query: '-', documents: [text] };
  if (operation === 'chat') return { ...asked, messages: [{ role: 'user', content: text }] };
  return { ...asked, input: text, prompt: text };
}

/** What else a record tells of what the client said. */
function headersOf({ userId, conversationId, metadata }: RecordedRequest): Record<string, string> {
  return {
    ...(userId !== null && { 'x-causeway-user': userId }),
    ...(conversationId !== null && { 'x-causeway-conversation': conversationId }),
    ...(metadata && { 'x-causeway-metadata': JSON.stringify(metadata) }),
  };
}

/** It has its own id and time, and reads its body as the call that it is made of. */
export class RecordedCall implements Call {
  readonly recorded: RecordedRequest;
  readonly text: RecordedText;
  readonly id: string;
  readonly receivedAt: number;
  readonly startedAt: number;
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly endpoint: string;
  readonly query = '';
  readonly headers = {};
  /** Addresses are not recorded; this machine's own falls under no usual limit. */
  readonly clientIp = '127.0.0.1';
  readonly body: CallBody;
  readonly form = undefined;
  readonly resource = undefined;
  readonly cancellation = new Cancellation();
  readonly deadlineAt = undefined;
  readonly attempts = new AttemptLedger();
  readonly spans = new SpanLedger();
  readonly traceContext = undefined;
  readonly warnings: string[] = [];
  principal: Principal | undefined;
  assignment: Assignment | undefined;
  keeps?: boolean;
  answeredBy?: Target | undefined;
  routing?: RoutingDecision | undefined;
  confinedTo?: readonly Target[] | undefined;
  budgetUsed?: number | undefined;
  spending?: Spending | undefined;
  cache?: CacheOutcome | undefined;
  savings?: readonly Saving[] | undefined;
  promptPrefix?: string | undefined;
  promptCaching?: PromptCaching | undefined;
  readonly #asked: Call;

  constructor(recorded: RecordedRequest, text: RecordedText, asked: Call) {
    this.recorded = recorded;
    this.text = text;
    this.id = recorded.traceId;
    this.receivedAt = recorded.startedAt;
    this.startedAt = recorded.startedAt;
    this.dialect = recorded.dialect;
    this.operation = asked.operation;
    this.endpoint = recorded.endpoint;
    this.body = asked.body;
    this.principal = principalOf(recorded);
    this.#asked = asked;
  }

  get facts(): RequestFacts {
    return this.#asked.facts;
  }

  get needs(): Needs {
    return this.#asked.needs;
  }

  get inference(): InferenceRequest {
    return this.#asked.inference;
  }

  get embedding(): EmbeddingRequest {
    return this.#asked.embedding;
  }
}

/** Whose the key is beside that is not recorded; the user that is recorded is the one that limits count. */
function principalOf({ keyId, project, organisation }: RecordedRequest): Principal | undefined {
  if (keyId === null || project === null) return undefined;
  return { keyId, project, organisation: organisation ?? undefined, user: undefined, models: undefined };
}
