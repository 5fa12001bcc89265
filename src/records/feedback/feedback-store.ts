import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import {
  type SQL,
  and,
  arrayContains,
  asc,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  lt,
  sql,
} from '../../storage/drizzle/queries.ts';
import type { FeedbackReader } from '../traces/feedback-of.ts';
import { isTrace } from '../traces/filter-store.ts';
import type { RoutingRow } from '../traces/routing-row.ts';
import { traces } from '../traces/schema.ts';
import type { FeedbackView } from '../traces/view-schema.ts';
import type { FeedbackRow, TraceOwner } from './feedback.ts';
import { viewOf } from './feedback-view.ts';
import { feedback } from './schema.ts';

export interface FeedbackFilter {
  readonly project?: string | undefined;
  readonly thumb?: string | undefined;
  readonly tag?: string | undefined;
  /** Inclusive; of the last change. */
  readonly since?: Date | undefined;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

/** Where a page begins: after this row. */
export type FeedbackPosition = Pick<FeedbackRow, 'updatedAt' | 'traceId' | 'author'>;

/** What became of an opinion: the first of its author on the trace, another than before, or the same again. */
export type Outcome = 'created' | 'changed' | 'same';

const COLUMNS = getTableColumns(feedback);
/** Of what a later word of the same author replaces. */
const REPLACED = { thumb: COLUMNS.thumb, score: COLUMNS.score, comment: COLUMNS.comment, tags: COLUMNS.tags };
const given = (column: { readonly name: string }): SQL => sql.raw(`excluded.${column.name}`);
const NEWS = Object.fromEntries(Object.entries(REPLACED).map(([key, column]) => [key, given(column)]));
const IS_OTHER = sql`(${sql.join(Object.values(REPLACED), sql`, `)}) is distinct from (${sql.join(Object.values(REPLACED).map(given), sql`, `)})`;

/** What was said of answers. Every call throws storage_unavailable where the database does not answer. */
export class FeedbackStore implements FeedbackReader {
  readonly #orm: Database['orm'];

  constructor({ orm }: Pick<Database, 'orm'>) {
    this.#orm = orm;
  }

  /** Whose a trace is; undefined where there is none. Its id says when it was, so one or two partitions are read. */
  async ownerOf(traceId: string): Promise<TraceOwner | undefined> {
    const one = isTrace(traceId);
    if (!one) return undefined;
    const query = this.#orm
      .select({
        project: traces.project,
        keyId: traces.keyId,
        userId: traces.userId,
        conversationId: traces.conversationId,
        routing: traces.routing,
      })
      .from(traces)
      .where(one)
      .limit(1);
    const [found] = await asked(query);
    if (!found) return undefined;
    const { routing, ...owner } = found;
    return { ...owner, rollouts: (routing as RoutingRow | null)?.rollouts ?? [] };
  }

  /** One row for each trace and author, however often and from how many replicas it is sent. */
  async save(row: FeedbackRow): Promise<{ readonly row: FeedbackRow; readonly outcome: Outcome }> {
    const query = this.#orm
      .insert(feedback)
      .values(row)
      .onConflictDoUpdate({
        target: [feedback.traceId, feedback.author],
        set: { ...NEWS, updatedAt: row.updatedAt },
        setWhere: IS_OTHER,
      })
      .returning({ ...COLUMNS, isNew: sql<boolean>`xmax = 0` });
    const [written] = await asked(query);
    if (written) {
      const { isNew, ...stored } = written;
      return { row: stored as FeedbackRow, outcome: isNew ? 'created' : 'changed' };
    }
    const mine = and(eq(feedback.traceId, row.traceId), eq(feedback.author, row.author));
    const [kept] = await asked(this.#orm.select().from(feedback).where(mine));
    return { row: (kept as FeedbackRow | undefined) ?? row, outcome: 'same' };
  }

  async feedbackOf(traceIds: readonly string[]): Promise<ReadonlyMap<string, readonly FeedbackView[]>> {
    if (traceIds.length === 0) return new Map();
    const query = this.#orm
      .select()
      .from(feedback)
      .where(inArray(feedback.traceId, [...traceIds]))
      .orderBy(asc(feedback.createdAt), asc(feedback.author));
    const byTrace = new Map<string, FeedbackView[]>();
    for (const row of (await asked(query)) as FeedbackRow[]) {
      const all = byTrace.get(row.traceId);
      if (all) all.push(viewOf(row));
      else byTrace.set(row.traceId, [viewOf(row)]);
    }
    return byTrace;
  }

  /** The latest first, at most `limit`, from the position on. */
  async list(filter: FeedbackFilter, limit: number, after?: FeedbackPosition): Promise<FeedbackRow[]> {
    const query = this.#orm
      .select()
      .from(feedback)
      .where(and(...conditionsOf(filter), after && isAfter(after)))
      .orderBy(desc(feedback.updatedAt), desc(feedback.traceId), desc(feedback.author))
      .limit(limit);
    return (await asked(query)) as FeedbackRow[];
  }

  /** Deletes the oldest from before a time, at most `limit`. @returns how many */
  async expire(before: Date, limit: number): Promise<number> {
    const key = sql`(${feedback.traceId}, ${feedback.author})`;
    const old = this.#orm
      .select({ traceId: feedback.traceId, author: feedback.author })
      .from(feedback)
      .where(lt(feedback.updatedAt, before))
      .orderBy(feedback.updatedAt)
      .limit(limit);
    const query = this.#orm.delete(feedback).where(sql`${key} in ${old}`);
    return (await asked(query.returning({ traceId: feedback.traceId }))).length;
  }
}

function conditionsOf({ project, thumb, tag, since, until }: FeedbackFilter): (SQL | undefined)[] {
  return [
    project === undefined ? undefined : eq(feedback.project, project),
    thumb === undefined ? undefined : eq(feedback.thumb, thumb),
    tag === undefined ? undefined : arrayContains(feedback.tags, [tag]),
    since && gte(feedback.updatedAt, since),
    until && lt(feedback.updatedAt, until),
  ];
}

function isAfter({ updatedAt, traceId, author }: FeedbackPosition): SQL {
  const columns = sql`(${feedback.updatedAt}, ${feedback.traceId}, ${feedback.author})`;
  return sql`${columns} < (${updatedAt.toISOString()}::timestamptz, ${traceId}, ${author})`;
}
