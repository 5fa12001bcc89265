import type { FastifyInstance } from 'fastify';

import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../core/json.ts';
import { PREFERENCES } from '../../core/routing.ts';
import { describedAs } from '../../records/listing/described.ts';
import { explain } from './explain/explain.ts';
import { ExplainQuestion, ExplainView, USUAL_ENDPOINT } from './explain/views.ts';
import type { PlanDeps } from './plan-targets.ts';

interface RouteRouteDeps extends PlanDeps {
  /**
   * The request as a call that is not sent.
   * @param headers with lower-case names
   * @throws request_invalid
   */
  callOf(endpoint: string, body: JsonObject, headers: Readonly<Record<string, string>>): Call;
  /** What its model means and changes of it, as if it were sent. @throws model_not_found, request_invalid */
  assign(call: Call): void;
}

/** As long as requests may be by default. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

const described = describedAs('routing');

/** `POST /admin/v1/routes/explain`, for whoever holds the admin key. */
export function routeRoutes(deps: RouteRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.post<{ Body: unknown }>(
      '/admin/v1/routes/explain',
      {
        ...described(
          { summary: 'Where a request would go, and why; nothing is sent', body: ExplainQuestion },
          ExplainView,
        ),
        bodyLimit: MAX_BODY_BYTES,
      },
      async ({ body }) => {
        const { endpoint, request, headers, project, budgetUsed } = readQuestion(body);
        const call = deps.callOf(endpoint, request, headers);
        if (project !== undefined) call.principal = { keyId: '', project, user: undefined, models: undefined };
        call.budgetUsed = budgetUsed;
        deps.assign(call);
        return explain(call, deps);
      },
    );
  };
}

interface Question {
  readonly endpoint: string;
  readonly request: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly project: string | undefined;
  readonly budgetUsed: number | undefined;
}

/** @throws request_invalid */
function readQuestion(asked: unknown): Question {
  if (!isJsonObject(asked)) throw invalid('The body must be a JSON object such as { "body": the request }.');
  const unknown = Object.keys(asked).find((name) => !(name in ExplainQuestion.properties));
  if (unknown !== undefined) throw invalid(`There is no "${unknown.slice(0, 100)}" in a question.`, unknown);
  const { body, metadata, budget_used: budgetUsed } = asked;
  if (!isJsonObject(body)) throw invalid('`body` must be the request, a JSON object.', 'body');
  if (metadata !== undefined && !isJsonObject(metadata)) throw invalid('`metadata` must be a JSON object.', 'metadata');
  if (budgetUsed !== undefined && (typeof budgetUsed !== 'number' || budgetUsed < 0)) {
    throw invalid('`budget_used` must be a number from 0 on.', 'budget_used');
  }
  const prefer = textOf(asked, 'prefer');
  if (prefer !== undefined && !PREFERENCES.some((one) => one === prefer)) {
    throw invalid(`\`prefer\` must be one of ${PREFERENCES.join(', ')}.`, 'prefer');
  }
  return {
    endpoint: textOf(asked, 'endpoint') ?? USUAL_ENDPOINT,
    request: body,
    headers: headersOf({
      'x-causeway-user': textOf(asked, 'user'),
      'x-causeway-conversation': textOf(asked, 'conversation'),
      'x-causeway-prefer': prefer,
      'x-causeway-metadata': metadata && JSON.stringify(metadata),
    }),
    project: textOf(asked, 'project'),
    budgetUsed,
  };
}

function headersOf(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  return headers;
}

function textOf(asked: JsonObject, name: string): string | undefined {
  const value = asked[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`\`${name}\` must be a text.`, name);
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('request_invalid', { message, ...(param === undefined ? {} : { param }) });
}
