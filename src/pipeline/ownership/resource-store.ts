import type { Clock } from '../../core/clock.ts';
import type { ResourceKind } from '../../core/resource.ts';
import { asked } from '../../storage/database/asked.ts';
import { and, desc, asc, eq, inArray, sql } from '../../storage/drizzle/queries.ts';
import type { Orm } from '../../storage/revisions/revision-store.ts';
import type { Made } from './harvest.ts';
import { providerResources } from './schema.ts';

/** What is kept at a provider and may be named in requests; some are made in the course of an answer. */
export type OwnedKind = ResourceKind | Made['kind'];

/** Something that a provider keeps, and whose it is. */
export interface OwnedResource {
  readonly provider: string;
  readonly id: string;
  readonly kind: OwnedKind;
  readonly project: string;
  readonly keyId: string;
}

export interface Page {
  readonly project: string;
  readonly kind: OwnedKind;
  /** Where they may be kept. */
  readonly providers: readonly string[];
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** An id of the project, after which the page begins. */
  readonly after: string | undefined;
}

/** Who made what. Every call throws storage_unavailable where the database does not answer. */
export interface ResourceStore {
  /** The first owner stays. */
  add(resources: readonly OwnedResource[]): Promise<void>;
  find(ids: readonly string[]): Promise<OwnedResource[]>;
  remove(resource: OwnedResource): Promise<void>;
  /** By the time at which they were made, one more than the limit where there are more. */
  page(page: Page): Promise<OwnedResource[]>;
}

/** In the database; every column that is asked by has an index. */
export class PostgresResourceStore implements ResourceStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  async add(resources: readonly OwnedResource[]): Promise<void> {
    if (resources.length === 0) return;
    const createdAt = new Date(this.#clock.now());
    const rows = resources.map((resource) => ({ ...resource, createdAt }));
    await asked(this.#orm.insert(providerResources).values(rows).onConflictDoNothing());
  }

  async find(ids: readonly string[]): Promise<OwnedResource[]> {
    if (ids.length === 0) return [];
    const rows = await asked(
      this.#orm
        .select()
        .from(providerResources)
        .where(inArray(providerResources.id, [...ids])),
    );
    return rows.map(resourceOf);
  }

  async remove({ provider, id }: OwnedResource): Promise<void> {
    const isIt = and(eq(providerResources.provider, provider), eq(providerResources.id, id));
    await asked(this.#orm.delete(providerResources).where(isIt));
  }

  async page({ project, kind, providers, order, limit, after }: Page): Promise<OwnedResource[]> {
    const { createdAt, id } = providerResources;
    const isTheirs = and(eq(providerResources.project, project), eq(providerResources.kind, kind));
    const isThere = inArray(providerResources.provider, [...providers]);
    const place = this.#orm
      .select({ createdAt, id })
      .from(providerResources)
      .where(and(isTheirs, eq(id, after ?? '')))
      .limit(1);
    const beyond = order === 'asc' ? sql`>` : sql`<`;
    const isBeyond = after === undefined ? undefined : sql`(${createdAt}, ${id}) ${beyond} (${place})`;
    const direction = order === 'asc' ? asc : desc;
    const rows = await asked(
      this.#orm
        .select()
        .from(providerResources)
        .where(and(isTheirs, isThere, isBeyond))
        .orderBy(direction(createdAt), direction(id))
        .limit(limit + 1),
    );
    return rows.map(resourceOf);
  }
}

function resourceOf({ provider, id, kind, project, keyId }: typeof providerResources.$inferSelect): OwnedResource {
  return { provider, id, kind: kind as OwnedKind, project, keyId };
}
