import type { FastifyRequest } from 'fastify';

import { GatewayError } from '../core/errors.ts';

const BEARER = /^Bearer +(\S+) *$/i;

/** The key that came as Bearer. */
export function bearerOf(request: FastifyRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

/** Lets only the holder of the admin key pass. @throws auth_missing_key, auth_invalid_key */
export function requireAdminKey(request: FastifyRequest, checkAdminKey: (key: string) => boolean): void {
  const key = bearerOf(request);
  if (key === undefined) {
    throw new GatewayError('auth_missing_key', {
      message: 'The admin API needs the admin key (CAUSEWAY_ADMIN_KEY) as "Authorization: Bearer …".',
    });
  }
  if (!checkAdminKey(key)) {
    throw new GatewayError('auth_invalid_key', {
      message: 'This is not the admin key. It is the value of CAUSEWAY_ADMIN_KEY, or was printed at the first start.',
    });
  }
}
