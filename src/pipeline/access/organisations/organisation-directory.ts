import type { Json, JsonObject } from '../../../core/json.ts';
import type { Revisions } from '../../../storage/revisions/revision-follower.ts';
import type { Organisation } from './organisation.ts';
import type { OrganisationStore, StoredOrganisation } from './organisation-store.ts';

/** Organisation → its projects, as causeway.yaml has it. */
export type OrganisationsOfFile = ReadonlyMap<string, { readonly projects: readonly string[] }>;

/** All organisations in force, in memory. Where the file and the database differ, the file is right. */
export class OrganisationDirectory {
  readonly #store: Pick<OrganisationStore, 'list'>;
  readonly #revisions: Revisions;
  readonly #watchers: (() => void)[] = [];
  #file: OrganisationsOfFile = new Map();
  #stored: readonly StoredOrganisation[] = [];
  #all: readonly Organisation[] = [];
  #byProject: ReadonlyMap<string, string> = new Map();

  constructor(store: Pick<OrganisationStore, 'list'>, revisions: Revisions) {
    this.#store = store;
    this.#revisions = revisions;
  }

  /** Loads those of the database, then follows their changes. Rejects where the first load fails. */
  start(): Promise<void> {
    return this.#revisions.follow({
      subject: 'organisations',
      refresh: async () => this.#replace(this.#file, await this.#store.list()),
      kept: {
        save: () =>
          this.#stored.map((one): Json => ({
            ...one,
            projects: [...one.projects],
            createdAt: one.createdAt.getTime(),
          })),
        load: (kept) => this.#replace(this.#file, (kept as JsonObject[]).map(fromJson)),
      },
    });
  }

  /** Sees a change at once, after one was made in this process. */
  refresh(): Promise<void> {
    return this.#revisions.refresh();
  }

  /** The configuration was read again. */
  setFile(file: OrganisationsOfFile): void {
    this.#replace(file, this.#stored);
  }

  /** Calls whenever a project may belong to another organisation than before. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  organisationOf(project: string): string | undefined {
    return this.#byProject.get(project);
  }

  /** By name. */
  list(): readonly Organisation[] {
    return this.#all;
  }

  find(name: string): Organisation | undefined {
    return this.#all.find((one) => one.name === name);
  }

  /** Where the file puts a project. */
  organisationInFile(project: string): string | undefined {
    return [...this.#file].find(([, { projects }]) => projects.includes(project))?.[0];
  }

  #replace(file: OrganisationsOfFile, stored: readonly StoredOrganisation[]): void {
    this.#file = file;
    this.#stored = stored;
    this.#all = join(file, stored);
    this.#byProject = new Map(this.#all.flatMap(({ name, projects }) => projects.map((project) => [project, name])));
    for (const watcher of this.#watchers) watcher();
  }
}

function join(file: OrganisationsOfFile, stored: readonly StoredOrganisation[]): Organisation[] {
  const inFile = new Set([...file.values()].flatMap(({ projects }) => projects));
  const ofFile = [...file].map(([name, { projects }]): Organisation => {
    return { name, origin: 'file', projects, createdAt: undefined };
  });
  const ofDatabase = stored
    .filter(({ name }) => !file.has(name))
    .map((one): Organisation => {
      return { ...one, origin: 'admin', projects: one.projects.filter((project) => !inFile.has(project)) };
    });
  return [...ofFile, ...ofDatabase].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function fromJson(kept: JsonObject): StoredOrganisation {
  const { name, projects, createdAt } = kept as { name: string; projects: string[]; createdAt: number };
  return { name, projects, createdAt: new Date(createdAt) };
}
