import type { UpstreamRequest } from '../../transport/transport.ts';
import { type GoogleIdentity, TokenCache, missingCredentials, missingProject, once } from './access-token.ts';
import { UNKNOWN_PROJECT } from './address.ts';

/** Adds the token, and the project where only the credentials know it. Requests that have a credential stay as they are. */
export function authorizer(
  provider: string,
  identity: GoogleIdentity,
  now?: () => number,
): (request: UpstreamRequest) => Promise<UpstreamRequest> {
  const cache = new TokenCache(() => identity.token(), now);
  const project = once(() => identity.project());
  return async (request) => {
    if (request.headers['authorization'] !== undefined) return request;
    const token = await cache.get().catch((cause: unknown) => {
      throw missingCredentials(provider, cause);
    });
    const path = request.path.includes(UNKNOWN_PROJECT) ? await withProject(request.path) : request.path;
    return { ...request, path, headers: { ...request.headers, authorization: `Bearer ${token}` } };
  };

  async function withProject(path: string): Promise<string> {
    const known = await project().catch((cause: unknown) => {
      throw missingProject(provider, cause);
    });
    return path.replace(UNKNOWN_PROJECT, encodeURIComponent(known));
  }
}
