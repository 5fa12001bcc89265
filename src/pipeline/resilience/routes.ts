import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { GatewayError } from '../../core/errors.ts';
import type { KeyView } from './keys/key-pool.ts';
import type { TargetState } from './route/target-state.ts';
import { TargetView, partsOf, targetView } from './target-view.ts';

export interface TargetRouteDeps {
  /** Those that were asked lately. */
  readonly targets: { readonly all: Iterable<TargetState> };
  /** None where the provider is not configured any more. */
  keysOf(provider: string): readonly KeyView[];
}

const TargetList = Type.Object({ data: Type.Array(TargetView), next: Type.Null() });
const ByTarget = Type.Object(
  { target: Type.Optional(Type.String({ description: 'provider/model: only this one' })) },
  { additionalProperties: false },
);
const Reset = Type.Object(
  { target: Type.String({ minLength: 1, maxLength: 1000, description: 'provider/model' }) },
  { additionalProperties: false },
);

/** `/admin/v1/targets`, for whoever holds the admin key. */
export function targetRoutes(deps: TargetRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    listRoute(app, deps);
    resetRoute(app, deps);
  };
}

function listRoute(app: FastifyInstance, deps: TargetRouteDeps): void {
  app.get<{ Querystring: Static<typeof ByTarget> }>(
    '/admin/v1/targets',
    {
      schema: {
        summary: 'Targets that were asked lately: breaker, queue, latency, keys',
        tags: ['targets'],
        querystring: ByTarget,
        response: { 200: TargetList },
      },
    },
    ({ query: { target } }) => listed(statesOf(deps, target), deps),
  );
}

/** Whoever has mended a provider need not wait until the breaker finds out. */
function resetRoute(app: FastifyInstance, deps: TargetRouteDeps): void {
  app.post<{ Body: Static<typeof Reset> }>(
    '/admin/v1/targets/reset',
    {
      schema: {
        summary: 'Close the breaker of a target, so that it is asked again at once',
        tags: ['targets'],
        body: Reset,
        response: { 200: TargetList },
      },
    },
    ({ body: { target } }) => {
      const states = statesOf(deps, target);
      if (states.length === 0) {
        const message = `No target "${target}" was asked lately. GET /admin/v1/targets lists those that were.`;
        throw new GatewayError('resource_not_found', { message, param: 'target' });
      }
      for (const { breaker } of states) breaker.close();
      return listed(states, deps);
    },
  );
}

function statesOf({ targets }: TargetRouteDeps, target: string | undefined): TargetState[] {
  const states = [...targets.all];
  return target === undefined ? states.toSorted(byTarget) : states.filter((state) => state.target === target);
}

function listed(states: readonly TargetState[], deps: TargetRouteDeps): Static<typeof TargetList> {
  return { data: states.map((state) => targetView(state, deps.keysOf(partsOf(state.target).provider))), next: null };
}

function byTarget(a: TargetState, b: TargetState): number {
  return a.target < b.target ? -1 : 1;
}
