import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import type { Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import { type JsonObject, isJsonObject } from '../../../core/json.ts';
import { type NanoUsd, nanoToUsd } from '../../../core/money.ts';
import type { ModelCatalog } from '../../../models/catalog.ts';
import { UNCHECKED } from '../../../records/listing/described.ts';
import { type TargetEstimate, estimate } from './estimate.ts';
import type { UsualUse } from './usual-use.ts';

export interface EstimateRouteDeps {
  catalog(): ModelCatalog;
  readonly usual: UsualUse;
  /** The request as a call that is not sent. @throws request_invalid */
  callOf(endpoint: string, body: JsonObject): Call;
}

const USUAL_ENDPOINT = '/v1/chat/completions';
/** As long as requests may be by default. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const between = (expected: string, atMost: string) =>
  Type.Object({
    expected: orNull(Type.Number({ description: expected })),
    at_most: orNull(Type.Number({ description: atMost })),
  });

const TargetView = Type.Object({
  target: Type.String({ description: 'provider/model' }),
  price_version: orNull(Type.String({ description: 'Names the price' })),
  price_known: Type.Boolean(),
  input_tokens: Type.Object({
    estimate: Type.Integer({ description: 'Counted where the tokenizer of the model is known, else estimated' }),
    at_most: orNull(Type.Integer({ description: 'Of all answers; null where nothing bounds it' })),
  }),
  output_tokens: Type.Object({
    expected: Type.Integer({ description: 'What 95 of 100 such requests stayed under, else 1000 at most' }),
    at_most: orNull(Type.Integer({ description: 'Of all answers, reasoning included; null where nothing bounds it' })),
  }),
  cost_usd: between('Of the tokens that are expected', 'What a hard budget reserves; null where nothing bounds it'),
});

const EstimateView = Type.Object({
  model: Type.String({ description: 'As it was asked for' }),
  targets: Type.Array(TargetView, { description: 'In the order in which they are asked; one attempt at each' }),
  cost_usd: between('At the first target', 'At the dearest one; null where that of any is not known'),
});

type EstimateView = Static<typeof EstimateView>;

const QUESTION = Type.Object(
  {
    endpoint: Type.Optional(
      Type.String({
        description: `The path that the request is for, such as /v1/messages; ${USUAL_ENDPOINT} where absent`,
      }),
    ),
    body: Type.Optional(Type.Unknown({ description: 'The request, as it would be sent there' })),
  },
  { description: `Or the request itself, for ${USUAL_ENDPOINT}`, additionalProperties: true },
);

/** `POST /admin/v1/estimate`, for whoever holds the admin key. */
export function estimateRoutes(deps: EstimateRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    app.post<{ Body: unknown }>(
      '/admin/v1/estimate',
      {
        schema: {
          tags: ['budgets'],
          summary: 'What a request is expected to cost, and what it may at most, before it is sent',
          body: QUESTION,
          response: { 200: EstimateView },
        },
        ...UNCHECKED,
        bodyLimit: MAX_BODY_BYTES,
      },
      async ({ body }) => {
        const { endpoint, request } = readQuestion(body);
        const call = deps.callOf(endpoint, request);
        const targets = await estimate(call, deps.catalog(), deps.usual);
        return viewOf(call.facts.model, targets);
      },
    );
  };
}

/** @throws request_invalid */
function readQuestion(body: unknown): { readonly endpoint: string; readonly request: JsonObject } {
  if (!isJsonObject(body)) throw invalid('The body must be a JSON object: a request, or { "endpoint", "body" }.');
  const { endpoint = USUAL_ENDPOINT, body: request, ...others } = body;
  if (request === undefined && body['endpoint'] === undefined) return { endpoint: USUAL_ENDPOINT, request: body };
  if (typeof endpoint !== 'string') throw invalid('`endpoint` must be a path such as /v1/messages.', 'endpoint');
  if (!isJsonObject(request)) throw invalid('`body` must be the request, a JSON object.', 'body');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(`Beside \`endpoint\` and \`body\` there is no "${unknown}".`, unknown);
  return { endpoint, request };
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('request_invalid', { message, ...(param === undefined ? {} : { param }) });
}

function viewOf(model: string, targets: readonly TargetEstimate[]): EstimateView {
  const bounds = targets.map(({ atMost }) => atMost.nanoUsd);
  const most = bounds.includes(undefined) ? undefined : Math.max(...bounds.map((nanoUsd) => nanoUsd ?? 0));
  return {
    model,
    targets: targets.map((one) => ({
      target: one.target,
      price_version: one.priceVersion ?? null,
      price_known: one.priceVersion !== undefined,
      input_tokens: { estimate: one.inputTokens, at_most: one.atMost.inputTokens ?? null },
      output_tokens: { expected: one.outputTokens, at_most: one.atMost.outputTokens ?? null },
      cost_usd: { expected: dollars(one.nanoUsd), at_most: dollars(one.atMost.nanoUsd) },
    })),
    cost_usd: { expected: dollars(targets[0]?.nanoUsd), at_most: dollars(most) },
  };
}

function dollars(nanoUsd: NanoUsd | undefined): number | null {
  return nanoUsd === undefined ? null : nanoToUsd(nanoUsd);
}
