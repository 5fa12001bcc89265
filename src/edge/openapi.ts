import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';

import type { ModelRoute } from './dialects/dialect-adapter.ts';
import { DIALECTS } from './dialects/registry.ts';

const JSON_OBJECT = { type: 'object', additionalProperties: true };

/** Described for readers only: the routes themselves check nothing, since unknown fields have to pass. */
const DESCRIBED: Readonly<Record<string, { readonly url: string; readonly schema: FastifySchema }>> = {
  ...Object.fromEntries(DIALECTS.flatMap(({ routes }) => routes.map(describeModelRoute))),
  '/v1/models': listing('/v1/models', 'The models that this key may ask for'),
  '/v1/models/*': listing('/v1/models/:id', 'One model; its id may contain slashes and colons'),
  '/v1beta/models': listing('/v1beta/models', "The models that this key may ask for, as Gemini's API shows them"),
  '/v1beta/models/*': listing('/v1beta/models/:id', "One model, as Gemini's API shows it"),
  '/healthz': open('/healthz', 'Whether the process lives'),
  '/readyz': open('/readyz', 'Whether it may take traffic, and if not, why'),
  '/openapi.json': open('/openapi.json', 'This description'),
};

/** Paths that a client may also `GET`, for the model's own description. */
const RESOLVED: typeof DESCRIBED = Object.fromEntries(
  DIALECTS.flatMap(({ routes }) => routes.filter((route) => 'resolve' in route)).map((route) => {
    const [path, { schema }] = describeModelRoute(route);
    return [path, { url: path.replace('*', ':id'), schema }];
  }),
);

function describeModelRoute({ path, summary, body }: ModelRoute) {
  const schema = {
    tags: ['models'],
    summary,
    description: "The body is the dialect's own. Fields that the gateway does not know reach the provider as they are.",
    consumes: body === 'form' ? ['multipart/form-data', 'application/json'] : ['application/json'],
    body: JSON_OBJECT,
    security: [{ causewayKey: [] }],
  };
  return [path, { url: path, schema }] as const;
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
  transform: ({ schema, url, route }) =>
    (route.method === 'POST' ? RESOLVED[url] : undefined) ?? DESCRIBED[url] ?? { schema, url },
};
