import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { missingCredential } from '../relay-request.ts';
import { embeddingProvider } from '../rerank/embedding-provider.ts';
import { jinaEmbedder } from './embedder.ts';
import { jinaReranker } from './reranker.ts';

const DEFAULT_BASE_URL = 'https://api.jina.ai/v1';
const OWN_MODELS = /^jina-/;
const PASSED_HEADERS: ReadonlySet<string> = new Set(['x-request-id', 'retry-after']);

/** Provider type `jina`: Jina AI. */
export function createJinaProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const access = httpAccess(options, {
    baseUrl: options.baseUrl ?? DEFAULT_BASE_URL,
    keyHeaders: bearer,
    missing: () => missingCredential(options.name, 'JINA_API_KEY'),
  });
  const { endpoint } = access;
  return embeddingProvider(options, transport, {
    type: 'jina',
    ownModels: OWN_MODELS,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    access,
    embedder: jinaEmbedder(endpoint),
    reranker: jinaReranker,
  });
}
