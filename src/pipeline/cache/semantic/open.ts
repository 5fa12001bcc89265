import type { Call } from '../../../core/call.ts';
import type { Handler } from '../../../core/stage.ts';
import { EmbedLink } from '../../../models/vectors/embed/embed-link.ts';
import { type SemanticCacheDeps, VerifiedSemanticCache } from './semantic-cache.ts';

export interface SemanticCacheOptions extends SemanticCacheDeps {
  /** Of an ONNX model that makes the vectors of this process; the shipped encoders where absent. */
  readonly encoderFolder: string | undefined;
  /** Something for the log. */
  said(level: 'warn' | 'error', text: string): void;
}

export interface OpenSemanticCache {
  readonly cache: VerifiedSemanticCache;
  /** Loads the encoders of this process before the first request needs them. */
  warm(): void;
  close(): Promise<void>;
}

/** The semantic cache with its thread, which is started with the first request that needs it. */
export function openSemanticCache(options: SemanticCacheOptions): OpenSemanticCache {
  const { scheduler, encoderFolder: folder } = options;
  const link = new EmbedLink({
    folder,
    scheduler,
    said: (level, text) => options.said(level, text),
    lost: () => cache.clear(),
  });
  const underWay = new Set<Call>();
  const ask: Handler = async (own) => {
    underWay.add(own);
    try {
      return await options.ask(own);
    } finally {
      underWay.delete(own);
    }
  };
  const cache = new VerifiedSemanticCache({ ...options, catalog: () => options.catalog(), ask }, link);
  return {
    cache,
    warm: () => link.warm(),
    async close() {
      cache.close();
      for (const { cancellation } of underWay) cancellation.cancel('shutdown');
      await link.close();
    },
  };
}
