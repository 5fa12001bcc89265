import type { FastifyInstance } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';

import type { Clock } from '../../core/clock.ts';
import { GatewayError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { describedAs } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import { type Query, positionCursor, readLimit, readPosition, refuseUnknown } from '../../records/listing/query.ts';
import type { AutoBlocks } from './auto-blocks.ts';
import type { BlockDirectory } from './block-directory.ts';
import { readBlock } from './block-questions.ts';
import type { Block, BlockStore } from './block.ts';
import { SUBJECT_KINDS } from './subject.ts';

export interface BlockRouteDeps {
  readonly store: BlockStore;
  /** What changes here is in force here at once. */
  readonly directory: Pick<BlockDirectory, 'refresh'>;
  /** What the gateway found is stored before it is shown. */
  readonly automatic: Pick<AutoBlocks, 'flush'>;
  readonly clock: Clock;
}

const FLUSH_MS = 2000;

const KINDS = SUBJECT_KINDS.join(', ');
const asked = (description: string) => Type.Optional(Type.String({ description }));
const orNull = (description: string) => Type.Union([Type.String({ description }), Type.Null()]);
const LISTING = Type.Object({
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const NEW_BLOCK = Type.Object({
  kind: Type.String({ description: KINDS }),
  subject: Type.String({ description: 'An address, the id of a key, a user or a project' }),
  project: asked('Of a user: the project whose user it is; of any where absent'),
  reason: asked('For whoever reads it later; clients are not told'),
  for: asked('How long, e.g. 1h; until it is lifted where absent'),
  expiresAt: asked('RFC 3339, in place of `for`'),
});
const BlockView = Type.Object({
  id: Type.String(),
  kind: Type.String({ description: KINDS }),
  subject: Type.String({ description: 'Of an IPv6 address its network of 64 bits' }),
  project: orNull('Of a user: the project whose user it is; null = of any'),
  reason: orNull('Why'),
  origin: Type.String({ description: 'auto: found by the gateway; admin: made through this API' }),
  created_at: Type.String({ description: 'RFC 3339' }),
  expires_at: orNull('null = until it is lifted'),
});
const BlockList = Type.Object({ data: Type.Array(BlockView), next: orNull('The `cursor` of the next page') });
const Gone = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });
const ById = Type.Object({ id: Type.String() });

const described = describedAs('blocks');
const shown = (answer: TSchema) => ({ response: { 200: answer } });

/** `/admin/v1/blocks`, for whoever holds the admin key. */
export function blockRoutes(deps: BlockRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    listRoute(app, deps);
    findRoute(app, deps);
    changeRoutes(app, deps);
  };
}

function listRoute(app: FastifyInstance, { store, automatic }: BlockRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/blocks',
    described({ summary: 'Blocks in force, the newest first', querystring: LISTING, ...shown(BlockList) }),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const [limit, after] = [readLimit(query), readPosition(query)];
      if (!after) await automatic.flush(FLUSH_MS);
      const found = await store.list(limit + 1, after);
      const { page, next } = pageOf(found, limit, ({ createdAt: at, id }) => positionCursor({ at, id }));
      return { data: page.map(blockView), next };
    },
  );
}

function findRoute(app: FastifyInstance, { store, automatic }: BlockRouteDeps): void {
  app.get<{ Params: Static<typeof ById> }>(
    '/admin/v1/blocks/:id',
    described({ summary: 'One block in force', params: ById, ...shown(BlockView) }),
    async ({ params: { id } }) => {
      await automatic.flush(FLUSH_MS);
      const found = await store.find(id);
      if (!found) throw noBlock(id);
      return blockView(found);
    },
  );
}

function changeRoutes(app: FastifyInstance, { store, directory, automatic, clock }: BlockRouteDeps): void {
  app.post<{ Body: unknown }>(
    '/admin/v1/blocks',
    described({
      summary: 'Refuse requests of an address, a key, a user or a project, in place of a block that there is on it',
      body: NEW_BLOCK,
      response: { 201: BlockView },
    }),
    async ({ body }, reply) => {
      const now = clock.now();
      const block = { ...readBlock(body, now), id: newId('block'), origin: 'admin' as const, createdAt: new Date(now) };
      await automatic.flush(FLUSH_MS);
      const kept = await store.add(block);
      await directory.refresh();
      return reply.code(201).send(blockView(kept));
    },
  );
  app.delete<{ Params: Static<typeof ById> }>(
    '/admin/v1/blocks/:id',
    described({ summary: 'Lift a block', params: ById, ...shown(Gone) }),
    async ({ params: { id } }) => {
      if (!(await store.remove(id))) throw noBlock(id);
      await directory.refresh();
      return { id, deleted: true as const };
    },
  );
}

function noBlock(id: string): GatewayError {
  return new GatewayError('resource_not_found', { message: `There is no block "${id}".` });
}

function blockView({ id, subject, reason, origin, createdAt, expiresAt }: Block): Static<typeof BlockView> {
  return {
    id,
    kind: subject.kind,
    subject: subject.id,
    project: subject.project ?? null,
    reason: reason ?? null,
    origin,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
  };
}
