import { newTraceId } from '../src/core/ids.ts';
import { type Random, integerBetween, seededRandom } from '../src/models/simulator/random.ts';
import type { AttemptRecord, CallRecord, CallTexts, RecordPolicy } from '../src/records/journal/record.ts';
import type { TraceLine } from './azure-trace.ts';
import { type Language, TextPool } from './text-pool.ts';

export interface RecordMakerPlan {
  /** Sizes of prompts and answers, in turn, again and again. */
  readonly lines: readonly TraceLine[];
  readonly seed: number;
  readonly policy: RecordPolicy;
  readonly bytesPerToken: number;
  /** The most of one text. */
  readonly maxTextBytes: number;
}

export interface MadeRecord {
  readonly record: CallRecord;
  readonly texts: CallTexts;
  readonly language: Language;
}

/** The dearest first; frequent ones are in front. Prices are nano-dollars a token. */
export const MODELS = [
  { name: 'chat', target: 'openai/gpt-5-mini', input: 250, output: 2000 },
  { name: 'fast', target: 'local/qwen3-8b', input: 50, output: 150 },
  { name: 'careful', target: 'claude/claude-sonnet-4-6', input: 3000, output: 15_000 },
  { name: 'summary', target: 'gemini/gemini-2.5-flash', input: 300, output: 2500 },
  { name: 'code', target: 'openai/gpt-5', input: 1250, output: 10_000 },
] as const;
const PROJECTS = 8;
const USERS = 2000;
/** Of each user. */
const CONVERSATIONS = 10;
export const FEATURES = ['assistant', 'search', 'mail', 'report', 'translate'] as const;
/** Words that hardly any text has: one in so many. */
export const RARE_ONE_IN = 5000;
export const RARE_WORDS = { en: 'zephyranthine', zh: '琥珀纹章' } as const;

const POOL_BYTES = 4 * 1024 * 1024;
const CHINESE_SHARE = 0.4;
const FAILED_SHARE = 0.02;
const ABORTED_SHARE = 0.01;
const STREAMED_SHARE = 0.6;
const IN_CONVERSATION_SHARE = 0.5;

/** Makes records as a gateway of several teams leaves them: the same ones for the same seed, but for their ids. */
export class RecordMaker {
  readonly #plan: RecordMakerPlan;
  readonly #random: Random;
  readonly #pool: TextPool;
  #made = 0;

  constructor(plan: RecordMakerPlan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
    this.#pool = new TextPool(this.#random, POOL_BYTES);
  }

  next(startedAt: number): MadeRecord {
    const random = this.#random;
    const line = this.#plan.lines[this.#made % this.#plan.lines.length];
    if (!line) throw new Error('there are no lines to make records of');
    this.#made += 1;
    const language = random() < CHINESE_SHARE ? 'zh' : 'en';
    const record = this.#record(line, startedAt);
    const output = record.status === 'completed' ? this.#output(line, language) : undefined;
    return { record, texts: { input: this.#input(record, line, language), output }, language };
  }

  #input({ requestModel }: CallRecord, { inputTokens }: TraceLine, language: Language): Uint8Array {
    const rare = this.#random() < 1 / RARE_ONE_IN ? ` ${RARE_WORDS[language]} ` : '';
    return Buffer.concat([
      Buffer.from(`{"model":"${requestModel}","messages":[{"role":"user","content":"${rare}`),
      this.#text(inputTokens, language),
      Buffer.from('"}]}'),
    ]);
  }

  #output({ outputTokens }: TraceLine, language: Language): Uint8Array {
    return Buffer.concat([
      Buffer.from('{"choices":[{"index":0,"message":{"role":"assistant","content":"'),
      this.#text(outputTokens, language),
      Buffer.from('"},"finish_reason":"stop"}]}'),
    ]);
  }

  #text(tokens: number, language: Language): Buffer {
    const { bytesPerToken, maxTextBytes } = this.#plan;
    return this.#pool.cut(this.#random, language, Math.min(tokens * bytesPerToken, maxTextBytes));
  }

  #record({ inputTokens, outputTokens }: TraceLine, startedAt: number): CallRecord {
    const random = this.#random;
    const model = MODELS[Math.floor(random() ** 2 * MODELS.length)] ?? MODELS[0];
    const user = Math.floor(random() ** 2 * USERS);
    const streamed = random() < STREAMED_SHARE;
    const status = statusOf(random());
    const ttftMs = 150 + random() * 600 + inputTokens / 10;
    const latencyMs = ttftMs + outputTokens * (8 + random() * 12);
    const usage = status === 'failed' ? undefined : { inputTokens, outputTokens };
    const costNanoUsd = usage ? inputTokens * model.input + outputTokens * model.output : 0;
    const shared = { latencyMs, ttftMs: streamed ? ttftMs : undefined, usage, costNanoUsd };
    const conversation = random() < IN_CONVERSATION_SHARE ? integerBetween(random, 1, CONVERSATIONS) : undefined;
    return {
      ...shared,
      traceId: newTraceId(startedAt),
      status,
      organisation: `organisation-${user % 3}`,
      project: `project-${user % PROJECTS}`,
      keyId: `key_${user % 50}`,
      userId: `user-${user}`,
      conversationId: conversation === undefined ? undefined : `conversation-${user}-${conversation}`,
      endpoint: '/v1/chat/completions',
      dialect: 'openai',
      operation: 'chat',
      requestModel: model.name,
      virtualModel: model.name,
      responseModel: model.target,
      target: model.target,
      promptVersion: user % 4 === 0 ? `greeting@1.${user % 7}.0` : undefined,
      streamed,
      finishReason: status === 'completed' ? 'stop' : undefined,
      costKnown: true,
      interTokenP95Ms: streamed ? 10 + random() * 20 : undefined,
      overheadMs: 0.2 + random(),
      simulated: false,
      attempts: [{ ...attemptOf(model.target, status), ...shared }],
      spans: [],
      traceContext: undefined,
      patches: [],
      warnings: [],
      error: status === 'failed' ? FAILURE : undefined,
      metadata: { feature: FEATURES[user % FEATURES.length] ?? '', release: `2026.${user % 12}`, tenant: user % 97 },
      startedAt,
      policy: this.#plan.policy,
    };
  }
}

const FAILURE = {
  code: 'provider_overloaded',
  message: 'The provider is overloaded. Try again in a moment.',
  origin: 'provider',
} as const;

function statusOf(draw: number): CallRecord['status'] {
  if (draw < FAILED_SHARE) return 'failed';
  return draw < FAILED_SHARE + ABORTED_SHARE ? 'aborted' : 'completed';
}

function attemptOf(
  target: string,
  status: CallRecord['status'],
): Omit<AttemptRecord, 'latencyMs' | 'ttftMs' | 'usage' | 'costNanoUsd'> {
  const isFailed = status === 'failed';
  return {
    target,
    kind: 'first',
    outcome: status,
    httpStatus: isFailed ? 529 : 200,
    errorCode: isFailed ? FAILURE.code : undefined,
    retryOf: undefined,
    startMs: 0.3,
    usageSource: isFailed ? undefined : 'reported',
    costSource: isFailed ? undefined : 'priced',
    priceVersion: `${target}@2026-01-01`,
    responseModel: target,
    providerRequestId: 'req_0123456789abcdef',
    patches: [],
  };
}
