import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { GatewayError } from '../../core/errors.ts';
import { pageOf } from '../../records/listing/page.ts';
import {
  type Query,
  WITH_DASHES,
  positionCursor,
  readLimit,
  readPosition,
  readText,
  refuseUnknown,
} from '../../records/listing/query.ts';
import type { KeyStore } from './key-store.ts';
import type { ProviderKeyStore } from './provider-key-store.ts';
import { KeyView, ProviderKeyView, keyView, providerKeyView } from './views.ts';

export interface AccessRouteDeps {
  readonly keys: KeyStore;
  readonly providerKeys: ProviderKeyStore;
  /** A key was made or revoked here: be in force at once. */
  readonly keysChanged: () => Promise<void>;
  readonly providerKeysChanged: () => Promise<void>;
  /** Names of the configured providers. */
  readonly providerNames: () => readonly string[];
}

const Name = Type.String({ minLength: 1, maxLength: 200 });
const NewKeyBody = Type.Object(
  {
    project: Name,
    user: Type.Optional(Name),
    models: Type.Optional(
      Type.Array(Name, { minItems: 1, description: 'Names that it may ask for; `prefix*` allows all that begin so.' }),
    ),
    expiresAt: Type.Optional(Type.String({ description: 'RFC 3339, in the future.' })),
  },
  { additionalProperties: false },
);
const NewProviderKeyBody = Type.Object(
  { provider: Name, key: Type.String({ minLength: 1, maxLength: 10_000 }) },
  { additionalProperties: false },
);
const ById = Type.Object({ id: Type.String() });
const Gone = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });
const KeyList = Type.Object({ data: Type.Array(KeyView), next: Type.Union([Type.String(), Type.Null()]) });
const ProviderKeyList = Type.Object({ data: Type.Array(ProviderKeyView), next: Type.Null() });
const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  project: asked('Only those of this project'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});

/** `/admin/v1/keys`: the keys that clients use. */
function keyRoutes(app: FastifyInstance, { keys, keysChanged }: AccessRouteDeps): void {
  app.post<{ Body: Static<typeof NewKeyBody> }>(
    '/admin/v1/keys',
    {
      schema: {
        summary: 'Make an API key; it is shown in this answer and never again',
        tags: ['keys'],
        body: NewKeyBody,
        response: { 201: Type.Object({ ...KeyView.properties, key: Type.String() }) },
      },
    },
    async ({ body }, reply) => {
      const made = await keys.create({ ...body, expiresAt: readExpiry(body.expiresAt) });
      await keysChanged();
      return reply.code(201).send({ ...keyView(made), key: made.key });
    },
  );
  app.get<{ Querystring: Query }>(
    '/admin/v1/keys',
    {
      schema: { summary: 'API keys, newest first', tags: ['keys'], querystring: LISTING, response: { 200: KeyList } },
      // What came is read by hand, so that a refusal can say what would be right.
      validatorCompiler: () => () => true,
    },
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const limit = readLimit(query);
      const found = await keys.page({
        project: readText(query, 'project'),
        after: readPosition(query, WITH_DASHES),
        limit: limit + 1,
      });
      const { page, next } = pageOf(found, limit, ({ createdAt: at, id }) => positionCursor({ at, id }));
      return { data: page.map(keyView), next };
    },
  );
  app.get<{ Params: Static<typeof ById> }>(
    '/admin/v1/keys/:id',
    {
      schema: { summary: 'One API key, without the key', tags: ['keys'], params: ById, response: { 200: KeyView } },
    },
    async ({ params: { id } }) => {
      const found = await keys.find(id);
      if (!found) throw notFound(`There is no key "${id}".`);
      return keyView(found);
    },
  );
  app.delete<{ Params: Static<typeof ById> }>(
    '/admin/v1/keys/:id',
    { schema: { summary: 'Revoke an API key', tags: ['keys'], params: ById, response: { 200: Gone } } },
    async ({ params: { id } }) => {
      if (!(await keys.revoke(id))) throw notFound(`There is no live key "${id}".`);
      await keysChanged();
      return { id, deleted: true as const };
    },
  );
}

/** `/admin/v1/provider-keys`: the keys that the gateway itself uses, sealed. */
function providerKeyRoutes(app: FastifyInstance, deps: AccessRouteDeps): void {
  const { providerKeys, providerKeysChanged, providerNames } = deps;
  app.post<{ Body: Static<typeof NewProviderKeyBody> }>(
    '/admin/v1/provider-keys',
    {
      schema: {
        summary: "Store a provider's key, sealed under CAUSEWAY_MASTER_KEY",
        tags: ['provider keys'],
        body: NewProviderKeyBody,
        response: { 201: ProviderKeyView },
      },
    },
    async ({ body }, reply) => {
      if (!providerNames().includes(body.provider)) {
        const message = `There is no provider "${body.provider}". Configured are: ${providerNames().join(', ')}.`;
        throw new GatewayError('request_invalid', { message, param: 'provider' });
      }
      const info = await providerKeys.add(body.provider, body.key);
      await providerKeysChanged();
      return reply.code(201).send(providerKeyView(info));
    },
  );
  app.get(
    '/admin/v1/provider-keys',
    {
      schema: {
        summary: "Stored providers' keys, without the keys",
        tags: ['provider keys'],
        response: { 200: ProviderKeyList },
      },
    },
    async () => ({ data: (await providerKeys.list()).map(providerKeyView), next: null }),
  );
  app.get<{ Params: Static<typeof ById> }>(
    '/admin/v1/provider-keys/:id',
    {
      schema: {
        summary: "One stored provider's key, without the key",
        tags: ['provider keys'],
        params: ById,
        response: { 200: ProviderKeyView },
      },
    },
    async ({ params: { id } }) => {
      const found = await providerKeys.find(id);
      if (!found) throw notFound(`There is no provider key "${id}".`);
      return providerKeyView(found);
    },
  );
  app.delete<{ Params: Static<typeof ById> }>(
    '/admin/v1/provider-keys/:id',
    { schema: { summary: "Delete a provider's key", tags: ['provider keys'], params: ById, response: { 200: Gone } } },
    async ({ params: { id } }) => {
      if (!(await providerKeys.remove(id))) throw notFound(`There is no provider key "${id}".`);
      await providerKeysChanged();
      return { id, deleted: true as const };
    },
  );
}

export function accessRoutes(deps: AccessRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    keyRoutes(app, deps);
    providerKeyRoutes(app, deps);
  };
}

function notFound(message: string): GatewayError {
  return new GatewayError('resource_not_found', { message });
}

function readExpiry(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || at.getTime() <= Date.now()) {
    const message = `expiresAt must be a time to come in RFC 3339, e.g. 2030-01-31T00:00:00Z.`;
    throw new GatewayError('request_invalid', { message, param: 'expiresAt' });
  }
  return at;
}
