import type { FastifyInstance } from 'fastify';

import type { Assignment } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { describedAs } from '../../records/listing/described.ts';
import { UsageReport } from '../../records/traces/usage-store.ts';
import type { Database } from '../../storage/database/database.ts';
import { recentRequests } from '../replay/recorded-store.ts';
import { type PreviewDeps, preview } from './preview.ts';
import { type PreviewAsked, readPreviewQuestion } from './question.ts';
import { PreviewQuestion, PreviewView } from './views.ts';

export interface PreviewRouteDeps {
  readonly database: Pick<Database, 'orm'>;
  /** Writes what waits, so that what was asked just now is among it. */
  readonly writer: { flush(timeoutMs: number): Promise<void> };
  /** As things are now. */
  readonly deps: () => PreviewDeps;
  /** What the model means now, but for what is tried of it. @throws request_invalid where it is no virtual model */
  readonly inForce: (model: string) => Assignment;
  /** What it would mean. @throws request_invalid with everything that is wrong with the settings */
  readonly proposed: (model: string, set: JsonObject) => Assignment;
  /** What of the model is tried now and not looked at, by name. */
  readonly tried: (model: string) => readonly string[];
}

const FLUSH_MS = 2000;
const MOST_MS = 10_000;
/** Together they may take this process's time. */
const MOST_AT_ONCE = 2;
const BUSY_RETRY_MS = 2000;

const described = describedAs('routing');

/** `POST /admin/v1/routes/preview`, for those who run the gateway. */
export function previewRoutes(routeDeps: PreviewRouteDeps): (app: FastifyInstance) => void {
  const { deps, writer, database, inForce, proposed, tried } = routeDeps;
  let running = 0;
  return (app) => {
    app.post<{ Body: unknown }>(
      '/admin/v1/routes/preview',
      described(
        { summary: 'What another route would change for recent requests; nothing is sent', body: PreviewQuestion },
        PreviewView,
      ),
      async ({ body }, reply) => {
        const parts = deps();
        const asked = readPreviewQuestion(body, parts.clock.now());
        const sides = { now: inForce(asked.model), proposed: proposed(asked.model, asked.set) };
        if (running >= MOST_AT_ONCE) throw busy();
        running += 1;
        try {
          await writer.flush(FLUSH_MS);
          const report = await preview(parts, sides, recentRequests(database, asked, asked.sample), {
            sample: asked.sample,
            most: MOST_MS,
            isWanted: () => !reply.raw.destroyed,
          });
          const { notes, ...view } = report.view();
          const of = await countOf(database, asked, view.sampled);
          const all = [...notes, ...notesOf(sides, tried(asked.model))];
          return { model: asked.model, since: asked.since.toISOString(), of, ...view, notes: all };
        } finally {
          running -= 1;
        }
      },
    );
  };
}

/** By the sums of usage, which are never many rows. */
async function countOf(
  database: Pick<Database, 'orm'>,
  { model, project, since }: PreviewAsked,
  sampled: number,
): Promise<number> {
  const report = await UsageReport.plan(database, { by: [], filter: { model, project }, period: { since } });
  const [row] = await report.page(1);
  return Math.max(sampled, row?.sums.requests ?? 0);
}

const ALWAYS = [
  'Now is what was recorded: who was asked first, and the whole cost with retries, fallbacks and cascades. A request that would be asked of the same target costs the same again; at another one it is the price of its recorded tokens, without what that one would say more or less, and without retries and fallbacks.',
  'As proposed, targets are as loaded and as fast as they are now and none is left alone; of budgets nothing is used.',
];

function notesOf(
  { now, proposed }: { readonly now: Assignment; readonly proposed: Assignment },
  tried: readonly string[],
) {
  const cascades = now.route?.cascade !== undefined || proposed.route?.cascade !== undefined;
  const asks = [now, proposed].some(({ route }) => (route?.complexity?.kind ?? 'rules') !== 'rules');
  return [
    ...ALWAYS,
    ...(cascades ? ['What a cascade would ask after the first answer of another target is not counted.'] : []),
    ...(asks ? ['No model was asked how demanding a request is: the rules said.'] : []),
    ...(tried.length > 0 ? [`What is proposed is without what is tried of the model now: ${tried.join(', ')}.`] : []),
  ];
}

function busy(): GatewayError {
  return new GatewayError('gateway_overloaded', {
    message: `${MOST_AT_ONCE} previews are being made. Ask again in a moment.`,
    retryAfterMs: BUSY_RETRY_MS,
  });
}
