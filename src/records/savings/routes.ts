import { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { Database } from '../../storage/database/database.ts';
import { describedAs } from '../listing/described.ts';
import type { Query } from '../listing/query.ts';
import { PAGE_GROUPS, allGroups, csvPages, isCsv } from '../traces/group-pages.ts';
import { readSavingsRequest } from './savings-query.ts';
import { SAVINGS_DIMENSIONS } from './savings-question.ts';
import { SavingsReport, spentBeside, totalOf } from './savings-store.ts';
import { SavingsList, savingsCsv, savingsView, totalsView } from './savings-view.ts';

export interface SavingsRouteDeps {
  readonly database: Pick<Database, 'orm'>;
  /** Writes what waits, so that a saving is there right after its request. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
}

const FLUSH_MS = 5000;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const SAVINGS = Type.Object({
  by: asked(
    `Any of ${SAVINGS_DIMENSIONS.join(', ')}, and one of hour, day, week, month; separated by commas; mechanism where absent`,
  ),
  ...Object.fromEntries(SAVINGS_DIMENSIONS.map((dimension) => [dimension, asked(`Only this ${dimension}`)])),
  since: asked('From this time on: RFC 3339, a date, or milliseconds since 1970'),
  until: asked('Before this time: RFC 3339, a date, or milliseconds since 1970'),
  timeZone: asked('Where hours, days, weeks, months and dates begin: an IANA name, UTC where absent'),
  format: asked('json or csv; where absent, csv if `Accept` names text/csv'),
});

const ANSWERS = {
  description: 'Sums, in the order of the groups',
  content: {
    'application/json': { schema: SavingsList },
    'text/csv': { schema: Type.String({ description: 'RFC 4180, with a header and without totals' }) },
  },
};

const described = describedAs('records');

/** `GET /admin/v1/savings`, for whoever holds the admin key. */
export function savingsRoutes({ database, writer }: SavingsRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/savings',
      described({ summary: 'What caches saved, and what was spent beside it', querystring: SAVINGS }, ANSWERS),
      async ({ query, headers }, reply) => {
        const { question, format } = readSavingsRequest(query);
        const { by } = question;
        await writer.flush(FLUSH_MS);
        const report = await SavingsReport.plan(database, question);
        if (isCsv(format, headers.accept)) {
          // The first page is read before anything is answered, so that what fails then has a status of its own.
          const first = await report.page(PAGE_GROUPS);
          return reply
            .header('content-type', 'text/csv; charset=utf-8; header=present')
            .header('content-disposition', 'attachment; filename="savings.csv"')
            .send(Readable.from(csvPages(report, savingsCsv(by), first)));
        }
        const rows = await allGroups(report);
        const spent = await spentBeside(database, question);
        return {
          data: rows.map((row) => savingsView(by, row)),
          totals: totalsView(totalOf(rows), spent),
          next: null,
        };
      },
    );
  };
}
