import { traces } from '../../records/traces/schema.ts';
import { asked } from '../../storage/database/asked.ts';
import type { Database } from '../../storage/database/database.ts';
import { and, asc, eq, gte, isNotNull, lt, notLike, sql } from '../../storage/drizzle/queries.ts';

const MOST_NAMES = 50;

/** The models that clients asked chat requests of in that time, some where there are many. @throws storage_unavailable */
export async function recordedModels(
  { orm }: Pick<Database, 'orm'>,
  { since, until }: { readonly since: Date; readonly until: Date },
): Promise<string[]> {
  const name = sql<string>`coalesce(${traces.virtualModel}, ${traces.model})`;
  const query = orm
    .selectDistinct({ name })
    .from(traces)
    .where(
      and(
        gte(traces.startedAt, since),
        lt(traces.startedAt, until),
        eq(traces.operation, 'chat'),
        isNotNull(traces.target),
        // What the gateway asked by itself.
        notLike(traces.endpoint, 'causeway/%'),
      ),
    )
    .orderBy(asc(name))
    .limit(MOST_NAMES);
  return (await asked(query)).map((row) => row.name);
}
