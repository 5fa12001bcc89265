import { type SQL, and, asc, eq, gte, isNull, lt, sql } from 'drizzle-orm';

import { GatewayError } from '../../../core/errors.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { Database } from '../../../storage/database/database.ts';
import type { ListPosition } from '../../../storage/database/list-position.ts';
import { wholeNumber } from '../../../storage/database/column-types.ts';
import { withinLimit } from '../limited-store.ts';
import { extentOf } from '../partitions/partition-list-store.ts';
import { type StoredTrace, traces } from '../schema.ts';
import { type Stretch, TimeIsOverError, walkBack } from '../time-walk.ts';

export interface ConversationFilter {
  readonly project?: string | undefined;
  readonly userId?: string | undefined;
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

/** The requests of one id in one project; what is summed is of the time that was asked for. */
export interface Conversation {
  readonly id: string;
  readonly project: string | null;
  /** Of the latest request that has one. */
  readonly userId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly requests: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadInputTokens: number | null;
  readonly cacheCreationInputTokens: number | null;
  readonly reasoningOutputTokens: number | null;
  readonly costNanoUsd: number;
  readonly costKnown: boolean;
  readonly models: readonly string[];
  /** Of the latest request that failed. */
  readonly lastError: string | null;
}

export interface ConversationPage {
  readonly conversations: readonly Conversation[];
  readonly next: ListPosition | undefined;
}

/** Nobody waits longer for a page. */
const LIMIT_MS = 10_000;

/** The latest request of a conversation, by which it stands in the list. */
interface Latest extends Record<string, unknown> {
  readonly project: string | null;
  readonly id: string;
  readonly ms: number;
  readonly trace_id: string;
}

/** Reads conversations. @throws storage_unavailable; deadline_exceeded */
export class ConversationStore {
  readonly #database: Pick<Database, 'kind' | 'orm'>;

  constructor(database: Pick<Database, 'kind' | 'orm'>) {
    this.#database = database;
  }

  /** Those with the latest requests first. */
  async list(filter: ConversationFilter, limit: number, after?: ListPosition): Promise<ConversationPage> {
    const extent = await extentOf(this.#database.orm);
    if (!extent) return { conversations: [], next: undefined };
    const bounds = {
      from: Math.max(filter.since.getTime(), extent.from),
      until: Math.min(filter.until?.getTime() ?? Infinity, extent.until),
    };
    const { rows, stoppedAt } = await walkBack(
      {
        ...bounds,
        until: Math.min(bounds.until, after ? after.at.getTime() + 1 : Infinity),
        limit: limit + 1,
        firstMs: DAY_MS,
        limitMs: LIMIT_MS,
        monotonic: () => performance.now(),
      },
      (stretch, most, limitMs) => this.#latest(filter, bounds, stretch, after, most, limitMs),
    ).catch(tellTime);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const stopped = stoppedAt === undefined ? undefined : { at: new Date(stoppedAt), id: '-' };
    const next = rows.length > limit && last ? { at: new Date(last.ms), id: last.trace_id } : stopped;
    return { conversations: await this.#summed(page, filter, bounds), next };
  }

  /** The whole of one, however old; in each project that has one of this id. */
  async find(id: string, project: string | undefined): Promise<Conversation[]> {
    const where = and(eq(traces.conversationId, id), project === undefined ? undefined : eq(traces.project, project));
    return this.#sums(where ?? sql`false`);
  }

  /** Its requests, the earliest first, from the position on. */
  requests({ id, project }: Conversation, limit: number, after?: ListPosition): Promise<StoredTrace[]> {
    const isAfter =
      after &&
      and(
        gte(traces.startedAt, after.at),
        sql`(${traces.startedAt}, ${traces.traceId}) > (${after.at.toISOString()}::timestamptz, ${after.id})`,
      );
    const where = and(
      eq(traces.conversationId, id),
      project === null ? isNull(traces.project) : eq(traces.project, project),
      isAfter,
    );
    return withinLimit(this.#database, LIMIT_MS, (queries) =>
      queries.select().from(traces).where(where).orderBy(asc(traces.startedAt), asc(traces.traceId)).limit(limit),
    ).catch(tellTime);
  }

  /** The latest requests of conversations in a stretch: those after which there is none in the whole time. */
  async #latest(
    { project, userId }: ConversationFilter,
    bounds: Stretch,
    stretch: Stretch,
    after: ListPosition | undefined,
    most: number,
    limitMs: number,
  ): Promise<Latest[]> {
    const meant = (name: string): SQL =>
      sql.join(
        [
          project === undefined ? sql`true` : sql`${sql.raw(name)}.project = ${project}`,
          userId === undefined ? sql`true` : sql`${sql.raw(name)}.user_id = ${userId}`,
        ],
        sql` and `,
      );
    const isAfter = after
      ? sql`(one.started_at, one.trace_id) < (${after.at.toISOString()}::timestamptz, ${after.id})`
      : sql`true`;
    // Not a join: only as many are looked at as a page needs.
    const later = sql`(select true from traces as later where later.conversation_id = one.conversation_id
      and later.project is not distinct from one.project and later.started_at >= one.started_at
      and later.started_at < ${time(bounds.until)} and ${meant('later')}
      and (later.started_at, later.trace_id) > (one.started_at, one.trace_id) limit 1)`;
    const query = sql`select one.project, one.conversation_id as id, one.trace_id,
        extract(epoch from one.started_at)::float8 * 1000 as ms
      from traces as one where one.conversation_id is not null and ${meant('one')} and ${isAfter}
        and one.started_at >= ${time(stretch.from)} and one.started_at < ${time(stretch.until)} and ${later} is null
      order by one.started_at desc, one.trace_id desc limit ${most}`;
    const { rows } = await withinLimit(this.#database, limitMs, (queries) => queries.execute<Latest>(query));
    return rows;
  }

  async #summed(
    page: readonly Latest[],
    { userId }: ConversationFilter,
    { from, until }: Stretch,
  ): Promise<Conversation[]> {
    if (page.length === 0) return [];
    const ids = sql.param([...new Set(page.map(({ id }) => id))]);
    const where = and(
      sql`${traces.conversationId} = any(${ids})`,
      gte(traces.startedAt, new Date(from)),
      lt(traces.startedAt, new Date(until)),
      userId === undefined ? undefined : eq(traces.userId, userId),
    );
    const found = await this.#sums(where ?? sql`false`);
    const byKey = new Map(found.map((one) => [keyOf(one), one]));
    return page.flatMap((latest) => byKey.get(keyOf(latest)) ?? []);
  }

  async #sums(where: SQL): Promise<Conversation[]> {
    const query = sql`select project, conversation_id as id,
        (array_agg(user_id order by started_at desc) filter (where user_id is not null))[1] as "userId",
        extract(epoch from min(started_at))::float8 * 1000 as first, extract(epoch from max(started_at))::float8 * 1000 as last,
        count(*)::float8 as requests, sum(input_tokens::float8) as "inputTokens", sum(output_tokens::float8) as "outputTokens",
        sum(cache_read_input_tokens::float8) as "cacheReadInputTokens",
        sum(cache_creation_input_tokens::float8) as "cacheCreationInputTokens",
        sum(reasoning_output_tokens::float8) as "reasoningOutputTokens",
        sum(cost_nano_usd::float8) as "costNanoUsd", bool_and(cost_known) as "costKnown",
        coalesce(array_agg(distinct model order by model) filter (where model is not null), '{}') as models,
        (array_agg(error_code order by started_at desc) filter (where error_code is not null))[1] as "lastError"
      from ${traces} where ${where} group by project, conversation_id order by project`;
    const { rows } = await withinLimit(this.#database, LIMIT_MS, (queries) => queries.execute(query)).catch(tellTime);
    return rows.map((row) => {
      const { first, last, requests, ...rest } = row as unknown as Omit<Conversation, 'firstAt' | 'lastAt'> & {
        readonly first: number;
        readonly last: number;
      };
      return { ...rest, requests: wholeNumber(requests), firstAt: new Date(first), lastAt: new Date(last) };
    });
  }
}

function keyOf({ project, id }: Pick<Conversation, 'project' | 'id'>): string {
  return JSON.stringify([project, id]);
}

function time(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}

function tellTime(error: unknown): never {
  if (!(error instanceof TimeIsOverError)) throw error;
  throw new GatewayError('deadline_exceeded', {
    message: `The conversations could not be read within ${LIMIT_MS / 1000} s. Narrow the time with \`since\` and \`until\`, or ask for a project or a user.`,
    cause: error,
  });
}
