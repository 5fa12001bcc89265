import { type Random, integerBetween, pick } from '../../src/models/simulator/random.ts';
import { CHAT_KINDS, EMBED_KIND, modelName } from './spending-models.ts';

/** One request of a client that spends, and whether it stays for the answer. */
export interface Ask {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly stream: boolean;
  /** Goes away after so many pieces of the answer, or milliseconds. */
  readonly leaves?: { readonly afterPieces: number } | { readonly afterMs: number };
}

/** `mixed`: all that apps do, and leave undone; `plain`: whole answers of targets that are well. */
export type Mix = 'mixed' | 'plain';

/** What {@link drawAsk} asks for at most; what asks for none gets as much from the budget. */
export const MOST_OUTPUT_TOKENS = 64;

const LEAST_OUTPUT_TOKENS = 16;
const WORDS = [
  'rivers',
  'towns',
  'bridges',
  'harbours',
  'mills',
  'roads',
  'markets',
  'weather',
  '天气',
  '河流',
] as const;
const EMBEDDING_SHARE = 0.12;
const LEAVING_SHARE = 0.12;
const STREAM_SHARE = 0.6;
const NO_MAXIMUM_SHARE = 0.15;
const MOST_WORDS = 40;

/** The next request of a client: the same ones in every run with this randomness. */
export function drawAsk(random: Random, prefix: string, key: string, mix: Mix): Ask {
  if (mix === 'plain') return plainAsk(random, prefix, key);
  if (random() < EMBEDDING_SHARE) return embeddingAsk(random, prefix, key);
  const stream = random() < STREAM_SHARE;
  const model = modelName(prefix, pick(random, CHAT_KINDS));
  const ask = random() < 0.5 ? openAiAsk(random, model, key, stream) : anthropicAsk(random, model, key, stream);
  if (random() >= LEAVING_SHARE) return ask;
  const afterMs = { afterMs: integerBetween(random, 0, 80) };
  const leaves = stream && random() < 0.7 ? { afterPieces: integerBetween(random, 1, 20) } : afterMs;
  return { ...ask, leaves };
}

function plainAsk(random: Random, prefix: string, key: string): Ask {
  return openAiAsk(random, modelName(prefix, 'chat'), key, false);
}

function question(random: Random): string {
  const words = Array.from({ length: integerBetween(random, 1, MOST_WORDS) }, () => pick(random, WORDS));
  return `What do you know about ${words.join(' ')}?`;
}

function outputTokens(random: Random): number {
  return integerBetween(random, LEAST_OUTPUT_TOKENS, MOST_OUTPUT_TOKENS);
}

function openAiAsk(random: Random, model: string, key: string, stream: boolean): Ask {
  const body = {
    model,
    messages: [{ role: 'user', content: question(random) }],
    ...(random() < NO_MAXIMUM_SHARE ? {} : { max_completion_tokens: outputTokens(random) }),
    ...(random() < 0.1 ? { n: 2 } : {}),
    ...(stream ? { stream } : {}),
  };
  return { path: '/v1/chat/completions', headers: bearer(key), body: JSON.stringify(body), stream };
}

function anthropicAsk(random: Random, model: string, key: string, stream: boolean): Ask {
  const messages = [{ role: 'user', content: question(random) }];
  const body = { model, max_tokens: outputTokens(random), messages, ...(stream ? { stream } : {}) };
  const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' };
  return { path: '/v1/messages', headers, body: JSON.stringify(body), stream };
}

function embeddingAsk(random: Random, prefix: string, key: string): Ask {
  const input = Array.from({ length: integerBetween(random, 1, 4) }, () => question(random));
  const body = { model: modelName(prefix, EMBED_KIND), input, dimensions: 8 };
  return { path: '/v1/embeddings', headers: bearer(key), body: JSON.stringify(body), stream: false };
}

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
}
