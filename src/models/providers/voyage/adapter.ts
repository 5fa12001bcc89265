import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { missingCredential } from '../relay-request.ts';
import { embeddingProvider } from '../rerank/embedding-provider.ts';
import { voyageEmbedder } from './embedder.ts';
import { voyageReranker } from './reranker.ts';

const DEFAULT_BASE_URL = 'https://api.voyageai.com/v1';
const OWN_MODELS = /^(voyage-|rerank-(lite-)?\d)/;
const PASSED_HEADERS: ReadonlySet<string> = new Set(['x-request-id', 'retry-after']);

/** Provider type `voyage`: Voyage AI. */
export function createVoyageProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const access = httpAccess(options, {
    baseUrl: options.baseUrl ?? DEFAULT_BASE_URL,
    keyHeaders: bearer,
    missing: () => missingCredential(options.name, 'VOYAGE_API_KEY'),
  });
  const { endpoint } = access;
  return embeddingProvider(options, transport, {
    type: 'voyage',
    ownModels: OWN_MODELS,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    access,
    embedder: voyageEmbedder(endpoint),
    reranker: voyageReranker,
  });
}
