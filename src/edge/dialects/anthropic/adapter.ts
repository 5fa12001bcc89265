import type { DialectAdapter } from '../dialect-adapter.ts';
import { refuseEmbedding } from '../no-embeddings.ts';
import { decode } from './decode.ts';
import { encodeAnswer } from './encode-answer.ts';
import { errorEvent } from './error-event.ts';
import { readFacts } from './facts.ts';
import { readNeeds } from './needs.ts';
import { renderError } from './render-error.ts';
import { renderModel, renderModels } from './render-models.ts';
import { BATCH_ROUTES } from './resource-routes.ts';
import { AnthropicStreamEncoder } from './stream-encoder.ts';

export const anthropic: DialectAdapter = {
  dialect: 'anthropic',
  routes: [
    { path: '/v1/messages', operation: 'chat', summary: "Anthropic's messages, streamed or not" },
    {
      path: '/v1/messages/count_tokens',
      operation: 'token-count',
      summary: "Anthropic's count of a message's tokens, or an estimate of it",
    },
    ...BATCH_ROUTES,
  ],
  speaks: (path, headers) => path.startsWith('/v1/messages') || headers['anthropic-version'] !== undefined,
  readFacts,
  renderError,
  errorEvent,
  readNeeds,
  decode,
  readWishes: () => ({ includeUsage: true, fields: {} }),
  decodeEmbedding: refuseEmbedding,
  encodeEmbedding: refuseEmbedding,
  encodeAnswer,
  streamEncoder: (context) => new AnthropicStreamEncoder(context),
  renderModel,
  renderModels,
};
