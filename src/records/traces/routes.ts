import { Readable } from 'node:stream';

import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import { type Clock, systemClock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { VERDICT_OUTCOMES } from '../../core/screening.ts';
import type { Database } from '../../storage/database/database.ts';
import { storableText } from '../../storage/database/storable.ts';
import type { FeedbackReader } from './feedback-of.ts';
import { PAGE_GROUPS, allGroups, csvPages, isCsv } from './group-pages.ts';
import { TraceStore } from './listing-store.ts';
import { TraceExportLines } from './trace-export.ts';
import { readTraceExport, readTraceListing } from './trace-filter-query.ts';
import { RANGE_FILTERS } from './trace-filter.ts';
import { describedAs } from '../listing/described.ts';
import { type Query, positionCursor } from '../listing/query.ts';
import { listedTraceView, traceView, usageView } from './trace-view.ts';
import { csvHeader, csvLines } from './usage-csv.ts';
import { readUsageRequest } from './usage-query.ts';
import { USAGE_DIMENSIONS } from './usage-question.ts';
import { UsageReport } from './usage-store.ts';
import { TraceList, TraceView, UsageList } from './view-schema.ts';

export interface TraceRouteDeps {
  readonly database: Pick<Database, 'kind' | 'orm'>;
  /** Writes what waits, so that a trace can be read right after its request. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
  /** Absent where nothing is said of answers. */
  readonly feedback?: FeedbackReader;
  readonly clock?: Clock;
}

const FLUSH_MS = 5000;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const PERIOD = {
  since: asked('From this time on: RFC 3339, a date, or milliseconds since 1970'),
  until: asked('Before this time: RFC 3339, a date, or milliseconds since 1970'),
};
const FILTERS = {
  model: asked('As the client asked for it'),
  user: asked('Its user id'),
  endpoint: asked('e.g. /v1/chat/completions'),
  status: asked('completed, failed or aborted'),
  organisation: asked('Of the project'),
  project: asked('Of the key'),
  key: asked('Id of the API key'),
  conversation: asked('Id of the conversation'),
  target: asked('provider/model'),
  virtual_model: asked('A name of causeway.yaml'),
  response_model: asked('As the provider names it'),
  operation: asked('chat, embeddings, rerank, …'),
  dialect: asked('openai, responses, anthropic or gemini'),
  prompt_version: asked('name@version'),
  arm: asked('kind:id/arm of an experiment or a canary'),
  finish_reason: asked('e.g. stop or length'),
  cache: asked('miss, exact, semantic, coalesced or bypass'),
  error_code: asked('e.g. provider_timeout'),
  error_origin: asked('client, policy, provider or gateway'),
  streamed: asked('true or false'),
  guard: asked('A guard that said something, e.g. pii'),
  verdict: asked(`What a guard said: ${VERDICT_OUTCOMES.join(', ')}; with \`guard\` what that one said`),
  trace: asked("The client's own trace id, from its `traceparent`"),
  ...Object.fromEntries(
    RANGE_FILTERS.flatMap((name) => [
      [`min_${name}`, asked(`${name} of at least this`)],
      [`max_${name}`, asked(`${name} of at most this`)],
    ]),
  ),
  'metadata.name': asked("This member of the client's metadata, whatever its name, is so: `metadata.team=search`"),
  q: asked('In the texts of input and output; in the last 7 days where `since` says nothing else'),
  ...PERIOD,
};
const LISTING = Type.Object({
  ...FILTERS,
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const EXPORT = Type.Object({ ...FILTERS, bodies: asked('true: with input and output') });
const USAGE = Type.Object({
  by: asked(
    'Any of model, user, endpoint, project, key, target, status, organisation, virtual_model, and one of hour, day, week, month; separated by commas',
  ),
  ...Object.fromEntries(USAGE_DIMENSIONS.map((dimension) => [dimension, asked(`Only this ${dimension}`)])),
  ...PERIOD,
  timeZone: asked('Where hours, days, weeks, months and dates begin: an IANA name, UTC where absent'),
  format: asked('json or csv; where absent, csv if `Accept` names text/csv'),
});

const USAGE_ANSWERS = {
  description: 'Sums, in the order of the groups',
  content: {
    'application/json': { schema: UsageList },
    'text/csv': { schema: Type.String({ description: 'RFC 4180, with a header' }) },
  },
};

const EXPORT_ANSWERS = {
  description: 'One trace a line, the newest first',
  content: { 'application/x-ndjson': { schema: TraceView } },
};

const described = describedAs('records');

/** `GET /admin/v1/traces…` and `/admin/v1/usage`, for whoever holds the admin key. */
export function traceRoutes(deps: TraceRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    addTraces(app, deps);
    addExport(app, deps);
    addUsage(app, deps);
  };
}

function addTraces(app: FastifyInstance, { database, writer, feedback, clock = systemClock }: TraceRouteDeps): void {
  const store = new TraceStore(database);
  app.get<{ Querystring: Query }>(
    '/admin/v1/traces',
    described({ summary: 'Traces, the newest first, without their texts', querystring: LISTING }, TraceList),
    async ({ query }) => {
      const { filter, limit, after } = readTraceListing(query, clock.now());
      if (!after) await writer.flush(FLUSH_MS);
      const { traces, next } = await store.list(filter, limit, after);
      const said = await feedback?.feedbackOf(traces.map(({ traceId }) => traceId));
      return {
        data: traces.map((trace) => listedTraceView(trace, said?.get(trace.traceId))),
        next: next ? positionCursor(next) : null,
      };
    },
  );

  app.get<{ Params: { id: string } }>(
    '/admin/v1/traces/:id',
    described({ summary: 'One whole trace; its id is x-causeway-request-id' }, TraceView),
    async ({ params: { id } }) => {
      await writer.flush(FLUSH_MS);
      const trace = await store.get(storableText(id));
      if (!trace) throw new GatewayError('resource_not_found', { message: `There is no trace "${id}".` });
      const said = await feedback?.feedbackOf([trace.traceId]);
      return traceView(trace, said?.get(trace.traceId));
    },
  );
}

function addExport(app: FastifyInstance, { database, writer, feedback, clock = systemClock }: TraceRouteDeps): void {
  const store = new TraceStore(database);
  app.get<{ Querystring: Query }>(
    '/admin/v1/traces/export',
    described({ summary: 'Traces as JSON lines, the newest first', querystring: EXPORT }, EXPORT_ANSWERS),
    async ({ query }, reply) => {
      const wanted = readTraceExport(query, clock.now());
      await writer.flush(FLUSH_MS);
      const lines = await new TraceExportLines(store, feedback, wanted).start();
      return reply
        .header('content-type', 'application/x-ndjson; charset=utf-8')
        .header('content-disposition', 'attachment; filename="traces.jsonl"')
        .send(Readable.from(lines));
    },
  );
}

function addUsage(app: FastifyInstance, { database, writer }: TraceRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/usage',
    described({ summary: 'Requests, tokens and cost, by what you ask for', querystring: USAGE }, USAGE_ANSWERS),
    async ({ query, headers }, reply) => {
      const { question, format } = readUsageRequest(query);
      const { by } = question;
      await writer.flush(FLUSH_MS);
      const report = await UsageReport.plan(database, question);
      if (isCsv(format, headers.accept)) {
        // The first page is read before anything is answered, so that what fails then has a status of its own.
        const first = await report.page(PAGE_GROUPS);
        return reply
          .header('content-type', 'text/csv; charset=utf-8; header=present')
          .header('content-disposition', 'attachment; filename="usage.csv"')
          .send(Readable.from(csvPages(report, { header: csvHeader(by), lines: csvLines }, first)));
      }
      const rows = await allGroups(report);
      return { data: rows.map((row) => usageView(by, row)), next: null };
    },
  );
}
