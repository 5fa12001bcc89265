import type { Clock } from '../../../core/clock.ts';
import { asked } from '../../../storage/database/asked.ts';
import { storableText } from '../../../storage/database/storable.ts';
import { and, asc, eq, inArray, ne } from '../../../storage/drizzle/queries.ts';
import { type Orm, type Transaction, change } from '../../../storage/revisions/revision-store.ts';
import { organisationProjects, organisations } from '../schema.ts';
import { ProjectTakenError } from './organisation.ts';

/** An organisation of the database. */
export interface StoredOrganisation {
  readonly name: string;
  readonly projects: readonly string[];
  readonly createdAt: Date;
}

/** Organisations that operators made. Every call throws storage_unavailable where the database does not answer. */
export class OrganisationStore {
  readonly #orm: Orm;
  readonly #clock: Clock;

  constructor(orm: Orm, clock: Clock) {
    this.#orm = orm;
    this.#clock = clock;
  }

  /** By name, their projects too. */
  async list(): Promise<StoredOrganisation[]> {
    const { name, createdAt } = organisations;
    const { project, organisation } = organisationProjects;
    const rows = await asked(
      this.#orm
        .select({ name, createdAt, project })
        .from(organisations)
        .leftJoin(organisationProjects, eq(organisation, name))
        .orderBy(asc(name), asc(project)),
    );
    return [...Map.groupBy(rows, (row) => row.name)].flatMap(([itsName, its]) => {
      const projects = its.flatMap((row) => row.project ?? []);
      return its[0] ? [{ name: itsName, projects, createdAt: its[0].createdAt }] : [];
    });
  }

  /**
   * Makes it, or gives it these projects in place of those that it has.
   * @throws ProjectTakenError
   */
  put(name: string, projects: readonly string[]): Promise<void> {
    const storable = { name: storableText(name), projects: [...new Set(projects.map(storableText))] };
    return change(this.#orm, 'organisations', async (transaction) => {
      const createdAt = new Date(this.#clock.now());
      await transaction.insert(organisations).values({ name: storable.name, createdAt }).onConflictDoNothing();
      await requireFree(transaction, storable);
      const { organisation } = organisationProjects;
      await transaction.delete(organisationProjects).where(eq(organisation, storable.name));
      const rows = storable.projects.map((project) => ({ project, organisation: storable.name }));
      if (rows.length > 0) await transaction.insert(organisationProjects).values(rows);
    });
  }

  /** False where there is no such organisation. Its projects stay, and belong to none. */
  remove(name: string): Promise<boolean> {
    return change(this.#orm, 'organisations', async (transaction) => {
      const gone = transaction.delete(organisations).where(eq(organisations.name, storableText(name)));
      return (await gone.returning({ name: organisations.name })).length > 0;
    });
  }
}

async function requireFree(
  transaction: Transaction,
  { name, projects }: { readonly name: string; readonly projects: readonly string[] },
): Promise<void> {
  const { project, organisation } = organisationProjects;
  const [taken] = await transaction
    .select()
    .from(organisationProjects)
    .where(and(inArray(project, [...projects]), ne(organisation, name)))
    .limit(1);
  if (taken) throw new ProjectTakenError(taken.project, taken.organisation);
}
