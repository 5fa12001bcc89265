import type { Dialect, Operation } from '../../src/core/call.ts';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type Planter,
  openAiChat,
  openAiFunctions,
  openAiRelayed,
  responses,
  responsesRelayed,
  anthropic,
  gemini,
  snakeGemini,
  embedded,
} from './guarded-bodies.ts';

export interface GuardedRequest {
  readonly name: string;
  readonly dialect: Dialect;
  readonly operation: Operation;
  readonly build: (plant: Planter) => JsonObject;
  /** The decoder of its dialect takes it, so that what it becomes for another provider can be looked at. */
  readonly isDecodable?: true;
}

/** Requests of every dialect and operation that have texts, with one at every place where it may have one. */
export const REQUESTS: readonly GuardedRequest[] = [
  { name: 'chat', dialect: 'openai', operation: 'chat', build: openAiChat, isDecodable: true },
  { name: 'chat with functions', dialect: 'openai', operation: 'chat', build: openAiFunctions, isDecodable: true },
  { name: 'chat with what only OpenAI has', dialect: 'openai', operation: 'chat', build: openAiRelayed },
  { name: 'responses', dialect: 'responses', operation: 'chat', build: responses, isDecodable: true },
  {
    name: 'responses with a text',
    dialect: 'responses',
    operation: 'chat',
    build: (plant) => ({ input: plant('input', 'user', 0) }),
    isDecodable: true,
  },
  { name: 'responses with tools that OpenAI runs', dialect: 'responses', operation: 'chat', build: responsesRelayed },
  { name: 'messages', dialect: 'anthropic', operation: 'chat', build: anthropic, isDecodable: true },
  {
    name: 'a count of tokens',
    dialect: 'anthropic',
    operation: 'token-count',
    build: (plant) => ({
      system: plant('input', 'system', -1),
      messages: [{ role: 'user', content: plant('input', 'user', 0) }],
    }),
  },
  { name: 'generateContent', dialect: 'gemini', operation: 'chat', build: gemini, isDecodable: true },
  {
    name: 'generateContent in snake case',
    dialect: 'gemini',
    operation: 'chat',
    build: snakeGemini,
    isDecodable: true,
  },
  {
    name: 'countTokens',
    dialect: 'gemini',
    operation: 'token-count',
    build: (plant) => ({ generateContentRequest: gemini(plant) }),
  },
  {
    name: 'embedContent',
    dialect: 'gemini',
    operation: 'embeddings',
    build: (plant) => ({ content: { parts: [{ text: plant('input', 'none', -1) }] } }),
  },
  {
    name: 'batchEmbedContents',
    dialect: 'gemini',
    operation: 'embeddings',
    build: (plant) => ({ requests: embedded(plant) }),
  },
  {
    name: 'a completion',
    dialect: 'openai',
    operation: 'completion',
    build: (plant) => ({
      prompt: [plant('input', 'user', 0), plant('input', 'user', 1)],
      suffix: plant('input', 'user', -1),
    }),
  },
  {
    name: 'embeddings',
    dialect: 'openai',
    operation: 'embeddings',
    build: (plant) => ({ input: [plant('input', 'none', -1), plant('input', 'none', -1)] }),
  },
  {
    name: 'a ranking',
    dialect: 'openai',
    operation: 'rerank',
    build: (plant) => ({
      query: plant('input', 'none', -1),
      documents: [plant('retrieved', 'none', -1), { text: plant('retrieved', 'none', -1) }],
    }),
  },
  {
    name: 'a moderation',
    dialect: 'openai',
    operation: 'moderation',
    build: (plant) => ({ input: [{ type: 'text', text: plant('input', 'none', -1) }] }),
  },
  {
    name: 'speech',
    dialect: 'openai',
    operation: 'speech',
    build: (plant) => ({ input: plant('input', 'none', -1), instructions: plant('input', 'none', -1) }),
  },
  {
    name: 'an image',
    dialect: 'openai',
    operation: 'image',
    build: (plant) => ({ prompt: plant('input', 'user', -1) }),
  },
];
