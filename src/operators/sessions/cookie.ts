import { LONGEST_MS } from './sessions.ts';

const NAME = 'causeway_session';

/** A browser takes the prefixed name only over https, for this host alone and for all its paths. */
function nameOf(isHttps: boolean): string {
  return isHttps ? `__Host-${NAME}` : NAME;
}

/** What a cookie of this name says. */
export function cookieOf(header: unknown, name: string): string | undefined {
  if (typeof header !== 'string') return undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** The token of the session that came with a request. */
export function sessionTokenOf(header: unknown, isHttps: boolean): string | undefined {
  return cookieOf(header, nameOf(isHttps));
}

/** How long a session lasts is known here; the browser keeps the cookie for as long as it may last at most. */
export function sessionCookie(token: string, isHttps: boolean): string {
  return `${nameOf(isHttps)}=${token}; ${attributes(isHttps)}; Max-Age=${LONGEST_MS / 1000}`;
}

export function endOfSessionCookie(isHttps: boolean): string {
  return `${nameOf(isHttps)}=; ${attributes(isHttps)}; Max-Age=0`;
}

function attributes(isHttps: boolean): string {
  return `Path=/; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}`;
}
