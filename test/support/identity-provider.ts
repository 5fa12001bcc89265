import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type AccountClaims, type ClientMetadata, Provider } from 'oidc-provider';

export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who sits before the browser: what is said of them. */
  signedIn: AccountClaims;
  /** How often its token endpoint was asked. */
  readonly exchanges: () => number;
  close(): Promise<void>;
}

const CLIENT_ID = 'gateway';

/**
 * A real provider of OpenID Connect on a socket, where whoever comes is signed in at once as `signedIn`.
 * @param gateway where the gateway listens; its callback is known
 */
export async function startIdentityProvider(gateway: string, isWholeIdToken = true): Promise<IdentityProvider> {
  const http = createServer();
  await new Promise<void>((listening) => void http.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clientSecret = randomBytes(32).toString('base64url');
  const state = { signedIn: { sub: 'nobody' } as AccountClaims, exchanges: 0 };
  const client: ClientMetadata = {
    client_id: CLIENT_ID,
    client_secret: clientSecret,
    redirect_uris: [`${gateway}/admin/v1/session/sso/callback`],
    post_logout_redirect_uris: [`${gateway}/console/`],
  };
  const provider = providerOf({ issuer, client, isWholeIdToken, signedIn: () => state.signedIn });
  const answer = provider.callback();
  http.on('request', (request, response) => {
    if (request.url?.startsWith('/token')) state.exchanges += 1;
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    return void consent(provider, request, response, state.signedIn.sub);
  });
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret,
    get signedIn() {
      return state.signedIn;
    },
    set signedIn(claims) {
      state.signedIn = claims;
    },
    exchanges: () => state.exchanges,
    close: () => closed(http),
  };
}

interface ProviderParts {
  readonly issuer: string;
  readonly client: ClientMetadata;
  readonly isWholeIdToken: boolean;
  readonly signedIn: () => AccountClaims;
}

function providerOf({ issuer, client, isWholeIdToken, signedIn }: ProviderParts): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  return new Provider(issuer, {
    clients: [client],
    jwks: { keys: [{ ...jwk, alg: 'RS256', use: 'sig', kid: 'one' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    conformIdTokenClaims: !isWholeIdToken,
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => signedIn() }),
  });
}

type Interaction = Parameters<Provider['interactionDetails']>;

/** In the place of the pages where people sign in and consent. */
async function consent(provider: Provider, ...[request, response, accountId]: [...Interaction, string]): Promise<void> {
  const { params, prompt } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  const done =
    prompt.name === 'login' ? { login: { accountId, remember: false } } : { consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, done, { mergeWithLastSubmission: true });
}

function closed(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
