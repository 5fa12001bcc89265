import { GatewayError } from '../../../core/errors.ts';
import type { DialectAdapter } from '../dialect-adapter.ts';
import { refuseEmbedding } from '../no-embeddings.ts';
import { errorEvent } from '../openai/error-event.ts';
import { readFacts } from '../openai/facts.ts';
import { readNeeds } from '../openai/needs.ts';
import { renderError } from '../openai/render-error.ts';
import { renderModel, renderModels } from '../openai/render-models.ts';

function unwritten(): never {
  throw new GatewayError('operation_unsupported');
}

/** OpenAI's responses. Errors and models are those of OpenAI's other APIs. */
export const responses: DialectAdapter = {
  dialect: 'responses',
  routes: [],
  speaks: (path) => path.startsWith('/v1/responses'),
  readFacts,
  renderError,
  errorEvent,
  readNeeds,
  decode: unwritten,
  decodeEmbedding: refuseEmbedding,
  encodeEmbedding: refuseEmbedding,
  encodeAnswer: unwritten,
  streamEncoder: unwritten,
  renderModel,
  renderModels,
};
