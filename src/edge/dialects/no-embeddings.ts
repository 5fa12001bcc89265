import { GatewayError } from '../../core/errors.ts';

/** For dialects without embeddings. @throws operation_unsupported */
export function refuseEmbedding(): never {
  throw new GatewayError('operation_unsupported', { message: 'There are no embeddings in this API.' });
}
