import type { FastifyInstance } from 'fastify';

import { EXPOSITION_TYPE } from './exposition.ts';
import type { Registry } from './registry.ts';

/** `GET /metrics` for Prometheus, without a key. */
export function metricsRoutes({ registry }: { readonly registry: Registry }): (app: FastifyInstance) => void {
  return (app) => {
    app.get(
      '/metrics',
      { schema: { tags: ['service'], summary: 'Metrics in the text format of Prometheus', security: [] } },
      (_request, reply) => reply.type(EXPOSITION_TYPE).send(registry.expose()),
    );
  };
}
