import type { FastifyInstance } from 'fastify';

import { type MeasuredParts, judged } from './judge.ts';
import { StatusView } from './status-schema.ts';

/** What does not change as long as the process lives. */
interface ProcessIdentity extends Pick<StatusView, 'version' | 'node' | 'replica' | 'host' | 'pid'> {
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface StatusRouteDeps {
  readonly identity: ProcessIdentity;
  readonly measure: () => Promise<MeasuredParts>;
  readonly now: () => number;
}

/** `/admin/v1/status`: how this replica is, and what to do where it is not well. */
export function statusRoutes({ identity, measure, now }: StatusRouteDeps): (app: FastifyInstance) => void {
  const { startedAt, ...who } = identity;
  return (app) => {
    app.get(
      '/admin/v1/status',
      {
        schema: {
          summary: 'How the replica that answers is: its parts, each with what to do where it is not well',
          tags: ['service'],
          response: { 200: StatusView },
        },
      },
      async (): Promise<StatusView> => {
        const parts = judged(await measure());
        const at = now();
        return {
          ...who,
          ...parts,
          started_at: new Date(startedAt).toISOString(),
          uptime_seconds: Math.max(0, Math.round((at - startedAt) / 1000)),
          now: new Date(at).toISOString(),
        };
      },
    );
  };
}
