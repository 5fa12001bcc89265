import { GatewayError } from '../../core/errors.ts';
import type { RolloutKind } from './definition.ts';

/** By the words of the API's paths. */
export function notFound(kind: RolloutKind, id: string): GatewayError {
  const where = kind === 'canary' ? 'canaries' : `${kind}s`;
  const message = `There is no ${kind} "${id}". GET /admin/v1/${where} lists those there are.`;
  return new GatewayError('resource_not_found', { message });
}
