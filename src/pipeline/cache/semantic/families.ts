import { BoundedMap } from '../../../core/bounded-map.ts';
import type { SemanticPolicy } from '../../../core/caching.ts';
import type { CacheKey } from '../key/cache-key.ts';
import { type EstimatorView, ServingEstimator } from './estimator/estimator.ts';

/** The least recently used are forgotten, and learn anew. */
const MOST_PROJECTS = 200;
const MOST_OF_PROJECT = 20;

/** What is known of a family of requests: those of one tenant, model and versions, with vectors of one space. */
export interface Family {
  readonly name: string;
  readonly model: string;
  readonly space: string;
  readonly estimator: ServingEstimator;
}

export interface FamilyView extends EstimatorView {
  readonly project: string;
  readonly model: string;
  readonly space: string;
}

/** Nothing that one family learns changes what another is served. */
export class Families {
  readonly #random: () => number;
  readonly #projects = new BoundedMap<{ readonly project: string; readonly families: BoundedMap<Family> }>(
    MOST_PROJECTS,
  );

  constructor(random: () => number) {
    this.#random = random;
  }

  of(project: string, model: string, key: CacheKey, space: string, policy: SemanticPolicy): Family {
    const { maxErrorRate, confidence } = policy;
    const name = [key.partition, maxErrorRate, confidence, space].join(' ');
    const known = this.#projects.get(project)?.families ?? new BoundedMap<Family>(MOST_OF_PROJECT);
    this.#projects.set(project, { project, families: known });
    let family = known.get(name);
    if (!family) {
      const estimator = new ServingEstimator({ maxErrorRate, confidence, random: this.#random });
      known.set(name, (family = { name, model, space, estimator }));
    }
    return family;
  }

  /** An entry is gone. */
  forget(project: string, name: string, entry: string): void {
    this.#projects.get(project)?.families.get(name)?.estimator.forget(entry);
  }

  views(): FamilyView[] {
    return [...this.#projects.values()].flatMap(({ project, families }) =>
      [...families.values()].map(({ model, space, estimator }) => ({ project, model, space, ...estimator.view() })),
    );
  }
}
