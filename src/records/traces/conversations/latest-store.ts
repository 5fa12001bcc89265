import type { ListPosition } from '../../../storage/database/list-position.ts';
import { LATEST_MS } from '../../../storage/database/storable.ts';
import { type SQL, sql } from '../../../storage/drizzle/queries.ts';
import type { Stretch } from '../stretches.ts';
import type { Ask } from './conversation-sums-store.ts';
import { keyOf } from './conversation.ts';

/** Whose conversations. */
export interface Meant {
  readonly project?: string | undefined;
  readonly userId?: string | undefined;
}

/** The latest request of a conversation, by which it stands in the list. */
export interface Latest extends Record<string, unknown> {
  readonly project: string | null;
  readonly id: string;
  readonly ms: number;
  readonly trace_id: string;
}

/** The latest request of each conversation in a stretch, the newest first, from the position on. */
export async function latestOf(
  ask: Ask,
  meant: Meant,
  stretch: Stretch,
  after: ListPosition | undefined,
  most: number,
): Promise<Latest[]> {
  const isAfter = after
    ? sql`(one.started_at, one.trace_id) < (${after.at.toISOString()}::timestamptz, ${after.id})`
    : sql`true`;
  // Not a join: only as many are looked at as a page needs.
  const later = sql`(select true from traces as later where later.conversation_id = one.conversation_id
    and later.project is not distinct from one.project and later.started_at >= one.started_at
    and ${within('later', stretch)} and ${isMeant('later', meant)}
    and (later.started_at, later.trace_id) > (one.started_at, one.trace_id) limit 1)`;
  const query = sql`select one.project, one.conversation_id as id, one.trace_id,
      (extract(epoch from one.started_at) * 1000)::float8 as ms
    from traces as one where one.conversation_id is not null and ${isMeant('one', meant)} and ${isAfter}
      and ${within('one', stretch)} and ${later} is null
    order by one.started_at desc, one.trace_id desc limit ${most}`;
  const { rows } = await ask((queries) => queries.execute<Latest>(query));
  return rows;
}

/** The keys of those that have a request in one of the stretches. */
export async function withLaterOnes(
  ask: Ask,
  meant: Meant,
  conversations: readonly Latest[],
  stretches: readonly Stretch[],
): Promise<Set<string>> {
  const keys = new Set<string>();
  if (conversations.length === 0) return keys;
  const ids = sql.param([...new Set(conversations.map(({ id }) => id))]);
  for (const stretch of stretches) {
    const query = sql`select distinct one.project, one.conversation_id as id from traces as one
      where one.conversation_id = any(${ids}) and ${within('one', stretch)} and ${isMeant('one', meant)}`;
    const { rows } = await ask((queries) => queries.execute<Pick<Latest, 'project' | 'id'>>(query));
    for (const row of rows) keys.add(keyOf(row));
  }
  return keys;
}

function isMeant(name: string, { project, userId }: Meant): SQL {
  return sql.join(
    [
      project === undefined ? sql`true` : sql`${sql.raw(name)}.project = ${project}`,
      userId === undefined ? sql`true` : sql`${sql.raw(name)}.user_id = ${userId}`,
    ],
    sql` and `,
  );
}

function within(name: string, { from, until }: Stretch): SQL {
  const startedAt = sql.raw(`${name}.started_at`);
  return sql`${startedAt} >= ${time(from)} and ${startedAt} < ${time(Math.min(until, LATEST_MS + 1))}`;
}

function time(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}
