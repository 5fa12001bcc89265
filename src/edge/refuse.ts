import type { ServerResponse } from 'node:http';

import { type GatewayError, toGatewayError } from '../core/errors.ts';
import { causewayHeaders } from '../core/reply-headers.ts';
import type { HttpCall, Surface } from './call-factory.ts';
import type { EdgeDeps } from './edge-deps.ts';
import { logIfInternal } from './edge-log.ts';
import { writeError } from './write-error.ts';

/** Records a request that the pipeline never saw, and answers it. */
export function refuse(
  deps: Pick<EdgeDeps, 'refuse' | 'log'>,
  surface: Surface,
  call: HttpCall,
  response: ServerResponse,
  thrown: unknown,
): void {
  const error: GatewayError = toGatewayError(thrown);
  logIfInternal(deps.log, call.id, error);
  deps.refuse(call, error);
  if (!response.destroyed) writeError(response, surface.adapter, error, causewayHeaders(call));
}
