import { randomBytes } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import type { Operator } from '../../core/operator.ts';
import { DAY_MS } from '../../core/units.ts';
import type { Identified } from '../identity/operator-directory.ts';
import type { Keyring } from '../identity/keyring.ts';
import { hashSecret } from '../identity/operator-key.ts';
import type { Session, SessionStore } from './session-store.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
/** However often it is used. */
export const LONGEST_MS = 7 * DAY_MS;
/** How long this process goes by what it has seen last. */
const SEEN_MS = 60_000;
/** A session is prolonged, and so written, when this part of its time is over. */
const PARTS = 12;
const MOST_SEEN = 2000;

export interface SessionsDeps {
  readonly store: Pick<SessionStore, 'add' | 'find' | 'extend' | 'end' | 'endOf'>;
  readonly keyring: Pick<Keyring, 'holds'>;
  readonly clock: Clock;
  readonly ttlMs: () => number;
}

interface Seen {
  /** Undefined: there is none. */
  readonly session: Session | undefined;
  readonly at: number;
}

/** Who is signed in. What was seen of a session stands for a minute, and for longer while the database is away. */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #seen = new GenerationalMap<Seen>(MOST_SEEN);

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
  }

  /** @throws storage_unavailable */
  async open({ operator, credential }: Identified, address: string): Promise<{ token: string; session: Session }> {
    const { store, clock } = this.#deps;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const createdAt = new Date(clock.now());
    const session: Session = {
      tokenHash: hashSecret(token),
      name: operator.name,
      role: operator.role,
      projects: operator.projects ?? null,
      signedInBy: operator.by,
      credential,
      address,
      createdAt,
      expiresAt: this.#expiry(createdAt),
    };
    await store.add(session);
    this.#remember(session.tokenHash, session);
    return { token, session };
  }

  /** Undefined where it is unknown, over, or was opened with what is no longer in force. @throws storage_unavailable */
  async find(token: string): Promise<Session | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const session = await this.#look(hashSecret(token));
    return session && this.#isOpen(session) ? session : undefined;
  }

  /** Whether the next {@link find} of this has to ask the database. */
  isUnseen(token: string): boolean {
    return TOKEN.test(token) && !this.#isFresh(this.#seen.get(hashSecret(token)));
  }

  /** @returns the one that has ended with this. @throws storage_unavailable */
  async end(tokenHash: string): Promise<Session | undefined> {
    const ended = await this.#deps.store.end(tokenHash);
    if (ended) this.#remember(tokenHash, undefined);
    return ended;
  }

  async endOf(credential: string): Promise<void> {
    await this.#deps.store.endOf(credential);
  }

  async #look(tokenHash: string): Promise<Session | undefined> {
    const seen = this.#seen.get(tokenHash);
    if (seen && this.#isFresh(seen)) return seen.session;
    try {
      const found = await this.#deps.store.find(tokenHash);
      const session = found && this.#isOpen(found) ? await this.#prolonged(found) : undefined;
      this.#remember(tokenHash, session);
      return session;
    } catch (error) {
      if (seen?.session && error instanceof GatewayError && error.code === 'storage_unavailable') return seen.session;
      throw error;
    }
  }

  async #prolonged(session: Session): Promise<Session> {
    const { store, ttlMs } = this.#deps;
    const expiresAt = this.#expiry(session.createdAt);
    if (expiresAt.getTime() - session.expiresAt.getTime() < ttlMs() / PARTS) return session;
    await store.extend(session.tokenHash, expiresAt);
    return { ...session, expiresAt };
  }

  #expiry(createdAt: Date): Date {
    const { clock, ttlMs } = this.#deps;
    return new Date(Math.min(clock.now() + ttlMs(), createdAt.getTime() + LONGEST_MS));
  }

  #isOpen({ expiresAt, signedInBy, credential }: Session): boolean {
    const { clock, keyring } = this.#deps;
    return expiresAt.getTime() > clock.now() && keyring.holds(signedInBy, credential);
  }

  #isFresh(seen: Seen | undefined): boolean {
    const { clock, ttlMs } = this.#deps;
    return seen !== undefined && clock.now() - seen.at < Math.min(SEEN_MS, ttlMs() / PARTS);
  }

  #remember(tokenHash: string, session: Session | undefined): void {
    this.#seen.set(tokenHash, { session, at: this.#deps.clock.now() });
  }
}

export function operatorIn({ name, role, projects, signedInBy }: Session): Operator {
  return { name, role, projects: projects ?? undefined, by: signedInBy };
}
