import type { DialectAdapter } from '../dialect-adapter.ts';
import { refuseEmbedding } from '../no-embeddings.ts';
import { renderModel, renderModels } from '../openai/render-models.ts';
import { decode } from './decode.ts';
import { encodeAnswer } from './encode-answer.ts';
import { errorEvent } from './error-event.ts';
import { readFacts } from './facts.ts';
import { readNeeds } from './needs.ts';
import { renderError } from './render-error.ts';
import { STORED_ROUTES } from './resource-routes.ts';
import { ResponsesStreamEncoder } from './stream-encoder.ts';

/** OpenAI's responses. Models are those of OpenAI's other APIs. */
export const responses: DialectAdapter = {
  dialect: 'responses',
  routes: [
    { path: '/v1/responses', operation: 'chat', summary: "OpenAI's responses, streamed or not" },
    ...STORED_ROUTES,
  ],
  speaks: (path) => path.startsWith('/v1/responses'),
  readFacts,
  renderError,
  errorEvent,
  readNeeds,
  decode,
  readWishes: () => ({ includeUsage: true, fields: {} }),
  decodeEmbedding: refuseEmbedding,
  encodeEmbedding: refuseEmbedding,
  encodeAnswer,
  streamEncoder: (context) => new ResponsesStreamEncoder(context),
  renderModel,
  renderModels,
};
