import { Socket } from 'node:net';

import type { Call } from '../core/call.ts';
import { GatewayError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { type CallContext, HttpCall, type Surface } from './call-factory.ts';
import type { DialectAdapter, ModelRoute } from './dialects/dialect-adapter.ts';
import { DIALECTS } from './dialects/registry.ts';

/**
 * A request as a call that nobody sends: to say beforehand what becomes of it.
 * @param endpoint a path under which models are asked, as clients write it
 * @param headers with lower-case names
 * @throws request_invalid where no request with a JSON body goes there
 */
export function estimateCall(
  context: CallContext,
  endpoint: string,
  body: JsonObject,
  headers: Readonly<Record<string, string>> = {},
): Call {
  const surface = surfaceOf(endpoint);
  if (!surface) throw unknownEndpoint(endpoint);
  const head = { headers, url: endpoint, socket: new Socket() };
  return new HttpCall(surface, head, context, { body: Buffer.from(JSON.stringify(body)) });
}

function isAskable(route: ModelRoute): boolean {
  return (route.method ?? 'POST') === 'POST' && !route.resource && route.body !== 'form';
}

function surfaceOf(endpoint: string): Surface | undefined {
  for (const adapter of DIALECTS) {
    for (const route of adapter.routes) {
      const surface = isAskable(route) ? surfaceAt(adapter, route, endpoint) : undefined;
      if (surface) return surface;
    }
  }
  return undefined;
}

function surfaceAt(adapter: DialectAdapter, route: ModelRoute, endpoint: string): Surface | undefined {
  if (!route.resolve) {
    return route.path === endpoint ? { adapter, operation: route.operation, endpoint } : undefined;
  }
  const beginning = route.path.slice(0, -1);
  const resolved = endpoint.startsWith(beginning) ? route.resolve(endpoint.slice(beginning.length)) : undefined;
  return resolved && { adapter, operation: resolved.operation, endpoint: resolved.endpoint, path: resolved.facts };
}

function unknownEndpoint(endpoint: string): GatewayError {
  const paths = DIALECTS.flatMap(({ routes }) => routes.filter(isAskable).map(({ path }) => path));
  const shown = endpoint.length > 100 ? `${endpoint.slice(0, 100)}…` : endpoint;
  return new GatewayError('request_invalid', {
    message: `No requests for models with a JSON body go to "${shown}". Those that do: ${[...new Set(paths)].join(', ')}.`,
    param: 'endpoint',
  });
}
