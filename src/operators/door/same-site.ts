import type { Visitor } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';

/** A page of somebody else's cannot set it without asking, and is told no. */
const MARK = 'x-causeway-console';
const READING = new Set(['GET', 'HEAD']);

/**
 * Whether a request that came with the cookie of a session was sent by the console, and not by a page of somebody else's
 * in the same browser. What only reads needs none of it: other pages cannot see the answer.
 * @throws auth_forbidden with what is missing
 */
export function requireOwnPage(visitor: Visitor): void {
  if (READING.has(visitor.method)) return;
  requireSameOrigin(visitor);
  const type = visitor.headers['content-type'];
  if (visitor.headers[MARK] !== '1') throw refused(`the header "${MARK}: 1" is missing`);
  if (type !== undefined && !/^application\/json\s*(?:;|$)/i.test(String(type))) {
    throw refused('its body is not JSON (content-type: application/json)');
  }
}

/** Whether the browser, where it is one, says that the request comes from a page of this gateway. @throws auth_forbidden */
export function requireSameOrigin({ headers }: Visitor): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    if (site === 'same-origin') return;
    throw refused(`it comes from another site (sec-fetch-site: ${shown(site)})`);
  }
  const { origin } = headers;
  if (origin !== undefined && hostOf(String(origin)) !== String(headers['host']).toLowerCase()) {
    throw refused(`it comes from another origin (${shown(origin)})`);
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function shown(value: unknown): string {
  return String(value).slice(0, 100);
}

function refused(why: string): GatewayError {
  return new GatewayError('auth_forbidden', {
    message: `A request with a session's cookie changes nothing unless the console sends it: ${why}. Send a key as "Authorization: Bearer …" instead.`,
  });
}
