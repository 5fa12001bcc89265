import type { DialectAdapter } from '../dialect-adapter.ts';
import { decode } from './decode.ts';
import { decodeEmbedding, encodeEmbedding } from './embeddings.ts';
import { encodeAnswer } from './encode-answer.ts';
import { errorEvent } from './error-event.ts';
import { readFacts } from './facts.ts';
import { readNeeds } from './needs.ts';
import { readWishes } from './wishes.ts';
import { renderError } from './render-error.ts';
import { renderModel, renderModels } from './render-models.ts';
import { GEMINI_ROUTES } from './routes.ts';
import { GeminiStreamEncoder } from './stream-encoder.ts';

/** Google's Gemini API. */
export const gemini: DialectAdapter = {
  dialect: 'gemini',
  routes: GEMINI_ROUTES,
  speaks: (path, headers) =>
    path.startsWith('/v1beta/') ||
    headers['x-goog-api-key'] !== undefined ||
    headers['x-goog-api-client'] !== undefined,
  readFacts,
  renderError,
  errorEvent,
  readNeeds,
  decode,
  readWishes,
  decodeEmbedding,
  encodeEmbedding,
  encodeAnswer,
  streamEncoder: (context) => new GeminiStreamEncoder(context),
  renderModel,
  renderModels,
};
