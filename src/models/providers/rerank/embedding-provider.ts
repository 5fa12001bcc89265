import { GatewayError } from '../../../core/errors.ts';
import type { Transport } from '../../transport/transport.ts';
import type { HttpAccess, HttpProviderOptions } from '../http-provider.ts';
import type { Embedder, Provider } from '../provider.ts';
import { type Reranker, rerankPlan, rerankWire } from './plan.ts';

interface EmbeddingProviderRules {
  readonly type: string;
  readonly ownModels: RegExp | undefined;
  readonly passedHeaders: ReadonlySet<string>;
  readonly requestIdHeader: string;
  readonly access: HttpAccess;
  readonly embedder: Embedder;
  readonly reranker: Reranker;
}

/** A provider that embeds and ranks, and does nothing else. */
export function embeddingProvider(
  options: HttpProviderOptions,
  transport: Transport,
  rules: EmbeddingProviderRules,
): Provider {
  const { type, ownModels, passedHeaders, requestIdHeader, access, embedder, reranker } = rules;
  const wire = rerankWire(embedder.readError);
  return {
    name: options.name,
    type,
    family: type,
    simulated: false,
    transport,
    models: options.models,
    passedHeaders,
    requestIdHeader,
    ownsModel: (name) => options.models.includes(name) || (ownModels?.test(name) ?? false),
    wire: (_dialect, operation) => (operation === 'rerank' ? wire : undefined),
    plan(call, model) {
      if (call.operation !== 'rerank') throw new GatewayError('operation_unsupported');
      return rerankPlan(reranker, call, model, access.endpoint(call));
    },
    embedder,
    ...access.keys,
    close: () => transport.close(),
  };
}
