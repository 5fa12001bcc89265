import type { Clock } from '../../../core/clock.ts';
import type { Dialect, Operation } from '../../../core/call.ts';
import type { Json } from '../../../core/json.ts';
import { asked } from '../../../storage/database/asked.ts';
import { type ListPosition, comesAfter } from '../../../storage/database/list-position.ts';
import { storableJson, storableText } from '../../../storage/database/storable.ts';
import {
  type SQL,
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lt,
  lte,
  min,
  notInArray,
  or,
  sql,
} from '../../../storage/drizzle/queries.ts';
import type { Orm } from '../../../storage/revisions/revision-store.ts';
import { guardReviews } from '../schema.ts';
import type { ReviewFacts, ReviewReason, ReviewState, StoredReview } from './review.ts';
import type {
  NewReview,
  ReviewBoxes,
  ReviewDecision,
  ReviewFilter,
  ReviewOutcome,
  ReviewSameness,
  ReviewStore,
  WaitingReviews,
} from './review-store.ts';

/** How often a run is begun that always ends with its process. */
const MOST_RUNS = 3;

const {
  state,
  runsHere,
  runBy,
  runUntil,
  runs,
  expiresAt,
  createdAt,
  deleteAt,
  project,
  usedBy,
  id: idColumn,
} = guardReviews;

const FACTS = {
  id: idColumn,
  kind: guardReviews.kind,
  runsHere,
  createdAt,
  expiresAt,
  decidedAt: guardReviews.decidedAt,
  decidedBy: guardReviews.decidedBy,
  note: guardReviews.note,
  message: guardReviews.message,
  isEdited: sql<boolean>`${guardReviews.edited} is not null`,
  project,
  keyId: guardReviews.keyId,
  userId: guardReviews.userId,
  traceId: guardReviews.traceId,
  usedBy,
  dialect: guardReviews.dialect,
  operation: guardReviews.operation,
  endpoint: guardReviews.endpoint,
  model: guardReviews.model,
  policy: guardReviews.policy,
  reasons: guardReviews.reasons,
  digest: guardReviews.digest,
};
const BOXES = {
  request: guardReviews.request,
  held: guardReviews.held,
  edited: guardReviews.edited,
  result: guardReviews.result,
};
const SEALED = { ...BOXES, keepMs: guardReviews.keepMs };

export class PostgresReviewStore implements ReviewStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async add(review: NewReview): Promise<void> {
    const { userId, model, ...rest } = review;
    const row = {
      ...rest,
      state: 'waiting' as const,
      userId: userId === null ? null : storableText(userId),
      model: storableText(model),
      reasons: json(review.reasons as unknown as Json),
      deleteAt: new Date(review.expiresAt.getTime() + review.keepMs),
    };
    await asked(this.#orm.insert(guardReviews).values(row));
  }

  async waitingLike(same: ReviewSameness): Promise<Pick<ReviewFacts, 'id' | 'expiresAt'> | undefined> {
    const isSame = and(
      eq(project, same.project),
      eq(guardReviews.keyId, same.keyId),
      eq(guardReviews.digest, same.digest),
      eq(guardReviews.kind, same.kind),
      eq(guardReviews.policy, same.policy),
      eq(runsHere, same.runsHere),
      this.#isWaiting(),
    );
    const query = this.#orm.select({ id: idColumn, expiresAt }).from(guardReviews).where(isSame);
    const [found] = await asked(query.orderBy(asc(createdAt)).limit(1));
    return found;
  }

  async countWaiting(of: string, keyId: string): Promise<{ ofProject: number; ofKey: number }> {
    const ofKey = sql<number>`(count(*) filter (where ${guardReviews.keyId} = ${keyId}))::int`;
    const query = this.#orm.select({ ofProject: count(), ofKey }).from(guardReviews);
    const [row] = await asked(query.where(and(eq(project, of), this.#isWaiting())));
    return row ?? { ofProject: 0, ofKey: 0 };
  }

  async waiting(mostProjects: number): Promise<WaitingReviews[]> {
    const query = this.#orm
      .select({ project, waiting: count(), oldest: min(createdAt) })
      .from(guardReviews)
      .where(this.#isWaiting())
      .groupBy(project)
      .orderBy(min(createdAt))
      .limit(mostProjects);
    const rows = await asked(query);
    return rows.flatMap(({ oldest, ...row }) => (oldest ? [{ ...row, oldest }] : []));
  }

  async find(id: string): Promise<StoredReview | undefined> {
    const columns = { ...FACTS, ...SEALED, state: this.#stateNow() };
    const query = this.#orm
      .select(columns)
      .from(guardReviews)
      .where(eq(idColumn, storableText(id)));
    const [row] = await asked(query);
    return row && { ...row, ...typed(row) };
  }

  async list(filter: ReviewFilter, limit: number, after?: ListPosition): Promise<ReviewFacts[]> {
    const now = this.#stateNow();
    const isMeant = and(
      filter.state === undefined ? undefined : sql`${now} = ${filter.state}`,
      filter.project === undefined ? undefined : eq(project, storableText(filter.project)),
      after && comesAfter(createdAt, idColumn, after),
    );
    const query = this.#orm
      .select({ ...FACTS, state: now })
      .from(guardReviews)
      .where(isMeant)
      .orderBy(desc(createdAt), desc(idColumn))
      .limit(limit);
    return (await asked(query)).map((row) => ({ ...row, ...typed(row) }));
  }

  decide(id: string, decision: ReviewDecision): Promise<boolean> {
    const { state: to, by, note, message, edited, ...times } = decision;
    return this.#change(and(eq(idColumn, storableText(id)), this.#isWaiting()), {
      ...times,
      state: to,
      decidedAt: this.#now(),
      decidedBy: by,
      note,
      message,
      ...(edited === undefined ? {} : { edited, runsHere: true }),
    });
  }

  use(id: string, callId: string): Promise<boolean> {
    const isUsable = and(eq(idColumn, id), eq(state, 'approved'), eq(runsHere, false), gt(expiresAt, this.#now()));
    return this.#change(isUsable, { state: 'used', usedBy: callId });
  }

  giveBack(id: string, callId: string): Promise<boolean> {
    const isMine = and(eq(idColumn, id), eq(state, 'used'), eq(usedBy, callId));
    return this.#change(isMine, { state: 'approved', usedBy: null });
  }

  async takeRun(runner: string, leaseMs: number, except: readonly string[] = []): Promise<StoredReview | undefined> {
    const now = this.#now();
    const isFree = and(
      eq(state, 'approved'),
      eq(runsHere, true),
      gt(expiresAt, now),
      or(isNull(runUntil), lte(runUntil, now)),
      lt(runs, MOST_RUNS),
      except.length === 0 ? undefined : notInArray(project, [...except]),
    );
    const oldest = this.#orm
      .select({ id: idColumn })
      .from(guardReviews)
      .where(isFree)
      .orderBy(asc(createdAt))
      .limit(1)
      .for('update', { skipLocked: true });
    const query = this.#orm
      .update(guardReviews)
      .set({ runBy: runner, runUntil: new Date(now.getTime() + leaseMs), runs: sql`${runs} + 1` })
      // With `in` the inner query may be run once for each row, and take another one each time. Asked again of the row
      // as it is when it is changed: another may have taken it in between.
      .where(and(eq(idColumn, oldest), isFree))
      .returning({ ...FACTS, ...SEALED, state });
    const [row] = await asked(query);
    return row && { ...row, ...typed(row) };
  }

  keepRun(id: string, runner: string, leaseMs: number): Promise<boolean> {
    return this.#change(isRunBy(id, runner), { runUntil: new Date(this.#clock.now() + leaseMs) });
  }

  leaveRun(id: string, runner: string): Promise<boolean> {
    return this.#change(isRunBy(id, runner), { runBy: null, runUntil: null, runs: sql`${runs} - 1` });
  }

  finishRun(id: string, runner: string, outcome: ReviewOutcome): Promise<boolean> {
    return this.#change(isRunBy(id, runner), { ...outcome, runBy: null, runUntil: null });
  }

  async failLostRuns(message: string): Promise<number> {
    const now = this.#now();
    const isLost = and(eq(state, 'approved'), eq(runsHere, true), lte(runUntil, now), sql`${runs} >= ${MOST_RUNS}`);
    const query = this.#orm.update(guardReviews).set({ state: 'failed', message, runBy: null, runUntil: null });
    return (await asked(query.where(isLost).returning({ id: idColumn }))).length;
  }

  async deleteOld(limit: number): Promise<number> {
    const old = this.#orm
      .select({ id: idColumn })
      .from(guardReviews)
      .where(lte(deleteAt, this.#now()))
      .orderBy(deleteAt)
      .limit(limit);
    const query = this.#orm.delete(guardReviews).where(inArray(idColumn, old));
    return (await asked(query.returning({ id: idColumn }))).length;
  }

  boxes(after: string, limit: number): Promise<ReviewBoxes[]> {
    const query = this.#orm
      .select({ id: idColumn, ...BOXES })
      .from(guardReviews)
      .where(gt(idColumn, after));
    return asked(query.orderBy(asc(idColumn)).limit(limit));
  }

  replaceBoxes({ id, request, held, edited, result }: ReviewBoxes, now: Omit<ReviewBoxes, 'id'>): Promise<boolean> {
    const isAsRead = and(
      eq(idColumn, id),
      eq(BOXES.request, request),
      sql`${BOXES.held} is not distinct from ${held}`,
      sql`${BOXES.edited} is not distinct from ${edited}`,
      sql`${BOXES.result} is not distinct from ${result}`,
    );
    return this.#change(isAsRead, now);
  }

  async #change(which: SQL | undefined, set: Parameters<ReturnType<Orm['update']>['set']>[0]): Promise<boolean> {
    const query = this.#orm.update(guardReviews).set(set).where(which);
    return (await asked(query.returning({ id: idColumn }))).length > 0;
  }

  #isWaiting(): SQL | undefined {
    return and(eq(state, 'waiting'), gt(expiresAt, this.#now()));
  }

  /** Nothing has to be written for something to expire. What is being run does not. */
  #stateNow(): SQL<ReviewState> {
    const now = this.#now().toISOString();
    const isOpen = sql`(${state} = 'waiting' or (${state} = 'approved' and coalesce(${runUntil} <= ${now}::timestamptz, true)))`;
    return sql<ReviewState>`case when ${isOpen} and ${expiresAt} <= ${now}::timestamptz then 'expired' else ${state} end`;
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}

function isRunBy(id: string, runner: string): SQL | undefined {
  return and(eq(idColumn, id), eq(state, 'approved'), eq(runBy, runner));
}

/** What columns of plain text and JSON mean. They are written here and nowhere else. */
function typed(row: { readonly dialect: string; readonly operation: string; readonly reasons: unknown }) {
  return {
    dialect: row.dialect as Dialect,
    operation: row.operation as Operation,
    reasons: row.reasons as readonly ReviewReason[],
  };
}

/** The column would write it as JSON once more. */
function json(value: Json): SQL {
  return sql`${storableJson(value)}::jsonb`;
}
