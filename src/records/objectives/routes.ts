import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import type { ObjectiveTracker } from './objective-tracker.ts';
import { ObjectiveView, objectiveView } from './view.ts';

export interface ObjectiveRouteDeps {
  readonly tracker: Pick<ObjectiveTracker, 'all'>;
  readonly clock: Clock;
}

const ObjectiveList = Type.Object({ data: Type.Array(ObjectiveView) });

/** `GET /admin/v1/objectives`, for whoever holds the admin key. */
export function objectiveRoutes({ tracker, clock }: ObjectiveRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get(
      '/admin/v1/objectives',
      {
        schema: {
          summary: 'How virtual models keep to their objectives, as this process saw it',
          tags: ['records'],
          response: { 200: ObjectiveList },
        },
      },
      () => ({ data: tracker.all.map((tracked) => objectiveView(tracked, clock)) }),
    );
  };
}
