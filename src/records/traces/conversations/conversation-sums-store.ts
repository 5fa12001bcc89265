import { wholeNumber } from '../../../storage/database/column-types.ts';
import { type SQL, and, sql } from '../../../storage/drizzle/queries.ts';
import { withinTime } from '../filter-store.ts';
import type { Queries } from '../limited-store.ts';
import { traces } from '../schema.ts';
import type { Stretch } from '../stretches.ts';
import { type Conversation, joined, keyOf } from './conversation.ts';

/** How a statement is asked, so that it ends in time. */
export type Ask = <T>(work: (queries: Queries) => PromiseLike<T>) => Promise<T>;

interface SumsRow extends Record<string, unknown>, Omit<Conversation, 'firstAt' | 'lastAt'> {
  readonly first: number;
  readonly last: number;
}

/** What is summed of the conversations that are meant, by their keys. @param parts the oldest first */
export async function sumConversations(
  ask: Ask,
  meant: SQL,
  parts: readonly Stretch[],
): Promise<Map<string, Conversation>> {
  const sums = new Map<string, Conversation>();
  for (const { from, until } of parts) {
    const where = and(meant, ...withinTime(from, until)) ?? meant;
    const { rows } = await ask((queries) => queries.execute<SumsRow>(statement(where)));
    for (const row of rows) {
      const sum = conversationOf(row);
      const earlier = sums.get(keyOf(sum));
      sums.set(keyOf(sum), earlier ? joined(earlier, sum) : sum);
    }
  }
  return sums;
}

function statement(where: SQL): SQL {
  return sql`select project, conversation_id as id,
      (array_agg(user_id order by started_at desc) filter (where user_id is not null))[1] as "userId",
      (extract(epoch from min(started_at)) * 1000)::float8 as first,
      (extract(epoch from max(started_at)) * 1000)::float8 as last,
      count(*)::float8 as requests, sum(input_tokens::float8) as "inputTokens", sum(output_tokens::float8) as "outputTokens",
      sum(cache_read_input_tokens::float8) as "cacheReadInputTokens",
      sum(cache_creation_input_tokens::float8) as "cacheCreationInputTokens",
      sum(reasoning_output_tokens::float8) as "reasoningOutputTokens",
      sum(cost_nano_usd::float8) as "costNanoUsd", bool_and(cost_known) as "costKnown",
      coalesce(array_agg(distinct model) filter (where model is not null), '{}') as models,
      (array_agg(error_code order by started_at desc) filter (where error_code is not null))[1] as "lastError"
    from ${traces} where ${where} group by project, conversation_id`;
}

function conversationOf({ first, last, requests, models, ...rest }: SumsRow): Conversation {
  return {
    ...rest,
    requests: wholeNumber(requests),
    models: models.toSorted(),
    firstAt: new Date(first),
    lastAt: new Date(last),
  };
}
