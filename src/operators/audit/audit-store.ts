import { randomUUID } from 'node:crypto';

import type { Json } from '../../core/json.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { type ListPosition, comesAfter } from '../../storage/database/list-position.ts';
import { type SQL, and, desc, eq, gte, inArray, lt, or, sql } from '../../storage/drizzle/queries.ts';
import { auditLog } from './schema.ts';

/** A line of the audit log. */
export interface AuditEntry {
  readonly at: Date;
  readonly actor: string;
  readonly role: string | null;
  readonly signedInBy: string | null;
  readonly address: string;
  readonly action: string;
  readonly subject: string;
  readonly project: string | null;
  readonly status: number;
  readonly before: Json;
  readonly after: Json;
}

export interface StoredAuditEntry extends Omit<AuditEntry, 'before' | 'after'> {
  readonly id: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  /** This one, and what is under it. */
  readonly subject?: string | undefined;
  /** Inclusive. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

/** Who changed what. Every call throws storage_unavailable where the database does not answer. */
export class AuditStore {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  async add(entry: AuditEntry): Promise<void> {
    await asked(this.#orm.insert(auditLog).values({ id: randomUUID(), ...entry }));
  }

  /** The newest first, at most `limit`, from the position on. */
  list(filter: AuditFilter, limit: number, after?: ListPosition): Promise<StoredAuditEntry[]> {
    const query = this.#orm
      .select()
      .from(auditLog)
      .where(and(...conditionsOf(filter), after && comesAfter(auditLog.at, auditLog.id, after)))
      .orderBy(desc(auditLog.at), desc(auditLog.id))
      .limit(limit);
    return asked(query);
  }

  /** Deletes the oldest from before a time, at most `limit`. @returns how many */
  async expire(before: Date, limit: number): Promise<number> {
    const old = this.#orm.select({ id: auditLog.id }).from(auditLog).where(lt(auditLog.at, before)).limit(limit);
    const query = this.#orm.delete(auditLog).where(inArray(auditLog.id, old.orderBy(auditLog.at)));
    return (await asked(query.returning({ id: auditLog.id }))).length;
  }
}

function conditionsOf({ actor, action, subject, since, until }: AuditFilter): (SQL | undefined)[] {
  return [
    actor === undefined ? undefined : eq(auditLog.actor, actor),
    action === undefined ? undefined : eq(auditLog.action, action),
    subject === undefined
      ? undefined
      : or(eq(auditLog.subject, subject), sql`starts_with(${auditLog.subject}, ${`${subject}/`})`),
    since && gte(auditLog.at, since),
    until && lt(auditLog.at, until),
  ];
}
