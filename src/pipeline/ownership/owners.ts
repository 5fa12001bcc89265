import { BoundedMap } from '../../core/bounded-map.ts';
import type { OwnedResource, Page, ResourceStore } from './resource-store.ts';

const REMEMBERED = 20_000;

/** Who made what. The owner of an id never changes, so that what was asked once need not be asked again. */
export class Owners {
  readonly #store: ResourceStore;
  readonly #known = new BoundedMap<readonly OwnedResource[]>(REMEMBERED);

  constructor(store: ResourceStore) {
    this.#store = store;
  }

  /**
   * Those of a project under these ids; two providers may have used one id.
   * @throws storage_unavailable
   */
  async ownedBy(project: string, ids: readonly string[]): Promise<OwnedResource[]> {
    const unknown = ids.filter((id) => !this.#known.get(id));
    if (unknown.length > 0) for (const resource of await this.#store.find(unknown)) this.#remember(resource);
    return ids.flatMap((id) => this.#known.get(id) ?? []).filter((resource) => resource.project === project);
  }

  /** @throws storage_unavailable; the owner is remembered even then */
  async add(resources: readonly OwnedResource[]): Promise<void> {
    const fresh = resources.filter((resource) => !this.#has(resource));
    if (fresh.length === 0) return;
    // A client may name at once what it was just told.
    for (const resource of fresh) this.#remember(resource);
    await this.#store.add(fresh);
    // Where another was first, it is the store that knows.
    for (const resource of await this.#store.find(fresh.map(({ id }) => id))) this.#remember(resource);
  }

  /** @throws storage_unavailable */
  async remove(resource: OwnedResource): Promise<void> {
    await this.#store.remove(resource);
    const others = this.#known.get(resource.id)?.filter((one) => one.provider !== resource.provider) ?? [];
    this.#known.set(resource.id, others);
  }

  /** @throws storage_unavailable */
  page(page: Page): Promise<OwnedResource[]> {
    return this.#store.page(page);
  }

  #has({ id, provider }: OwnedResource): boolean {
    return this.#known.get(id)?.some((one) => one.provider === provider) ?? false;
  }

  #remember(resource: OwnedResource): void {
    const others = this.#known.get(resource.id)?.filter((one) => one.provider !== resource.provider) ?? [];
    this.#known.set(resource.id, [...others, resource]);
  }
}
