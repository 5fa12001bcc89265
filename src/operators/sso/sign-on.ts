import { hash } from 'node:crypto';

import type { Visitor } from '../../core/admin-request.ts';
import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Identified } from '../identity/operator-directory.ts';
import { IdentityProvider } from './identity-provider.ts';
import { CONSOLE, localPath } from './local-path.ts';
import { operatorOfClaims, nameOf } from './rules.ts';
import { openAttempt, sealAttempt } from './sealed-attempt.ts';
import type { OidcSettings } from './settings.ts';

export const CALLBACK = '/admin/v1/session/sso/callback';
export const ATTEMPT_MS = 10 * 60_000;
/** What an identity provider says of itself is asked for again. */
const KNOWN_MS = 60 * 60_000;
/** Whoever asks again at once is told the same. */
const AWAY_MS = 5000;
const FINGERPRINT_LENGTH = 32;

export interface SignOnDeps {
  /** Undefined where there is no single sign-on. */
  readonly settings: () => OidcSettings | undefined;
  readonly clock: Clock;
  readonly log: { warn(facts: object, message: string): void };
}

/** Why somebody is not let in; `who` is known where the identity provider knows them. */
export class SignOnRefused extends Error {
  override readonly name = 'SignOnRefused';
  readonly why: 'no_attempt' | 'not_proved' | 'no_role' | 'unreachable';
  readonly who: string | undefined;

  constructor(why: SignOnRefused['why'], detail: { readonly who?: string; readonly cause?: unknown } = {}) {
    super(why, detail.cause === undefined ? {} : { cause: detail.cause });
    this.why = why;
    this.who = detail.who;
  }
}

interface Known {
  readonly settings: OidcSettings;
  readonly provider: Promise<IdentityProvider>;
  goodUntil: number;
}

/** Sign-in at an identity provider: authorization code with PKCE, state and nonce. */
export class SignOn {
  readonly #deps: SignOnDeps;
  readonly #fingerprints = new WeakMap<OidcSettings, string>();
  #known: Known | undefined;

  constructor(deps: SignOnDeps) {
    this.#deps = deps;
  }

  get settings(): OidcSettings | undefined {
    return this.#deps.settings();
  }

  /** What sessions stand and fall with: by other rules somebody might not have been let in. */
  get fingerprint(): string | undefined {
    const { settings } = this;
    if (!settings) return undefined;
    const known = this.#fingerprints.get(settings);
    if (known !== undefined) return known;
    const { issuer, clientId, roles, nameClaim } = settings;
    const made = hash('sha256', JSON.stringify([issuer, clientId, roles, nameClaim])).slice(0, FINGERPRINT_LENGTH);
    this.#fingerprints.set(settings, made);
    return made;
  }

  /** Where to send somebody, and what their browser keeps until they come back. @throws SignOnRefused */
  async start(visitor: Visitor, to: unknown): Promise<{ readonly url: string; readonly sealed: string }> {
    const provider = await this.#provider();
    const challenge = provider.challenge();
    const redirectUri = provider.settings.redirectUri ?? originOf(visitor) + CALLBACK;
    const expiresAt = this.#deps.clock.now() + ATTEMPT_MS;
    const attempt = { ...challenge, redirectUri, to: localPath(to), expiresAt };
    return {
      url: await provider.startUrl(challenge, redirectUri),
      sealed: sealAttempt(attempt, provider.settings.clientSecret),
    };
  }

  /** Who came back, and where they go on. @throws SignOnRefused */
  async finish(sealed: string, search: string): Promise<{ readonly identified: Identified; readonly to: string }> {
    const provider = await this.#provider();
    const { settings } = provider;
    const attempt = openAttempt(sealed, settings.clientSecret, this.#deps.clock.now());
    if (!attempt) throw new SignOnRefused('no_attempt');
    const claims = await provider.claims(attempt, search).catch((cause: unknown) => {
      throw new SignOnRefused('not_proved', { cause });
    });
    const operator = operatorOfClaims(claims, settings);
    if (!operator) throw new SignOnRefused('no_role', { who: nameOf(claims, settings.nameClaim) });
    return { identified: { operator, credential: this.fingerprint ?? '' }, to: attempt.to };
  }

  /** Where somebody goes to sign out at the identity provider too; undefined where that is not known. */
  async endUrl(visitor: Visitor): Promise<string | undefined> {
    if (!this.settings) return undefined;
    try {
      return (await this.#provider()).endUrl(originOf(visitor) + CONSOLE);
    } catch {
      return undefined;
    }
  }

  async #provider(): Promise<IdentityProvider> {
    const { settings } = this;
    if (!settings) throw new GatewayError('path_not_found', { message: 'There is no single sign-on here.' });
    const { clock, log } = this.#deps;
    const now = clock.monotonic();
    if (this.#known?.settings !== settings || this.#known.goodUntil <= now) {
      const known: Known = { settings, provider: IdentityProvider.reach(settings), goodUntil: now + KNOWN_MS };
      known.provider.catch((err: unknown) => {
        known.goodUntil = clock.monotonic() + AWAY_MS;
        log.warn({ err, issuer: settings.issuer }, 'the identity provider cannot be reached; keys open the console');
      });
      this.#known = known;
    }
    return this.#known.provider.catch((cause: unknown) => {
      throw new SignOnRefused('unreachable', { cause });
    });
  }
}

/** The address that the browser asked. @throws request_invalid */
function originOf({ headers, isHttps }: Visitor): string {
  const address = `${isHttps ? 'https' : 'http'}://${String(headers['host'])}`;
  if (headers['host'] !== undefined && URL.canParse(address)) return new URL(address).origin;
  throw new GatewayError('request_invalid', { message: 'The header Host is not an address.', param: 'host' });
}
