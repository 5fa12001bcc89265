import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';

import type { ModelRoute } from './dialects/dialect-adapter.ts';
import { DIALECTS } from './dialects/registry.ts';

/** What follows names a model and what it is asked to do. */
const MODEL_AND_ACTION = /(?:models\/)?\*$/;

const JSON_OBJECT = { type: 'object', additionalProperties: true };

type Described = { readonly url: string; readonly schema: FastifySchema };

/** By method and path. Described for readers only: the routes themselves check nothing, since unknown fields pass. */
const DESCRIBED: Readonly<Record<string, Described>> = {
  ...Object.fromEntries(DIALECTS.flatMap(({ routes }) => routes.map(describeModelRoute))),
  'GET /v1/models': listing('/v1/models', 'The models that this key may ask for'),
  'GET /v1/models/*': listing('/v1/models/:id', 'One model; its id may contain slashes and colons'),
  'GET /v1beta/models': listing('/v1beta/models', "The models that this key may ask for, as Gemini's API shows them"),
  'GET /v1beta/models/*': listing('/v1beta/models/:id', "One model, as Gemini's API shows it"),
  'GET /healthz': open('/healthz', 'Whether the process lives'),
  'GET /readyz': open('/readyz', 'Whether it may take traffic, and if not, why'),
  'GET /openapi.json': open('/openapi.json', 'This description'),
};

function describeModelRoute({ path, method = 'POST', summary, body }: ModelRoute): [key: string, described: Described] {
  const schema = {
    tags: ['models'],
    summary,
    security: [{ causewayKey: [] }],
    ...(method === 'POST' && {
      description:
        "The body is the dialect's own. Fields that the gateway does not know reach the provider as they are.",
      consumes: body === 'form' ? ['multipart/form-data', 'application/json'] : ['application/json'],
      body: JSON_OBJECT,
    }),
  };
  return [`${method} ${path}`, { url: path.replace(MODEL_AND_ACTION, 'models/:id'), schema }];
}

function listing(url: string, summary: string) {
  return { url, schema: { tags: ['models'], summary, security: [{ causewayKey: [] }] } };
}

function open(url: string, summary: string) {
  return { url, schema: { tags: ['service'], summary, security: [] } };
}

/** How `/openapi.json` is made: the schemas of the routes, and the descriptions above for those without. */
export const openapiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Causeway', description: 'The production layer between an LLM app and its models.', version: '1' },
    components: {
      securitySchemes: {
        causewayKey: { type: 'http', scheme: 'bearer', description: 'A Causeway key (cw-…); also as x-api-key' },
        adminKey: { type: 'http', scheme: 'bearer', description: 'CAUSEWAY_ADMIN_KEY' },
      },
    },
    security: [{ adminKey: [] }],
  },
  transform: ({ schema, url, route }) => DESCRIBED[`${String(route.method)} ${url}`] ?? { schema, url },
};
