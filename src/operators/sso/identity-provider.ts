import type { ClientAuth, Configuration } from 'openid-client';

import type { Claims } from './rules.ts';
import { claimOf, claimsNeeded } from './rules.ts';
import type { SignOnAttempt } from './sealed-attempt.ts';
import type { OidcSettings } from './settings.ts';

const TIMEOUT_S = 10;
const load = () => import('openid-client');
type Library = Awaited<ReturnType<typeof load>>;

/** What has to be sent along to the identity provider, and known when somebody comes back. */
export type Challenge = Pick<SignOnAttempt, 'state' | 'nonce' | 'verifier'>;

/** One identity provider, as it describes itself. The library is loaded where there is one. */
export class IdentityProvider {
  readonly settings: OidcSettings;
  readonly #library: Library;
  readonly #configuration: Configuration;

  private constructor(settings: OidcSettings, library: Library, configuration: Configuration) {
    this.settings = settings;
    this.#library = library;
    this.#configuration = configuration;
  }

  /** Asks what it is. Rejects where it does not answer, or answers something else. */
  static async reach(settings: OidcSettings): Promise<IdentityProvider> {
    const library = await load();
    const { issuer, clientId, clientSecret } = settings;
    const address = new URL(issuer);
    const { enableNonRepudiationChecks, allowInsecureRequests } = library;
    // Plain http was found to be of the own machine.
    const insecure = address.protocol === 'http:' ? [allowInsecureRequests] : [];
    const configuration = await library.discovery(address, clientId, undefined, clientAuth(library, clientSecret), {
      timeout: TIMEOUT_S,
      execute: [enableNonRepudiationChecks, ...insecure],
    });
    return new IdentityProvider(settings, library, configuration);
  }

  challenge(): Challenge {
    const { randomState, randomNonce, randomPKCECodeVerifier } = this.#library;
    return { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
  }

  /** Where somebody goes to sign in. */
  async startUrl({ state, nonce, verifier }: Challenge, redirectUri: string): Promise<string> {
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = this.#library;
    const url = buildAuthorizationUrl(this.#configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /** Who came back. Rejects where that cannot be proved. */
  async claims({ state, nonce, verifier, redirectUri }: SignOnAttempt, search: string): Promise<Claims> {
    const { authorizationCodeGrant, fetchUserInfo } = this.#library;
    const current = new URL(redirectUri);
    current.search = search;
    const tokens = await authorizationCodeGrant(this.#configuration, current, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims: Claims = tokens.claims() ?? {};
    const isWhole = claimsNeeded(this.settings).every((name) => claimOf(claims, name) !== undefined);
    const sub = claims['sub'];
    if (isWhole || typeof sub !== 'string' || !this.#configuration.serverMetadata().userinfo_endpoint) return claims;
    return { ...(await fetchUserInfo(this.#configuration, tokens.access_token, sub)), ...claims };
  }

  /** Where somebody goes to sign out there too; undefined where there is no such place. */
  endUrl(backTo: string): string | undefined {
    if (!this.#configuration.serverMetadata().end_session_endpoint) return undefined;
    return this.#library.buildEndSessionUrl(this.#configuration, { post_logout_redirect_uri: backTo }).href;
  }
}

/** In the way that the identity provider takes; in the header where it says nothing, as the standard has it. */
function clientAuth({ ClientSecretBasic, ClientSecretPost }: Library, secret: string): ClientAuth {
  const [inHeader, inBody] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (server, ...rest) => {
    const takesBody = server.token_endpoint_auth_methods_supported?.includes('client_secret_post') ?? false;
    return (takesBody ? inBody : inHeader)(server, ...rest);
  };
}
