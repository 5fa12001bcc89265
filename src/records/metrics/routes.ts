import type { FastifyInstance } from 'fastify';

import { EXPOSITION_TYPE } from './exposition.ts';

/** A registry, or several as one. */
interface Exposed {
  expose(): string | Promise<string>;
}

/** `GET /metrics` for Prometheus, without a key. */
export function metricsRoutes({ registry }: { readonly registry: Exposed }): (app: FastifyInstance) => void {
  return (app) => {
    app.get(
      '/metrics',
      { schema: { tags: ['service'], summary: 'Metrics in the text format of Prometheus', security: [] } },
      async (_request, reply) => reply.type(EXPOSITION_TYPE).send(await registry.expose()),
    );
  };
}
