import { GatewayError } from '../../core/errors.ts';

/** More groups than anybody reads; a database of years must not fill the memory. */
const MAX_GROUPS = 10_000;
/** Groups of CSV that are held at a time. */
export const PAGE_GROUPS = 5000;

/** Whether a report goes out as CSV. @param format what the query says; where it says nothing, `Accept` decides */
export function isCsv(format: 'json' | 'csv' | undefined, accept: string | undefined): boolean {
  return format === 'csv' || (!format && /\btext\/csv\b/i.test(accept ?? ''));
}

/** The pages of a report, each after the last row of the one before. */
export interface PagedReport<Row> {
  page(limit: number, after?: Row): Promise<Row[]>;
}

interface CsvText<Row> {
  readonly header: string;
  readonly lines: (rows: readonly Row[]) => string;
}

/**
 * Page by page, as fast as it is read; an answer that breaks off has no end that could be taken for one.
 * @param first the first page of {@link PAGE_GROUPS}, which was read before, so that what failed there had a status
 */
export async function* csvPages<Row>(
  report: PagedReport<Row>,
  { header, lines }: CsvText<Row>,
  first: readonly Row[],
): AsyncGenerator<string> {
  yield header + lines(first);
  for (let page = first; page.length === PAGE_GROUPS;) {
    page = await report.page(PAGE_GROUPS, page.at(-1));
    yield lines(page);
  }
}

/** All groups, where they are not too many. @throws request_invalid */
export async function allGroups<Row>(report: PagedReport<Row>): Promise<Row[]> {
  const rows = await report.page(MAX_GROUPS + 1);
  if (rows.length <= MAX_GROUPS) return rows;
  throw new GatewayError('request_invalid', {
    message: `These are over ${MAX_GROUPS} groups. Group by less, narrow the time with \`since\` and \`until\`, or ask for CSV, which has no bound.`,
    param: 'by',
  });
}
