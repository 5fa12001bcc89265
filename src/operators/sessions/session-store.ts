import type { Role, SignedInBy } from '../../core/operator.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type ListPosition, comesAfter } from '../../storage/database/list-position.ts';
import { and, desc, eq, gt, inArray, lt, lte } from '../../storage/drizzle/queries.ts';
import { operatorSessions } from '../identity/schema.ts';

/** Somebody who is signed in, in one browser. */
export interface Session {
  /** SHA-256 of what is in the cookie. */
  readonly tokenHash: string;
  readonly name: string;
  readonly role: Role;
  readonly projects: readonly string[] | null;
  readonly signedInBy: SignedInBy;
  readonly credential: string | null;
  readonly address: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Who is signed in. Every call throws storage_unavailable where the database does not answer. */
export class SessionStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  async add(session: Session): Promise<void> {
    const { projects, ...rest } = session;
    await asked(this.#orm.insert(operatorSessions).values({ ...rest, projects: projects && [...projects] }));
  }

  async find(tokenHash: string): Promise<Session | undefined> {
    const rows = await asked(
      this.#orm.select().from(operatorSessions).where(eq(operatorSessions.tokenHash, tokenHash)),
    );
    return rows[0];
  }

  /** Does nothing where it has ended. */
  async extend(tokenHash: string, expiresAt: Date): Promise<void> {
    const shorter = and(eq(operatorSessions.tokenHash, tokenHash), lt(operatorSessions.expiresAt, expiresAt));
    await asked(this.#orm.update(operatorSessions).set({ expiresAt }).where(shorter));
  }

  /** The newest first, from the position on. */
  list(now: Date, limit: number, after: ListPosition | undefined): Promise<Session[]> {
    const isAfter = after && comesAfter(operatorSessions.createdAt, operatorSessions.tokenHash, after);
    const query = this.#orm
      .select()
      .from(operatorSessions)
      .where(and(gt(operatorSessions.expiresAt, now), isAfter))
      .orderBy(desc(operatorSessions.createdAt), desc(operatorSessions.tokenHash))
      .limit(limit);
    return asked(query);
  }

  /** @returns the one that has ended with this */
  async end(tokenHash: string): Promise<Session | undefined> {
    const query = this.#orm.delete(operatorSessions).where(eq(operatorSessions.tokenHash, tokenHash));
    return (await asked(query.returning()))[0];
  }

  /** Ends all that stand and fall with this. */
  async endOf(credential: string): Promise<void> {
    await asked(this.#orm.delete(operatorSessions).where(eq(operatorSessions.credential, credential)));
  }

  /** Deletes some that are over, at most `limit`. @returns how many */
  async expire(now: Date, limit: number): Promise<number> {
    const over = this.#orm
      .select({ tokenHash: operatorSessions.tokenHash })
      .from(operatorSessions)
      .where(lte(operatorSessions.expiresAt, now))
      .limit(limit);
    const query = this.#orm.delete(operatorSessions).where(inArray(operatorSessions.tokenHash, over));
    return (await asked(query.returning({ tokenHash: operatorSessions.tokenHash }))).length;
  }
}
