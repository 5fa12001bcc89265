import type { Transport } from '../../transport/transport.ts';
import { type HttpProviderOptions, httpAccess } from '../http-provider.ts';
import { bearer } from '../provider-keys.ts';
import type { Provider } from '../provider.ts';
import { embeddingProvider } from '../rerank/embedding-provider.ts';
import { teiEmbedder } from './embedder.ts';
import { teiReranker } from './reranker.ts';

/** How long the server took for each step, as it says in its headers. */
const PASSED_HEADERS: ReadonlySet<string> = new Set(['x-request-id', 'x-compute-time', 'x-total-time', 'retry-after']);

/**
 * Provider type `tei`: Hugging Face's Text Embeddings Inference, with or without a key. A server has one model.
 * @throws RangeError where it has no base URL
 */
export function createTeiProvider(options: HttpProviderOptions, transport: Transport): Provider {
  const { name, baseUrl } = options;
  if (baseUrl === undefined) throw new RangeError(`provider "${name}" needs a baseUrl`);
  const access = httpAccess(options, {
    // Its own paths have no version, and its OpenAI-shaped ones do.
    baseUrl: baseUrl.replace(/\/v1\/*$/, ''),
    keyHeaders: bearer,
    keyless: {},
  });
  const { endpoint } = access;
  return embeddingProvider(options, transport, {
    type: 'tei',
    ownModels: undefined,
    passedHeaders: PASSED_HEADERS,
    requestIdHeader: 'x-request-id',
    access,
    embedder: teiEmbedder(endpoint),
    reranker: teiReranker,
  });
}
