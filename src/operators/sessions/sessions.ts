import { randomBytes } from 'node:crypto';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { GenerationalMap } from '../../core/generational-map.ts';
import type { Operator } from '../../core/operator.ts';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
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
/** How long somebody who was seen waits for the database, and how long it is left alone after it did not answer. */
const PATIENCE_MS = 2000;
const AWAY_MS = 5000;

export interface SessionsDeps {
  readonly store: Pick<SessionStore, 'add' | 'find' | 'extend' | 'end' | 'endOf'>;
  readonly keyring: Pick<Keyring, 'holds'>;
  readonly clock: Clock;
  readonly ttlMs: () => number;
  /** Sessions have ended here. */
  readonly ended?: () => void;
  /** For tests. */
  readonly scheduler?: Scheduler;
}

interface Seen {
  readonly session: Session;
  /** Until then nobody is asked; monotonic, as all times here. */
  readonly goodUntil: number;
}

/** The one question about a session that is on its way. */
interface Asking {
  readonly answer: Promise<Session | undefined>;
  readonly since: number;
  /** It has ended here meanwhile, of which the answer may not know. */
  isEnded: boolean;
}

/** Who is signed in. What was seen of a session stands for a minute, and for longer while the database is away. */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #seen = new GenerationalMap<Seen>(MOST_SEEN);
  /** What opens nothing, and until when. Apart from the others, so that no number of guesses drives out who was seen. */
  readonly #refused = new GenerationalMap<number>(MOST_SEEN);
  readonly #asking = new Map<string, Asking>();

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

  /** The same as {@link find}, but is no use that makes it last longer. @throws storage_unavailable */
  async holds(token: string): Promise<boolean> {
    if (!TOKEN.test(token)) return false;
    const tokenHash = hashSecret(token);
    const seen = this.#seen.get(tokenHash);
    const session = seen && this.#isFuture(seen.goodUntil) ? seen.session : await this.#deps.store.find(tokenHash);
    if (!session) this.#remember(tokenHash, undefined);
    return session !== undefined && this.#isOpen(session);
  }

  /** Whether this may be a guess: nothing says that it was a session, or that it is none. */
  isUnseen(token: string): boolean {
    if (!TOKEN.test(token)) return false;
    const tokenHash = hashSecret(token);
    return !this.#seen.get(tokenHash) && !this.#isFuture(this.#refused.get(tokenHash));
  }

  /** @returns the one that has ended with this. @throws storage_unavailable */
  async end(tokenHash: string): Promise<Session | undefined> {
    const { store, ended: told } = this.#deps;
    const ended = await store.end(tokenHash);
    if (!ended) return undefined;
    const asking = this.#asking.get(tokenHash);
    if (asking) asking.isEnded = true;
    this.#remember(tokenHash, undefined);
    told?.();
    return ended;
  }

  async endOf(credential: string): Promise<void> {
    await this.#deps.store.endOf(credential);
    this.#deps.ended?.();
  }

  async #look(tokenHash: string): Promise<Session | undefined> {
    const seen = this.#seen.get(tokenHash);
    if (seen && this.#isFuture(seen.goodUntil)) return seen.session;
    if (this.#isFuture(this.#refused.get(tokenHash))) return undefined;
    const asking = this.#asking.get(tokenHash) ?? this.#ask(tokenHash);
    return seen ? this.#orAsSeen(asking, tokenHash) : asking.answer;
  }

  #ask(tokenHash: string): Asking {
    const answer = this.#answer(tokenHash).finally(() => this.#asking.delete(tokenHash));
    // Perhaps nobody waits for it any more.
    answer.catch(() => undefined);
    const asking: Asking = { answer, since: this.#deps.clock.monotonic(), isEnded: false };
    this.#asking.set(tokenHash, asking);
    return asking;
  }

  async #answer(tokenHash: string): Promise<Session | undefined> {
    const found = await this.#deps.store.find(tokenHash);
    const session = found && this.#isOpen(found) ? await this.#prolonged(found) : undefined;
    if (this.#asking.get(tokenHash)?.isEnded) return undefined;
    this.#remember(tokenHash, session);
    return session;
  }

  /** What the database says; where it says nothing in time, what was seen last, unless that has ended meanwhile. */
  async #orAsSeen({ answer, since }: Asking, tokenHash: string): Promise<Session | undefined> {
    const { clock, scheduler = systemScheduler } = this.#deps;
    try {
      return await inTime(answer, since + PATIENCE_MS - clock.monotonic(), scheduler);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'storage_unavailable') throw error;
      const session = this.#seen.get(tokenHash)?.session;
      if (session) this.#remember(tokenHash, session, AWAY_MS);
      return session;
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

  #isFuture(time: number | undefined): boolean {
    return time !== undefined && time > this.#deps.clock.monotonic();
  }

  /** @param session undefined: there is none */
  #remember(tokenHash: string, session: Session | undefined, forMs = SEEN_MS): void {
    const { clock, ttlMs } = this.#deps;
    const goodUntil = clock.monotonic() + Math.min(forMs, ttlMs() / PARTS);
    if (session) {
      this.#seen.set(tokenHash, { session, goodUntil });
      this.#refused.delete(tokenHash);
    } else {
      this.#seen.delete(tokenHash);
      this.#refused.set(tokenHash, goodUntil);
    }
  }
}

/** @throws storage_unavailable where there is no answer by then */
function inTime<Value>(answer: Promise<Value>, ms: number, scheduler: Scheduler): Promise<Value> {
  if (ms <= 0) return Promise.reject(new GatewayError('storage_unavailable'));
  return new Promise((resolve, reject) => {
    const cancel = scheduler.after(ms, () => reject(new GatewayError('storage_unavailable')));
    void answer.then(resolve, reject).finally(cancel);
  });
}

export function operatorIn({ name, role, projects, signedInBy }: Session): Operator {
  return { name, role, projects: projects ?? undefined, by: signedInBy };
}
