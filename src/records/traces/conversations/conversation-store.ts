import { GatewayError } from '../../../core/errors.ts';
import { DAY_MS } from '../../../core/units.ts';
import type { Database } from '../../../storage/database/database.ts';
import type { ListPosition } from '../../../storage/database/list-position.ts';
import { type SQL, and, asc, eq, isNull, sql } from '../../../storage/drizzle/queries.ts';
import { withinTime } from '../filter-store.ts';
import { withinLimit } from '../limited-store.ts';
import { daysOf } from '../partitions/partition-list-store.ts';
import { traces } from '../schema.ts';
import { type PartitionDay, type Stretch, partsOf } from '../stretches.ts';
import { TimeIsOverError, walkBack } from '../time-walk.ts';
import { type Ask, sumConversations } from './conversation-sums-store.ts';
import { type Conversation, keyOf } from './conversation.ts';
import { type Latest, type Meant, latestOf, withLaterOnes } from './latest-store.ts';
import { TURN_COLUMNS, type TurnRow } from './turn-row.ts';

export interface ConversationFilter extends Meant {
  /** Inclusive. */
  readonly since: Date;
  /** Exclusive. */
  readonly until?: Date | undefined;
}

export interface ConversationPage {
  readonly conversations: readonly Conversation[];
  readonly next: ListPosition | undefined;
}

/** Nobody waits longer for a page. */
const LIMIT_MS = 10_000;
/** Requests that are read at a time: each may hold hundreds of kilobytes, its whole history. */
const TURNS_AT_ONCE = 10;

/** Reads conversations. @throws storage_unavailable; deadline_exceeded */
export class ConversationStore {
  readonly #database: Pick<Database, 'kind' | 'orm'>;

  constructor(database: Pick<Database, 'kind' | 'orm'>) {
    this.#database = database;
  }

  /** Those with the latest requests first. */
  async list(filter: ConversationFilter, limit: number, after?: ListPosition): Promise<ConversationPage> {
    const days = await daysOf(this.#database.orm);
    const whole = { from: filter.since.getTime(), until: filter.until?.getTime() ?? Infinity };
    const { rows, stoppedAt } = await walkBack(
      {
        days,
        from: whole.from,
        until: Math.min(whole.until, after ? after.at.getTime() + 1 : Infinity),
        limit: limit + 1,
        firstMs: DAY_MS,
        limitMs: LIMIT_MS,
        monotonic: () => performance.now(),
      },
      (stretch, most, limitMs) =>
        this.#latest(filter, stretch, partsOf(days, { from: stretch.until, until: whole.until }), after, most, limitMs),
    ).catch(tellTime);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const stopped = stoppedAt === undefined ? undefined : { at: new Date(stoppedAt), id: '-' };
    const next = rows.length > limit && last ? positionOf(last) : stopped;
    return { conversations: await this.#summed(page, filter, days, whole), next };
  }

  /** The whole of one, however old; in each project that has one of this id. */
  async find(id: string, project: string | undefined): Promise<Conversation[]> {
    const days = await daysOf(this.#database.orm);
    const meant = and(eq(traces.conversationId, id), project === undefined ? undefined : eq(traces.project, project));
    const parts = partsOf(days, { from: 0, until: Infinity });
    const sums = await sumConversations(this.#within(LIMIT_MS), meant ?? sql`false`, parts).catch(tellTime);
    return [...sums.values()].toSorted((a, b) => ((a.project ?? '') < (b.project ?? '') ? -1 : 1));
  }

  /** Its requests, the earliest first, from the position on: at most so many, few at a time. */
  async *requests(
    { id, project, firstAt, lastAt }: Conversation,
    limit: number,
    after?: ListPosition,
  ): AsyncGenerator<TurnRow[]> {
    const days = await daysOf(this.#database.orm);
    const ask = this.#within(LIMIT_MS);
    const meant = [
      eq(traces.conversationId, id),
      project === null ? isNull(traces.project) : eq(traces.project, project),
    ];
    const from = Math.max(firstAt.getTime(), after?.at.getTime() ?? 0);
    const parts = partsOf(days, { from, until: lastAt.getTime() + 1 });
    let left = limit;
    let position = after;
    for (let part = parts.shift(); part && left > 0;) {
      const where = and(...meant, ...withinTime(part.from, part.until), position ? isLater(position) : undefined);
      const most = Math.min(left, TURNS_AT_ONCE);
      const rows = await ask((queries) =>
        queries
          .select(TURN_COLUMNS)
          .from(traces)
          .where(where)
          .orderBy(asc(traces.startedAt), asc(traces.traceId))
          .limit(most),
      ).catch(tellTime);
      const last = rows.at(-1);
      if (last) {
        yield rows;
        position = { at: last.startedAt, id: last.traceId };
        left -= rows.length;
      }
      if (rows.length < most) part = parts.shift();
    }
  }

  /** The latest requests of conversations in a stretch: those after which there is none in the whole time. */
  async #latest(
    filter: Meant,
    stretch: Stretch,
    later: readonly Stretch[],
    after: ListPosition | undefined,
    most: number,
    limitMs: number,
  ): Promise<Latest[]> {
    const ask = this.#within(limitMs);
    const found: Latest[] = [];
    for (let position = after; ;) {
      const some = await latestOf(ask, filter, stretch, position, most);
      const gone = await withLaterOnes(ask, filter, some, later);
      found.push(...some.filter((one) => !gone.has(keyOf(one))));
      const last = some.at(-1);
      if (!last || some.length < most || found.length >= most) return found.slice(0, most);
      position = positionOf(last);
    }
  }

  async #summed(
    page: readonly Latest[],
    { userId }: Meant,
    days: readonly PartitionDay[],
    whole: Stretch,
  ): Promise<Conversation[]> {
    if (page.length === 0) return [];
    const ids = sql.param([...new Set(page.map(({ id }) => id))]);
    const meant = and(
      sql`${traces.conversationId} = any(${ids})`,
      userId === undefined ? undefined : eq(traces.userId, userId),
    );
    const ask = this.#within(LIMIT_MS);
    const sums = await sumConversations(ask, meant ?? sql`false`, partsOf(days, whole)).catch(tellTime);
    return page.flatMap((latest) => sums.get(keyOf(latest)) ?? []);
  }

  /** All that is asked in this way ends in this time together. */
  #within(limitMs: number): Ask {
    const deadline = performance.now() + limitMs;
    return async (work) => {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new TimeIsOverError();
      return withinLimit(this.#database, leftMs, work);
    };
  }
}

function positionOf({ ms, trace_id: id }: Latest): ListPosition {
  return { at: new Date(ms), id };
}

function isLater({ at, id }: ListPosition): SQL {
  return sql`(${traces.startedAt}, ${traces.traceId}) > (${at.toISOString()}::timestamptz, ${id})`;
}

function tellTime(error: unknown): never {
  if (!(error instanceof TimeIsOverError)) throw error;
  throw new GatewayError('deadline_exceeded', {
    message: `The conversations could not be read within ${LIMIT_MS / 1000} s. Narrow the time with \`since\` and \`until\`, or ask for a project or a user.`,
    cause: error,
  });
}
