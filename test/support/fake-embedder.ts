import type { Embedder } from '../../src/models/providers/provider.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { EmbeddingAnswer } from '../../src/core/inference/embedding.ts';
import { mapError } from '../../src/models/providers/openai/map-error.ts';

/** A provider of embeddings whose body is `{ model, texts }` and whose answer `{ vectors, tokens }`. */
export function fakeEmbedder({ inputs = 100 }: { readonly inputs?: number } = {}): Embedder {
  return {
    bounds: () => ({ inputs, tokens: undefined }),
    request: (_call, model, embedding) => ({
      method: 'POST',
      origin: 'http://embedder.test',
      path: '/embed',
      headers: {},
      body: Buffer.from(JSON.stringify({ model, texts: embedding.inputs })),
      timeouts: { connect: 1, headers: 1, idle: 1 },
    }),
    read(body, count): EmbeddingAnswer {
      const { vectors, tokens } = body as { vectors: number[][]; tokens: number };
      if (vectors.length !== count) throw new GatewayError('provider_bad_response');
      return { vectors, usage: { inputTokens: tokens }, model: 'answering-model' };
    },
    readError: mapError,
  };
}

/** Texts of a request that was sent to it. */
export function textsOf(body: Uint8Array | undefined): string[] {
  return (JSON.parse(Buffer.from(body ?? []).toString()) as { texts: string[] }).texts;
}
