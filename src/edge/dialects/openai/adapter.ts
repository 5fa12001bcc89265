import type { DialectAdapter } from '../dialect-adapter.ts';
import { decode } from './decode.ts';
import { decodeEmbedding, encodeEmbedding } from './embeddings.ts';
import { encodeAnswer } from './encode-answer.ts';
import { CompletionStreamEncoder, encodeCompletion } from './encode-completion.ts';
import { errorEvent } from './error-event.ts';
import { readFacts } from './facts.ts';
import { readNeeds } from './needs.ts';
import { readWishes } from './wishes.ts';
import { renderError } from './render-error.ts';
import { renderModel, renderModels } from './render-models.ts';
import { KEPT_ROUTES } from './resource-routes.ts';
import { RELAYED_ROUTES } from './relayed-routes.ts';
import { RERANK_ROUTES } from './rerank-routes.ts';
import { OpenAiStreamEncoder } from './stream-encoder.ts';

const OWN_PATHS = ['/v1/chat/', '/v1/embeddings', ...[...RELAYED_ROUTES, ...RERANK_ROUTES].map(({ path }) => path)];

export const openai: DialectAdapter = {
  dialect: 'openai',
  routes: [
    { path: '/v1/chat/completions', operation: 'chat', summary: "OpenAI's chat completions, streamed or not" },
    { path: '/v1/embeddings', operation: 'embeddings', summary: "OpenAI's embeddings" },
    ...RELAYED_ROUTES,
    ...RERANK_ROUTES,
    ...KEPT_ROUTES,
  ],
  speaks: (path) => OWN_PATHS.some((own) => path.startsWith(own)),
  readFacts,
  renderError,
  errorEvent,
  readNeeds,
  decode,
  readWishes,
  decodeEmbedding,
  encodeEmbedding,
  encodeAnswer: (events, context) =>
    context.operation === 'completion' ? encodeCompletion(events, context) : encodeAnswer(events, context),
  streamEncoder: (context) =>
    context.operation === 'completion' ? new CompletionStreamEncoder(context) : new OpenAiStreamEncoder(context),
  renderModel,
  renderModels,
};
