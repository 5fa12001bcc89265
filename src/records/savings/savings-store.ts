import { asked } from '../../storage/database/asked.ts';
import { wholeNumber } from '../../storage/database/column-types.ts';
import type { Database } from '../../storage/database/database.ts';
import type { SAVED_COLUMNS } from '../traces/bookings.ts';
import type { UsageBucket } from '../traces/usage-periods.ts';
import { UsageReport, type UsageSums } from '../traces/usage-store.ts';
import { planTimes } from '../traces/usage-times-store.ts';
import type { SavingsQuestion } from './savings-question.ts';
import { type SavingsCut, savingsStatement } from './savings-statement-store.ts';

export type SavingsSums = Readonly<Record<(typeof SAVED_COLUMNS)[number], number>>;

export interface SavingsRow {
  /** The values that were grouped by, in the order asked for. */
  readonly group: readonly (string | null)[];
  readonly sums: SavingsSums;
  /** Where the next page begins: after this. */
  readonly position: readonly (string | number | null)[];
}

/** The answer to one question, page by page in the order of the groups. */
export class SavingsReport {
  readonly #orm: Database['orm'];
  readonly #cut: SavingsCut;
  readonly #buckets: readonly UsageBucket[];

  private constructor({ orm }: Pick<Database, 'orm'>, cut: SavingsCut, buckets: readonly UsageBucket[]) {
    this.#orm = orm;
    this.#cut = cut;
    this.#buckets = buckets;
  }

  /** @throws request_invalid where there would be too many parts of time; storage_unavailable */
  static async plan(database: Pick<Database, 'orm'>, question: SavingsQuestion): Promise<SavingsReport> {
    const { by, filter = {} } = question;
    const { pieces, buckets } = await planTimes(database, question);
    const starts = buckets.map(({ startsAt }) => startsAt);
    return new SavingsReport(database, { by, filter, pieces, starts }, buckets);
  }

  /** At most `limit` groups, those after the given one. @throws storage_unavailable */
  async page(limit: number, after?: SavingsRow): Promise<SavingsRow[]> {
    if (this.#cut.pieces.length === 0) return [];
    const { rows } = await asked(this.#orm.execute(savingsStatement(this.#cut, limit, after?.position)));
    return rows.map((row) => this.#rowOf(row));
  }

  #rowOf(row: Record<string, unknown>): SavingsRow {
    const position = this.#cut.by.map((_, at) => row[`g${at}`] as string | number | null);
    const group = position.map((value) => (typeof value === 'number' ? (this.#buckets[value]?.name ?? null) : value));
    return { group, position, sums: sumsOf((column) => wholeNumber(String(row[column]))) };
  }
}

/** All rows together. */
export function totalOf(rows: readonly SavingsRow[]): SavingsSums {
  return sumsOf((column) => rows.reduce((sum, { sums }) => wholeNumber(sum + sums[column]), 0));
}

/** What was spent by the requests that the question is about, whatever was saved. @throws storage_unavailable */
export async function spentBeside(
  database: Pick<Database, 'orm'>,
  { filter: { mechanism: _mechanism, ...filter }, period, timeZone }: Required<SavingsQuestion>,
): Promise<Pick<UsageSums, 'costNanoUsd' | 'costUnknownRequests'>> {
  const report = await UsageReport.plan(database, { by: [], filter, period, timeZone });
  const [row] = await report.page(1);
  return row?.sums ?? { costNanoUsd: 0, costUnknownRequests: 0 };
}

function sumsOf(sum: (column: keyof SavingsSums) => number): SavingsSums {
  return {
    requests: sum('requests'),
    savedNanoUsd: sum('savedNanoUsd'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    unknownRequests: sum('unknownRequests'),
  };
}
