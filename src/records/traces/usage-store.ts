import { asked } from '../../storage/database/asked.ts';
import { wholeNumber } from '../../storage/database/column-types.ts';
import type { Database } from '../../storage/database/database.ts';
import { DAY_MS } from '../../core/units.ts';
import { SLOT_MS } from './rollup-batch.ts';
import { SUM_COLUMNS } from './rollup-shares.ts';
import type { UsageBucket } from './usage-periods.ts';
import type { UsagePiece } from './usage-pieces.ts';
import type { UsageDimension, UsageGroup, UsagePeriod, UsageQuestion } from './usage-question.ts';
import { type UsageCut, usageStatement } from './usage-statement-store.ts';
import { planTimes } from './usage-times-store.ts';

export type { UsageGroup, UsagePeriod } from './usage-question.ts';

/** Tokens that nobody reported are null, which is not 0. */
export interface UsageSums {
  readonly requests: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cacheReadInputTokens: number | null;
  readonly cacheCreationInputTokens: number | null;
  readonly reasoningOutputTokens: number | null;
  /** What is not known is not in it. */
  readonly costNanoUsd: number;
  /** The part that rests on usage that nobody reported. */
  readonly costAssumedNanoUsd: number;
  /** That have an attempt of unknown cost. */
  readonly costUnknownRequests: number;
}

export interface UsageRow {
  /** The values that were grouped by, in the order asked for. */
  readonly group: readonly (string | null)[];
  readonly sums: UsageSums;
  /** Where the next page begins: after this. */
  readonly position: readonly (string | number | null)[];
}

/** The answer to one question, page by page in the order of the groups. */
export class UsageReport {
  readonly #orm: Database['orm'];
  readonly #question: UsageQuestion;
  readonly #cut: UsageCut | undefined;
  readonly #buckets: readonly UsageBucket[];

  private constructor(
    { orm }: Pick<Database, 'orm'>,
    question: UsageQuestion,
    pieces: readonly UsagePiece[],
    buckets: readonly UsageBucket[],
  ) {
    const { by, filter = {} } = question;
    this.#orm = orm;
    this.#question = question;
    this.#buckets = buckets;
    this.#cut = pieces.length === 0 ? undefined : { by, filter, pieces, starts: buckets.map((one) => one.startsAt) };
  }

  /** @throws request_invalid where there would be too many parts of time; storage_unavailable */
  static async plan(database: Pick<Database, 'orm'>, question: UsageQuestion): Promise<UsageReport> {
    const { pieces, buckets } = await planTimes(database, question);
    return new UsageReport(database, question, pieces, buckets);
  }

  /** At most `limit` groups, those after the given one. @throws storage_unavailable */
  async page(limit: number, after?: UsageRow): Promise<UsageRow[]> {
    if (!this.#cut) return [];
    const { rows } = await asked(this.#orm.execute(usageStatement(this.#cut, limit, after?.position)));
    return rows.map((row) => this.#rowOf(row));
  }

  #rowOf(row: Record<string, unknown>): UsageRow {
    const { by } = this.#question;
    const position = by.map((_, at) => row[`g${at}`] as string | number | null);
    const group = position.map((value) => (typeof value === 'number' ? (this.#buckets[value]?.name ?? null) : value));
    return { group, position, sums: sumsOf(row) };
  }
}

/** Sums of usage in a time, in the order of the groups, days being those of UTC. @throws request_invalid, storage_unavailable */
export async function sumUsage(
  database: Pick<Database, 'orm'>,
  by: readonly UsageGroup[],
  period: UsagePeriod,
  limit: number,
): Promise<UsageRow[]> {
  const report = await UsageReport.plan(database, { by, period });
  return report.page(limit);
}

export interface SpendQuestion {
  readonly per: Exclude<UsageDimension, 'target' | 'status' | 'virtual_model'>;
  /** Its name; of a key its id, of a model the name that clients ask for. */
  readonly subject: string;
  readonly unit: 'usd' | 'tokens';
  readonly sinceMs: number;
  readonly untilMs: number;
}

/**
 * What somebody has spent a day, on the average of a time: nano-dollars, or tokens of input and output together. The
 * time is widened to whole slots of 15 minutes, so that nothing but sums is read.
 * @throws storage_unavailable
 */
export async function spentPerDay(
  database: Pick<Database, 'orm'>,
  { per, subject, unit, sinceMs, untilMs }: SpendQuestion,
): Promise<number> {
  const since = Math.floor(sinceMs / SLOT_MS) * SLOT_MS;
  const until = Math.ceil(untilMs / SLOT_MS) * SLOT_MS;
  if (since >= until) return 0;
  const period = { since: new Date(since), until: new Date(until) };
  const report = await UsageReport.plan(database, { by: [], filter: filterOf(per, subject), period });
  const [row] = await report.page(1);
  if (!row) return 0;
  const { costNanoUsd, inputTokens, outputTokens } = row.sums;
  const spent = unit === 'usd' ? costNanoUsd : (inputTokens ?? 0) + (outputTokens ?? 0);
  return (spent * DAY_MS) / (untilMs - sinceMs);
}

/** A user of a project is `project/user`; one without a project is that name in all of them. */
function filterOf(per: SpendQuestion['per'], subject: string): NonNullable<UsageQuestion['filter']> {
  const slash = subject.indexOf('/');
  if (per !== 'user' || slash < 0) return { [per]: subject };
  return { project: subject.slice(0, slash), user: subject.slice(slash + 1) };
}

function sumsOf(row: Record<string, unknown>): UsageSums {
  const sums = SUM_COLUMNS.map((column): [string, number | null] => {
    const value = row[column];
    return [column, value === null ? null : wholeNumber(value as number)];
  });
  return Object.fromEntries(sums) as unknown as UsageSums;
}
